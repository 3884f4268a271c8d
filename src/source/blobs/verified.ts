import {createHash} from 'node:crypto'
import {SourceError} from '../../errors.ts'
import {type Digest, digestParts} from '../../image/digest.ts'
import type {Descriptor} from '../../image/source.ts'
import {concatBytes} from '../../lib/bytes.ts'

/** In bytes. The OCI specification asks registries to take manifests of 4 MiB; nothing that is larger is one. */
export const MANIFEST_LIMIT = 4 * 1024 * 1024
/** In bytes. */
export const CONFIG_LIMIT = 8 * 1024 * 1024

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

/**
 * The same stream, its bytes hashed as they pass. It throws a SourceError `digest-mismatch` as soon as it is too long
 * and at its end where it is not what the descriptor says; so only a stream that was read to its end is proven.
 */
export async function* verifiedStream(
  chunks: AsyncIterable<Uint8Array>,
  expected: Expected,
  what: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const {algorithm, hex} = digestParts(expected.digest)
  const hash = createHash(algorithm)
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > expected.size) throw wrongSize(what, expected, size, 'at least ')
    hash.update(chunk)
    yield chunk
  }
  if (size !== expected.size) throw wrongSize(what, expected, size)
  const got = hash.digest('hex')
  if (got !== hex) throw wrongDigest(what, expected, `${algorithm}:${got}`)
}

/** Reads a small blob whole and proves it. What claims to be larger than `limit` bytes is not read at all. */
export async function readVerified(
  chunks: () => AsyncIterable<Uint8Array>,
  expected: Expected,
  what: string,
  limit: number,
): Promise<Uint8Array> {
  if (expected.size > limit) {
    throw new SourceError(
      'malformed',
      `${what} ${expected.digest} has ${expected.size} bytes, expected at most ${limit}`,
    )
  }
  const parts: Uint8Array[] = []
  for await (const chunk of verifiedStream(chunks(), expected, what)) parts.push(chunk)
  return concatBytes(parts)
}

function wrongSize(what: string, expected: Expected, got: number, atLeast = ''): SourceError {
  return new SourceError(
    'digest-mismatch',
    `${what} ${expected.digest} has ${atLeast}${got} bytes, expected ${expected.size} as its descriptor says`,
  )
}

function wrongDigest(what: string, expected: Expected, got: string): SourceError {
  return new SourceError('digest-mismatch', `${what} ${expected.digest} is not what its digest says, got ${got}`)
}
