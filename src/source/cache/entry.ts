import {createHash} from 'node:crypto'
import type {Digest} from '../../image/digest.ts'
import {concatBytes} from '../../lib/bytes.ts'
import {object, parseJson, required, string} from '../../lib/json.ts'

/** What an entry is of: only for exactly this is it good. */
export interface EntrySubject {
  readonly layer: Digest
  /** The version of this program: another one may learn other things of a layer. */
  readonly tool: string
}

/** What an entry turned out to be. */
export type Entry =
  | {readonly kind: 'good'; readonly record: Uint8Array}
  /** Of another version: nothing is wrong with it. */
  | {readonly kind: 'other'}
  | {readonly kind: 'broken'; readonly reason: string}

/** Changes with what a record looks like. */
const FORMAT = 'verify-image-arch layer, format 2'
/** In bytes. */
const HEAD_LIMIT = 1024
const LF = 0x0a

const headJson = object({
  format: required(string),
  tool: required(string),
  layer: required(string),
  sha256: required(string),
})

/** A record with a line before it that says what it is of: `{"format":…,"tool":…,"layer":…,"sha256":…}`. */
export function sealEntry(record: Uint8Array, subject: EntrySubject): Uint8Array {
  const {layer, tool} = subject
  const head = {format: FORMAT, tool, layer, sha256: checksum(record, subject)}
  return concatBytes([Buffer.from(`${JSON.stringify(head)}\n`), record])
}

/** Takes the record out, where all that the line says is so. */
export function openEntry(bytes: Uint8Array, subject: EntrySubject): Entry {
  const end = bytes.subarray(0, HEAD_LIMIT).indexOf(LF)
  const head = end < 0 ? undefined : parseJson(bytes.subarray(0, end), headJson)
  if (!head?.ok) return {kind: 'broken', reason: 'its first line is not readable'}
  const {format, tool, layer, sha256} = head.value
  if (format !== FORMAT || tool !== subject.tool) return {kind: 'other'}
  if (layer !== subject.layer) return {kind: 'broken', reason: `it is of ${JSON.stringify(layer)}`}
  const record = bytes.subarray(end + 1)
  if (checksum(record, subject) !== sha256) return {kind: 'broken', reason: 'its checksum is wrong'}
  return {kind: 'good', record}
}

/** Over all that counts: what it is of, too. */
function checksum(record: Uint8Array, {layer, tool}: EntrySubject): string {
  return createHash('sha256').update(`${FORMAT}\n${tool}\n${layer}\n`).update(record).digest('hex')
}
