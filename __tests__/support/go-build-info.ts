import {byteWriter} from './elf-writer.ts'

const START = Buffer.from('3077af0c9274080241e1c107e6d618e6', 'hex')
const END = Buffer.from('f932433186182072008242104116d8f2', 'hex')
const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1')

/** The text of runtime/debug.BuildInfo between the linker's two marks. */
export function moduleInfo(settings: Readonly<Record<string, string>>): Uint8Array {
  const lines = [
    'path\texample.com/app',
    'mod\texample.com/app\tv1.2.3\th1:sum=',
    'dep\texample.com/dep\tv0.1.0\th1:sum=',
  ]
  const build = Object.entries(settings).map(([key, value]) => `build\t${key}=${value}`)
  return Buffer.concat([START, Buffer.from(`${[...lines, ...build].join('\n')}\n`), END])
}

/** Go's build info as the linker of Go 1.18 and later writes it: to be put at a multiple of 16. */
export function inlineBuildInfo(version: string, modules: Uint8Array): Uint8Array {
  return Buffer.concat([
    MAGIC,
    Buffer.from([8, 2]),
    Buffer.alloc(16),
    uvarint(version.length),
    Buffer.from(version),
    uvarint(modules.length),
    modules,
  ])
}

/** The same as Go 1.13 to 1.17 wrote it, with the strings behind it; `address` is where it will lie in memory. */
export function pointedBuildInfo(
  version: string,
  modules: Uint8Array,
  {address, size, order}: {readonly address: number; readonly size: 4 | 8; readonly order: 'little' | 'big'},
): Uint8Array {
  const headers = address + 32
  const text = headers + 4 * size
  return byteWriter(order, size)
    .bytes(MAGIC)
    .u8(size, order === 'big' ? 1 : 0)
    .word(headers, headers + 2 * size)
    .align(32)
    .word(text, version.length, text + version.length, modules.length)
    .bytes(Buffer.from(version))
    .bytes(modules)
    .toBytes()
}

function uvarint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  return Uint8Array.from([...bytes, rest])
}
