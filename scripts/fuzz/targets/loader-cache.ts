import {parseLibraryCache} from '../../../src/exec/loader/cache.ts'
import {type FuzzTarget, holds} from '../target.ts'

/** `/etc/ld.so.cache`. */
export const target: FuzzTarget = {
  name: 'loader-cache',
  seeds: () => [cache(true, 1), cache(false, 2), cache(true, 0), oldFormat(), Buffer.from('ld.so-1.7.0')],
  limit: 2000,
  millisecondsPerKiB: 20,
  run: input =>
    (['little', 'big'] as const).map(order => {
      const read = parseLibraryCache(input, order)
      const paths = [...(read?.values() ?? [])].flat()
      holds(paths.length <= input.length / 24, 'no more paths than entries')
      return read
    }),
}

const HEADER = 48
const ENTRY = 24

function cache(little: boolean, count: number): Buffer {
  const strings = Buffer.from('libc.so.6\0/lib/libc.so.6\0')
  const start = HEADER + ENTRY * count
  const bytes = Buffer.concat([Buffer.alloc(start), strings])
  const u32 = (value: number, at: number) => (little ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at))
  bytes.write('glibc-ld.so.cache1.1')
  u32(count, 20)
  u32(strings.length, 24)
  bytes[28] = little ? 2 : 3
  for (let index = 0; index < count; index++) {
    const at = HEADER + ENTRY * index
    u32(0x303, at)
    u32(start, at + 4)
    u32(start + 10, at + 8)
  }
  return bytes
}

/** The old format with the new one behind it, as ldconfig writes both. */
function oldFormat(): Buffer {
  const old = Buffer.alloc(32)
  old.write('ld.so-1.7.0')
  old.writeUInt32LE(1, 12)
  return Buffer.concat([old, cache(true, 1)])
}
