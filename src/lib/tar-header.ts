import {FormatError} from './format-error.ts'

export const BLOCK = 512

/**
 * One header block: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
 *
 *     0 name 100 · 100 mode 8 · 108 uid 8 · 116 gid 8 · 124 size 12 · 136 mtime 12 · 148 checksum 8
 *     156 typeflag 1 · 157 linkname 100
 *     257 magic 6 and version 2: "ustar\0" "00" (POSIX), "ustar " " \0" (GNU), else v7
 *     265 uname 32 · 297 gname 32 · 329 devmajor 8 · 337 devminor 8 · 345 prefix 155 (POSIX only)
 */
export interface TarHeader {
  readonly format: 'v7' | 'ustar' | 'gnu'
  readonly name: Uint8Array
  readonly linkName: Uint8Array
  /** The type's character. */
  readonly type: string
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** In bytes, of what follows in the tar. */
  readonly size: number
  readonly major: number
  readonly minor: number
}

/**
 * Parses a header block. `offset` is for messages. Throws a FormatError where engines would refuse the block too.
 */
export function parseTarHeader(block: Uint8Array, offset: number): TarHeader {
  const number = (start: number, length: number, field: string): number => {
    const value = parseTarNumber(block, start, length)
    if (value === undefined)
      throw new FormatError('malformed', `tar header at offset ${offset}: ${field} is not a number`)
    return value
  }
  if (!checksumFits(block)) throw new FormatError('malformed', `tar header at offset ${offset}: the checksum is wrong`)
  const format = headerFormat(block)
  const size = number(124, 12, 'size')
  if (size < 0) throw new FormatError('malformed', `tar header at offset ${offset}: size is ${size}`)
  return {
    format,
    name: headerName(block, format),
    linkName: block[157] === 0 ? NO_BYTES : cString(block, 157, 100),
    type: String.fromCharCode(block[156] ?? 0),
    mode: number(100, 8, 'mode'),
    uid: number(108, 8, 'uid'),
    gid: number(116, 8, 'gid'),
    size,
    major: format === 'v7' ? 0 : number(329, 8, 'devmajor'),
    minor: format === 'v7' ? 0 : number(337, 8, 'devminor'),
  }
}

export function isZeroBlock(block: Uint8Array): boolean {
  return block[0] === 0 && block.every(byte => byte === 0)
}

/**
 * A number in octal digits, spaces and NULs around them, or, with the high bit of the first byte set, big-endian two's
 * complement (GNU's base-256). Undefined where it is neither, or no exact JavaScript number.
 */
export function parseTarNumber(block: Uint8Array, start: number, length: number): number | undefined {
  return (block[start] ?? 0) & 0x80 ? parseBase256(block, start, length) : parseOctal(block, start, length)
}

/** A field's bytes up to its first NUL. */
export function cString(block: Uint8Array, start: number, length: number): Uint8Array {
  const end = block.indexOf(0, start)
  return block.subarray(start, end < 0 || end > start + length ? start + length : end)
}

const SPACE = 0x20
const NO_BYTES = new Uint8Array()
/** "ustar" */
const MAGIC = [0x75, 0x73, 0x74, 0x61, 0x72] as const

function headerFormat(block: Uint8Array): TarHeader['format'] {
  for (let at = 0; at < MAGIC.length; at += 1) if (block[257 + at] !== MAGIC[at]) return 'v7'
  // Go's archive/tar asks for the magic only, so that odd versions stay readable.
  if (block[262] === 0) return 'ustar'
  return block[262] === SPACE && block[263] === SPACE && block[264] === 0 ? 'gnu' : 'v7'
}

function headerName(block: Uint8Array, format: TarHeader['format']): Uint8Array {
  const name = cString(block, 0, 100)
  if (format !== 'ustar' || block[345] === 0) return name
  const prefix = cString(block, 345, 155)
  const whole = new Uint8Array(prefix.length + 1 + name.length)
  whole.set(prefix)
  whole[prefix.length] = 0x2f
  whole.set(name, prefix.length + 1)
  return whole
}

/** The sum of the block's bytes, the checksum field taken as spaces. Old tars on some machines summed signed bytes. */
function checksumFits(block: Uint8Array): boolean {
  let unsigned = 8 * SPACE
  for (let at = 0; at < 148; at += 1) unsigned += block[at] ?? 0
  for (let at = 156; at < BLOCK; at += 1) unsigned += block[at] ?? 0
  const told = parseOctal(block, 148, 8)
  if (told === unsigned) return true
  const negative = block.reduce((count, byte, at) => (byte > 0x7f && (at < 148 || at >= 156) ? count + 1 : count), 0)
  return told === unsigned - 0x100 * negative
}

function parseOctal(block: Uint8Array, start: number, length: number): number | undefined {
  let at = start
  let end = start + length
  while (at < end && isPadding(block[at])) at += 1
  while (end > at && isPadding(block[end - 1])) end -= 1
  let value = 0
  for (; at < end; at += 1) {
    const byte = block[at] ?? 0
    // What stands behind a NUL is left over from something else.
    if (byte === 0) break
    if (byte < 0x30 || byte > 0x37) return undefined
    value = value * 8 + (byte - 0x30)
  }
  return Number.isSafeInteger(value) ? value : undefined
}

function isPadding(byte: number | undefined): boolean {
  return byte === 0 || byte === SPACE
}

function parseBase256(block: Uint8Array, start: number, length: number): number | undefined {
  const negative = ((block[start] ?? 0) & 0x40) !== 0
  let value = 0
  for (let index = 0; index < length; index += 1) {
    const byte = block[start + index] ?? 0
    const bits = negative ? byte ^ 0xff : byte
    value = value * 256 + (index === 0 ? bits & 0x7f : bits)
  }
  if (!Number.isSafeInteger(value)) return undefined
  return negative ? -value - 1 : value
}
