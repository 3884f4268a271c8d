import {createHash} from 'node:crypto'
import {SourceError} from '../../errors.ts'
import {type Digest, digestParts} from '../../image/digest.ts'
import type {Descriptor} from '../../image/source.ts'
import {LIMITS} from '../../lib/limits.ts'

/** In bytes. The OCI specification asks registries to take manifests of 4 MiB; nothing that is larger is one. */
export const MANIFEST_LIMIT = LIMITS['manifest-bytes'].most
/** In bytes. */
export const CONFIG_LIMIT = LIMITS['config-bytes'].most

/** What bytes are checked against. */
export type Expected = Pick<Descriptor, 'digest' | 'size'>

/** The digest of bytes that are at hand; by sha256 where no other algorithm is asked for. */
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
