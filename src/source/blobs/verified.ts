import {createHash} from 'node:crypto'
import {SourceError} from '../../errors.ts'
import {type Digest, digestParts} from '../../image/digest.ts'
import type {Descriptor} from '../../image/source.ts'
import {isRaisable} from '../../lib/limits.ts'
import {type Bound, raiseHint, tellLimit} from '../../lib/over-limit.ts'

/**
 * Throws where a small blob has more bytes than are read. Of a manifest that is the image's fault: no registry need
 * take it. `seen`: how many it has, where that is known.
 */
export function checkSize(bound: Bound, what: string, seen: number | undefined): void {
  if (seen !== undefined && seen <= bound.most) return
  const code = isRaisable(bound.name) ? 'unsupported' : 'malformed'
  const has = seen === undefined ? 'has more bytes' : `has ${seen} bytes`
  const message = tellLimit(bound, most => `${what} ${has}, expected at most ${most}`)
  throw new SourceError(code, message, {hint: raiseHint(bound, seen)})
}

/** What bytes are checked against. */
export type Expected = Pick<Descriptor, 'digest' | 'size'>

/** The digest of bytes that are at hand; by sha256 where no other algorithm is requested. */
export function digestOf(bytes: Uint8Array, algorithm = 'sha256'): Digest {
  // A digest that is computed here is well formed by construction.
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}` as Digest
}

/**
 * The same bytes, once they are proven: throws a SourceError `digest-mismatch` where they are not what the descriptor
 * says.
 */
export function verifiedBytes(bytes: Uint8Array, expected: Expected, what: string): Uint8Array {
  if (bytes.length !== expected.size) throw wrongSize(what, expected, bytes.length)
  const {algorithm} = digestParts(expected.digest)
  const got = digestOf(bytes, algorithm)
  if (got !== expected.digest) throw wrongDigest(what, expected, got)
  return bytes
}

/** Whether bytes are what the descriptor says. */
export function isVerified(bytes: Uint8Array, {digest, size}: Expected): boolean {
  return bytes.length === size && digestOf(bytes, digestParts(digest).algorithm) === digest
}

/** That a blob has another size than its descriptor says. */
export function wrongSize(what: string, expected: Expected, got: number, atLeast = ''): SourceError {
  return new SourceError(
    'digest-mismatch',
    `${what} ${expected.digest} has ${atLeast}${got} bytes, expected ${expected.size} as its descriptor says`,
  )
}

/** That a blob is not what its digest says. */
export function wrongDigest(what: string, expected: Expected, got: string): SourceError {
  return new SourceError('digest-mismatch', `${what} ${expected.digest} is not what its digest says, got ${got}`)
}
