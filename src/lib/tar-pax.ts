import {decodeName} from './tar-name.ts'

/** The records of one PAX extended header; values are bytes. */
export type PaxRecords = ReadonlyMap<string, Uint8Array>

/**
 * Names and numbers of the records of GNU's sparse format 0.0, which stand once per region and mean nothing without
 * their order.
 */
const SPARSE_00_OFFSET = 'GNU.sparse.offset'
const SPARSE_00_LENGTH = 'GNU.sparse.numbytes'
/** The same regions in format 0.1: `offset,length,offset,length`. */
export const SPARSE_MAP = 'GNU.sparse.map'

/** Values in which a NUL would hide what stands behind it. */
const TEXT_KEYS: readonly string[] = ['path', 'linkpath', 'uname', 'gname']

/**
 * Parses the body of a PAX header, records of `length SP key=value LF` where length counts them whole. Undefined where
 * one is malformed: Go's archive/tar, with which engines read layers, refuses it too. Of several records with one key
 * the last counts.
 */
export function parsePax(body: Uint8Array): PaxRecords | undefined {
  const records = new Map<string, Uint8Array>()
  const regions: string[] = []
  let at = 0
  while (at < body.length) {
    const record = parseRecord(body, at)
    if (!record) return undefined
    at = record.end
    if (record.key === SPARSE_00_OFFSET || record.key === SPARSE_00_LENGTH) {
      const even = regions.length % 2 === 0
      if (even !== (record.key === SPARSE_00_OFFSET)) return undefined
      regions.push(decodeName(record.value))
    } else records.set(record.key, record.value)
  }
  if (regions.length > 0) records.set(SPARSE_MAP, new TextEncoder().encode(regions.join(',')))
  return records
}

interface PaxRecord {
  readonly key: string
  readonly value: Uint8Array
  /** Where the next one starts. */
  readonly end: number
}

function parseRecord(body: Uint8Array, start: number): PaxRecord | undefined {
  const space = body.indexOf(0x20, start)
  const length = space < 0 ? undefined : parseDecimal(body.subarray(start, space))
  if (length === undefined) return undefined
  const end = start + length
  const equals = body.indexOf(0x3d, space)
  if (end > body.length || equals < 0 || equals >= end || body[end - 1] !== 0x0a) return undefined
  const key = decodeName(body.subarray(space + 1, equals))
  const value = body.subarray(equals + 1, end - 1)
  if (key === '' || key.includes('\0') || (TEXT_KEYS.includes(key) && value.includes(0))) return undefined
  return {key, value, end}
}

/** A whole number from 0 in decimal digits; undefined where it is none or not exact. */
export function parseDecimal(digits: Uint8Array): number | undefined {
  if (digits.length === 0 || digits.length > 20) return undefined
  let value = 0
  for (const byte of digits) {
    if (byte < 0x30 || byte > 0x39) return undefined
    value = value * 10 + (byte - 0x30)
  }
  return Number.isSafeInteger(value) ? value : undefined
}
