import {Buffer} from 'node:buffer'

/**
 * Names in tars and file systems are bytes, paths in this program are strings. The form that loses nothing is that of
 * Python's PEP 383: bytes that are UTF-8 are the characters they encode, and each byte from 0x80 that is not part of
 * valid UTF-8 is one lone surrogate, U+DC80 to U+DCFF. So `decodeName` maps different bytes to different strings, and
 * `encodeName` gives the bytes back.
 */
export function decodeName(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const latin1 = buffer.toString('latin1')
  if (!/[\x80-\xff]/.test(latin1)) return latin1
  try {
    return STRICT_UTF8.decode(bytes)
  } catch {
    return decodeBroken(buffer)
  }
}

/**
 * The bytes of a name. A lone surrogate that stands for no byte has none: it becomes U+FFFD, which is in no name it
 * came from.
 */
export function encodeName(name: string): Uint8Array {
  if (name.isWellFormed()) return Buffer.from(name, 'utf8')
  const parts: Uint8Array[] = []
  // With the u flag a surrogate in the class matches only where it is alone.
  for (const part of name.split(/([\udc80-\udcff]+)/u)) {
    const escaped = /^[\udc80-\udcff]/u.test(part)
    parts.push(escaped ? Uint8Array.from(part, unit => unit.charCodeAt(0) & 0xff) : Buffer.from(part, 'utf8'))
  }
  return Buffer.concat(parts)
}

/** In bytes, as NAME_MAX and PATH_MAX count. */
export function nameLength(name: string): number {
  return name.isWellFormed() ? Buffer.byteLength(name, 'utf8') : encodeName(name).length
}

/** The order of the names' bytes. JavaScript's own differs: it compares UTF-16, where U+FFFD comes after U+1F600. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0
  if (ASCII.test(a) && ASCII.test(b)) return a < b ? -1 : 1
  return Buffer.compare(encodeName(a), encodeName(b))
}

/** In the order of the names' bytes, in place. */
export function sortByName<T>(items: T[], nameOf: (item: T) => string): T[] {
  if (!items.every(item => ASCII.test(nameOf(item)))) return items.sort((a, b) => compareNames(nameOf(a), nameOf(b)))
  return items.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0))
}

const STRICT_UTF8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})
const ASCII = /^[\x00-\x7f]*$/

function decodeBroken(bytes: Buffer): string {
  let name = ''
  let at = 0
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at)
    name += length === 0 ? String.fromCharCode(0xdc00 | (bytes[at] ?? 0)) : bytes.toString('utf8', at, at + length)
    at += Math.max(length, 1)
  }
  return name
}

/** The length of the valid UTF-8 sequence at `at`, 0 where there is none. Table 3-7 of the Unicode standard. */
function sequenceLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0
  if (lead < 0x80) return 1
  const length =
    lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0
  const second = bytes[at + 1] ?? 0
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (length === 0 || second < low || second > high) return 0
  for (let next = 2; next < length; next += 1) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0
  return length
}
