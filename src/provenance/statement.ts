import {type Digest, parseDigest} from '../image/digest.ts'
import {object, optional, parseJson, recordOf, required, string, unchecked} from '../lib/json.ts'
import {fail, type Result} from '../lib/result.ts'
import {boundedArray} from './bounded.ts'
import {parsePredicate} from './predicate.ts'
import type {Provenance} from './provenance.ts'

/**
 * The start of the `predicateType` of SLSA provenance, which buildx also writes into the
 * annotation `in-toto.io/predicate-type`.
 */
export const SLSA_PROVENANCE = 'https://slsa.dev/provenance/'

const subject = object({digest: optional(recordOf(string), {})})
const statement = object({
  _type: required(string),
  predicateType: required(string),
  subject: required(boundedArray(subject)),
  predicate: required(unchecked),
})

/**
 * Parses an in-toto statement that holds SLSA provenance (v0.2 or v1) about one manifest. A statement about anything
 * else is refused: what another build did explains nothing.
 * https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 */
export function parseStatement(bytes: Uint8Array, about: Digest): Result<Provenance> {
  const parsed = parseJson(bytes, statement)
  if (!parsed.ok) return parsed
  const {_type: type, predicateType, subject, predicate} = parsed.value
  if (!type.startsWith('https://in-toto.io/Statement/')) return fail(`no in-toto statement: ${JSON.stringify(type)}`)
  if (!subject.some(({digest}) => isAbout(digest, about))) return fail(`its subject is not ${about}`)
  switch (predicateType) {
    case `${SLSA_PROVENANCE}v0.2`:
      return parsePredicate(predicate, 'v0.2')
    case `${SLSA_PROVENANCE}v1`:
      return parsePredicate(predicate, 'v1')
    default:
      return fail(`no provenance that is known: ${JSON.stringify(predicateType)}`)
  }
}

function isAbout(digest: Readonly<Record<string, string>>, about: Digest): boolean {
  return Object.entries(digest).some(([algorithm, hex]) => {
    const parsed = parseDigest(`${algorithm}:${hex}`)
    return parsed.ok && parsed.value === about
  })
}
