import type {ByteInput} from './byte-input.ts'
import {FormatError} from './format-error.ts'
import {fixedBound, tellLimit} from './over-limit.ts'
import {cutOff, padding} from './tar-content.ts'
import {cString, type TarHeader} from './tar-header.ts'
import {type PaxRecords, parseDecimal, parsePax} from './tar-pax.ts'

/** Extended headers that are larger are refused, by Go's archive/tar too. */
const HEADER = fixedBound('tar-header-bytes')

/** What the extended headers before an entry say of it. */
export interface Extension {
  readonly pax: PaxRecords
  readonly longName: Uint8Array | undefined
  readonly longLink: Uint8Array | undefined
}

export const NO_EXTENSION: Extension = {pax: new Map(), longName: undefined, longLink: undefined}

export function isExtension(type: string): boolean {
  return type === 'x' || type === 'g' || type === 'L' || type === 'K'
}

export async function readExtension(input: ByteInput, header: TarHeader, offset: number): Promise<Uint8Array> {
  if (header.size > HEADER.most) {
    const what = `tar header at offset ${offset}: an extended header of ${header.size} bytes`
    throw new FormatError(
      'malformed',
      tellLimit(HEADER, most => `${what}, expected at most ${most}`),
    )
  }
  const body = await input.take(header.size)
  if (body.length < header.size) throw cutOff(offset, 'an extended header')
  await input.skip(padding(header.size))
  return body
}

export function extend(before: Extension, header: TarHeader, body: Uint8Array, offset: number): Extension {
  if (header.type === 'L') return {...before, longName: cString(body, 0, body.length)}
  if (header.type === 'K') return {...before, longLink: cString(body, 0, body.length)}
  const pax = parsePax(body)
  if (!pax) throw new FormatError('malformed', `PAX header at offset ${offset}: a record is malformed`)
  // Engines read global headers with Go's archive/tar, which applies them to nothing (git archive puts a comment
  // there).
  return header.type === 'g' ? before : {...before, pax}
}

/** An empty value takes the record back. */
export function paxText(pax: PaxRecords, key: string): Uint8Array | undefined {
  const value = pax.get(key)
  return value && value.length > 0 ? value : undefined
}

export function paxNumber(pax: PaxRecords, key: string, offset: number): number | undefined {
  const value = paxText(pax, key)
  if (!value) return undefined
  const number = parseDecimal(value)
  if (number === undefined) throw new FormatError('malformed', `PAX header at offset ${offset}: ${key} is not a number`)
  return number
}

const NO_XATTRS: ReadonlyMap<string, Uint8Array> = new Map()

const XATTR = 'SCHILY.xattr.'

/** The extended attributes of an entry. */
export function xattrs(pax: PaxRecords): ReadonlyMap<string, Uint8Array> {
  if (pax.size === 0) return NO_XATTRS
  const found = [...pax].filter(([key]) => key.startsWith(XATTR))
  return found.length === 0 ? NO_XATTRS : new Map(found.map(([key, value]) => [key.slice(XATTR.length), value.slice()]))
}
