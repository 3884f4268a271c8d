import {program} from '../kernel/elf.ts'
import {buildTar, gnuLong, type TarItem, tarItem} from '../support/tar-builder.ts'

/** A static program of linux/amd64, which starts. */
export const PROGRAM: Uint8Array = program({})

/** The entry of that program. */
export const APP: TarItem = {name: 'app', mode: 0o755, content: PROGRAM}

export const TAR_END = Buffer.alloc(1024)

/** A small tar of these entries. */
export function tarOf(...items: readonly TarItem[]): Uint8Array[] {
  return [buildTar(items)]
}

/** An entry with a name, or a link's target, of any length. */
export function longItem(item: TarItem): Buffer {
  const parts = [
    ...(item.name.length > 100 ? [gnuLong('L', item.name)] : []),
    ...((item.linkName ?? '').length > 100 ? [gnuLong('K', item.linkName ?? '')] : []),
  ]
  return Buffer.concat([...parts, tarItem(item)])
}

/** A file whose sparse map, in GNU's format 1.0, has so many bytes: regions without content. */
export function sparseItem(bytes: number): Buffer {
  const regions = Math.floor(Math.floor((bytes - 20) / 2) / 2)
  const map = Buffer.from(`${String(regions)}\n${'0\n0\n'.repeat(regions)}`)
  return tarItem({
    ...{name: 'GNUSparseFile.0/a', content: Buffer.concat([map, Buffer.alloc(bytes - map.length)])},
    pax: {'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.name': 'a', 'GNU.sparse.realsize': '0'},
  })
}

/** So many entries, each made when it is its turn, in chunks; the program comes first. */
export function* manyEntries(count: number, entry: (number: number) => Buffer): Generator<Uint8Array> {
  yield tarItem(APP)
  let parts: Buffer[] = []
  for (let number = 0; number < count; number++) {
    parts.push(entry(number))
    if (parts.length < 512) continue
    yield Buffer.concat(parts)
    parts = []
  }
  yield Buffer.concat(parts)
  yield TAR_END
}

/**
 * The header of an entry of which only name and kind change from one to the next: quick, for millions. `name` has at
 * most 99 ASCII characters.
 */
export function quickHeader(name: string, type = '0', linkName = ''): Buffer {
  const block = Buffer.from(QUICK)
  block.write(name, 0, 'latin1')
  block.write(type, 156, 'latin1')
  if (linkName !== '') block.write(linkName, 157, 'latin1')
  let sum = QUICK_SUM + type.charCodeAt(0)
  for (let at = 0; at < name.length; at++) sum += name.charCodeAt(at)
  for (let at = 0; at < linkName.length; at++) sum += linkName.charCodeAt(at)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

const QUICK = blankHeader()
/** As the format has it: the field of the sum counts as blanks. */
const QUICK_SUM = QUICK.reduce((total, byte) => total + byte, 0) + 8 * 32

function blankHeader(): Buffer {
  const block = Buffer.alloc(512)
  block.write('0000755\0', 100, 'latin1')
  block.write('0000000\0', 108, 'latin1')
  block.write('0000000\0', 116, 'latin1')
  block.write('00000000000\0', 124, 'latin1')
  block.write('00000000000\0', 136, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  return block
}

/** The same of a file without an execute bit. */
export function quickData(name: string): Buffer {
  const block = quickHeader(name)
  block.write('644', 104, 'latin1')
  const sum = Number.parseInt(block.toString('latin1', 148, 154), 8) - 3
  block.write(sum.toString(8).padStart(6, '0'), 148, 'latin1')
  return block
}

/** Zeros, so many bytes of them, without holding them. */
export function* zeros(bytes: number): Generator<Uint8Array> {
  const piece = new Uint8Array(2 ** 20)
  for (let left = bytes; left > 0; left -= piece.length) yield left < piece.length ? piece.subarray(0, left) : piece
}
