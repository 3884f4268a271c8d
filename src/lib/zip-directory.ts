import {type ByteView, byteView, exactNumber, readRange} from './byte-view.ts'
import type {RandomAccess} from './bytes.ts'

/** One file of a zip, as its central directory has it. */
export interface ZipEntry {
  /** As its bytes are in UTF-8; `/` between directories. */
  readonly name: string
  /** 0: it is stored as it is. */
  readonly method: number
  /** In bytes. */
  readonly compressedSize: number
  /** Of its local header, from the start of the file. */
  readonly offset: number
}

/*
 * APPNOTE.TXT 4.3.12, 4.3.16: a zip is read from its end.
 *
 *   … files … | central directory | [zip64 record, zip64 locator] | end record: 22 bytes and a comment
 */
const END = 0x06054b50
const END_LENGTH = 22
const COMMENT = 0xffff
const LOCATOR = 0x07064b50
const LOCATOR_LENGTH = 20
const END64 = 0x06064b50
const END64_LENGTH = 56
const HEADER = 0x02014b50
const HEADER_LENGTH = 46
const LOCAL = 0x04034b50
const LOCAL_LENGTH = 30
const ZIP64 = 0x0001
const ALL_32 = 0xffffffff

/**
 * The central directory of a zip, such as a jar, whatever stands before the first file; nothing is unpacked. Undefined
 * where it is none, or its directory is of more than `limit` bytes. What is behind an entry that makes no sense is left
 * out. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export async function readZipDirectory(file: RandomAccess, limit: number): Promise<readonly ZipEntry[] | undefined> {
  const end = await findEnd(file)
  if (end === undefined || end.size > limit || end.size > end.at) return undefined
  // The directory ends where the end record begins: a script before the zip moves all offsets.
  const start = end.at - end.size
  const shift = start - end.offset
  const bytes = shift < 0 ? undefined : await readRange(file, start, end.size)
  return bytes && readEntries(byteView(bytes, 'little'), shift)
}

/** What is stored as it is in a zip, such as a jar in a jar; undefined where it is compressed, or not there. */
export async function openStored(file: RandomAccess, entry: ZipEntry): Promise<RandomAccess | undefined> {
  if (entry.method !== 0) return undefined
  const header = await readRange(file, entry.offset, LOCAL_LENGTH)
  if (header === undefined) return undefined
  const view = byteView(header, 'little')
  if (view.u32(0) !== LOCAL) return undefined
  const start = entry.offset + LOCAL_LENGTH + view.u16(26) + view.u16(28)
  const size = entry.compressedSize
  if (start + size > file.size) return undefined
  return {
    size,
    read: async (offset, length) => {
      const count = Math.min(length, size - offset)
      return offset < 0 || count <= 0 ? new Uint8Array() : file.read(start + offset, count)
    },
  }
}

interface End {
  /** Where the directory ends. */
  readonly at: number
  readonly size: number
  /** Of the directory, as it is written. */
  readonly offset: number
}

async function findEnd(file: RandomAccess): Promise<End | undefined> {
  // Most have no comment.
  for (const length of [END_LENGTH, END_LENGTH + COMMENT]) {
    const start = Math.max(0, file.size - length)
    const bytes = await readRange(file, start, file.size - start)
    if (bytes === undefined || bytes.length < END_LENGTH) return undefined
    const view = byteView(bytes, 'little')
    for (let at = bytes.length - END_LENGTH; at >= 0; at -= 1) {
      if (view.u32(at) !== END || at + END_LENGTH + view.u16(at + 20) !== bytes.length) continue
      const [size, offset] = [view.u32(at + 12), view.u32(at + 16)]
      const wide = await findEnd64(file, start + at)
      return wide ?? {at: start + at, size, offset}
    }
  }
  return undefined
}

/** The record of a zip of more than 65535 files or 4 GiB, which the locator before the end record names. */
async function findEnd64(file: RandomAccess, end: number): Promise<End | undefined> {
  const locator = await readRange(file, end - LOCATOR_LENGTH, LOCATOR_LENGTH)
  if (locator === undefined || byteView(locator, 'little').u32(0) !== LOCATOR) return undefined
  const at = end - LOCATOR_LENGTH - END64_LENGTH
  const record = await readRange(file, at, END64_LENGTH)
  if (record === undefined) return undefined
  const view = byteView(record, 'little')
  const [size, offset] = [exactNumber(view.u64(40)), exactNumber(view.u64(48))]
  return view.u32(0) !== END64 || size === undefined || offset === undefined ? undefined : {at, size, offset}
}

function readEntries(view: ByteView, shift: number): readonly ZipEntry[] {
  const decoder = new TextDecoder('utf-8', {ignoreBOM: true})
  const entries: ZipEntry[] = []
  let at = 0
  while (at + HEADER_LENGTH <= view.length && view.u32(at) === HEADER) {
    const [nameLength, extraLength, commentLength] = [view.u16(at + 28), view.u16(at + 30), view.u16(at + 32)]
    const next = at + HEADER_LENGTH + nameLength + extraLength + commentLength
    if (next > view.length) break
    const nameAt = at + HEADER_LENGTH
    const name = decoder.decode(view.bytes.subarray(nameAt, nameAt + nameLength))
    const sizes = readSizes(view, at, nameAt + nameLength, extraLength)
    if (sizes !== undefined)
      entries.push({
        name,
        method: view.u16(at + 10),
        compressedSize: sizes.compressedSize,
        offset: sizes.offset + shift,
      })
    at = next
  }
  return entries
}

/** Numbers that need 64 bits are in the extra field, in this order: size, compressed size, offset (4.5.3). */
function readSizes(
  view: ByteView,
  at: number,
  extraAt: number,
  extraLength: number,
): Pick<ZipEntry, 'compressedSize' | 'offset'> | undefined {
  const [compressed, size, offset] = [view.u32(at + 20), view.u32(at + 24), view.u32(at + 42)]
  if (compressed !== ALL_32 && offset !== ALL_32) return {compressedSize: compressed, offset}
  for (let field = extraAt; field + 4 <= extraAt + extraLength; ) {
    const length = view.u16(field + 2)
    if (field + 4 + length > extraAt + extraLength) return undefined
    if (view.u16(field) === ZIP64) {
      let next = field + 4 + (size === ALL_32 ? 8 : 0)
      const take = (narrow: number): number | undefined => {
        if (narrow !== ALL_32) return narrow
        next += 8
        return next > field + 4 + length ? undefined : exactNumber(view.u64(next - 8))
      }
      const [compressedSize, wide] = [take(compressed), take(offset)]
      return compressedSize === undefined || wide === undefined ? undefined : {compressedSize, offset: wide}
    }
    field += 4 + length
  }
  return undefined
}
