import {Buffer} from 'node:buffer'

/** One entry of a tar that is built from literals; nothing is checked, so that wrong tars can be built too. */
export interface TarItem {
  /** As it stands in the header; a string is UTF-8. */
  readonly name: string | Uint8Array
  /** The type's character; `0`, a file, where nothing is said. */
  readonly type?: string
  /** Permission bits; 0o755 for a directory, else 0o644. */
  readonly mode?: number
  readonly uid?: number
  readonly gid?: number
  readonly content?: string | Uint8Array
  /** In the header, where it is not the content's. */
  readonly size?: number
  readonly linkName?: string | Uint8Array
  /** `ustar` where nothing is said. */
  readonly format?: 'ustar' | 'gnu' | 'v7'
  readonly prefix?: string
  readonly device?: readonly [major: number, minor: number]
  /** Records of a PAX header before the entry. */
  readonly pax?: Readonly<Record<string, string | Uint8Array>> | readonly (readonly [string, string | Uint8Array])[]
  /** Last changes to the header block; the checksum is made after them. */
  readonly patch?: (block: Buffer) => void
}

const BLOCK = 512

/** A tar of these entries; two zero blocks at its end unless `end` says how many. */
export function buildTar(items: readonly TarItem[], end = 2): Buffer {
  return Buffer.concat([...items.map(tarItem), Buffer.alloc(end * BLOCK)])
}

/** One entry with its PAX header, its content and the padding. */
export function tarItem(item: TarItem): Buffer {
  const content = toBytes(item.content ?? '')
  const parts = [tarHeader(item), content, padding(content.length)]
  return Buffer.concat(item.pax ? [paxHeader(item.pax), ...parts] : parts)
}

export function tarHeader(item: TarItem): Buffer {
  const {type = '0', format = 'ustar', content = '', uid = 0, gid = 0} = item
  const block = Buffer.alloc(BLOCK)
  toBytes(item.name).copy(block, 0, 0, 100)
  octal(block, 100, 8, item.mode ?? (type === '5' ? 0o755 : 0o644))
  octal(block, 108, 8, uid)
  octal(block, 116, 8, gid)
  octal(block, 124, 12, item.size ?? toBytes(content).length)
  octal(block, 136, 12, 0)
  block.write(type, 156, 'latin1')
  toBytes(item.linkName ?? '').copy(block, 157, 0, 100)
  if (format === 'ustar') block.write('ustar\x0000', 257, 'latin1')
  if (format === 'gnu') block.write('ustar  \0', 257, 'latin1')
  if (item.device) {
    octal(block, 329, 8, item.device[0])
    octal(block, 337, 8, item.device[1])
  }
  block.write(item.prefix ?? '', 345, 155, 'utf8')
  item.patch?.(block)
  return withChecksum(block)
}

/** A PAX extended header, or with type `g` a global one. */
export function paxHeader(records: NonNullable<TarItem['pax']>, type = 'x'): Buffer {
  const pairs: Iterable<readonly [string, string | Uint8Array]> = isList(records) ? records : Object.entries(records)
  const body = Buffer.concat([...pairs].map(([key, value]) => paxRecord(key, value)))
  return tarItem({name: 'PaxHeaders/entry', type, content: body})
}

/** `length SP key=value LF`, where length counts itself too. */
export function paxRecord(key: string, value: string | Uint8Array): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), toBytes(value), Buffer.from('\n')])
  let length = rest.length
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length
  return Buffer.concat([Buffer.from(String(length)), rest])
}

/** GNU's long name (`L`) or long link (`K`), to stand before its entry. */
export function gnuLong(type: 'L' | 'K', text: string | Uint8Array): Buffer {
  return tarItem({name: '././@LongLink', type, format: 'gnu', content: Buffer.concat([toBytes(text), Buffer.alloc(1)])})
}

/** Writes a number in octal digits with a NUL behind, as most tars do. */
export function octal(block: Buffer, start: number, length: number, value: number): void {
  block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, start, length, 'latin1')
}

/** Writes a number as GNU's base-256. */
export function base256(block: Buffer, start: number, length: number, value: bigint): void {
  const bits = BigInt.asUintN(length * 8, value)
  for (let index = 0; index < length; index += 1) {
    block[start + index] = Number((bits >> BigInt(8 * (length - 1 - index))) & 0xffn)
  }
  block[start] = (block[start] ?? 0) | 0x80
}

export function padding(length: number): Buffer {
  return Buffer.alloc((BLOCK - (length % BLOCK)) % BLOCK)
}

function withChecksum(block: Buffer): Buffer {
  block.fill(' ', 148, 156)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

function toBytes(value: string | Uint8Array): Buffer {
  return Buffer.from(value)
}

function isList(records: NonNullable<TarItem['pax']>): records is readonly (readonly [string, string | Uint8Array])[] {
  return Array.isArray(records)
}
