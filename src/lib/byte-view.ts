import type {RandomAccess} from './bytes.ts'

/** ELFDATA2LSB or ELFDATA2MSB. */
export type ByteOrder = 'little' | 'big'

/**
 * Numbers out of bytes in one byte order. Callers check `length` first: a read
 * outside throws a RangeError, which is a bug.
 */
export interface ByteView {
  /** In bytes. */
  readonly length: number
  readonly bytes: Uint8Array
  u8(at: number): number
  u16(at: number): number
  u32(at: number): number
  u64(at: number): bigint
}

export function byteView(bytes: Uint8Array, order: ByteOrder): ByteView {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = order === 'little'
  return {
    length: bytes.length,
    bytes,
    u8: at => view.getUint8(at),
    u16: at => view.getUint16(at, little),
    u32: at => view.getUint32(at, little),
    u64: at => view.getBigUint64(at, little),
  }
}

/** A 64-bit field as a number; undefined beyond 2^53 - 1, where a number is no longer exact. */
export function exactNumber(value: bigint): number | undefined {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= 0n ? Number(value) : undefined
}

/** Exactly these bytes; undefined where any of them is outside the file. Nothing is read or allocated then. */
export async function readRange(file: RandomAccess, offset: number, length: number): Promise<Uint8Array | undefined> {
  if (offset < 0 || length < 0 || offset + length > file.size) return undefined
  const bytes = await file.read(offset, length)
  return bytes.length === length ? bytes : undefined
}

/**
 * At most `limit` of these bytes, fewer where the file ends and none outside it: for
 * offsets and lengths that input names.
 */
export async function readUpTo(file: RandomAccess, offset: number, length: number, limit: number): Promise<Uint8Array> {
  const room = Math.min(length, limit, file.size - offset)
  return offset < 0 || room <= 0 ? new Uint8Array() : file.read(offset, room)
}

/** Whether `readUpTo` leaves out bytes that are there. */
export function isCut(file: RandomAccess, offset: number, length: number, limit: number): boolean {
  return Math.min(length, file.size - offset) > limit
}

/** The same file with its first bytes at hand: reads that they answer do not reach the file. */
export function withPrefix(file: RandomAccess, prefix: Uint8Array): RandomAccess {
  return {
    size: file.size,
    read: async (offset, length) =>
      offset >= 0 && length > 0 && offset + length <= prefix.length
        ? prefix.subarray(offset, offset + length)
        : file.read(offset, length),
  }
}

/** How text in binaries is read: UTF-8, what is none becomes U+FFFD, a byte order mark stays. */
export function decodeText(bytes: Uint8Array): string {
  // A Buffer, not a TextDecoder: of the same answers, and the one that costs nothing to make.
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

/** The bytes up to the first NUL as text; all of them where there is none. */
export function decodeCString(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return decodeText(end < 0 ? bytes : bytes.subarray(0, end))
}

/** Whether bytes begin with these. */
export function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  if (bytes.length < magic.length) return false
  for (let index = 0; index < magic.length; index++) {
    if (bytes[index] !== magic[index]) return false
  }
  return true
}
