import {fail, ok, type Result} from '../lib/result.ts'

/**
 * `algorithm:hex`, made only by parseDigest.
 * https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
 */
export type Digest = string & {readonly __brand: 'Digest'}

const HEX_LENGTH: Readonly<Record<string, number>> = {sha256: 64, sha384: 96, sha512: 128}

/** Parses a digest of an algorithm that we can check (sha256, sha384, sha512). */
export function parseDigest(text: string): Result<Digest> {
  const [algorithm = '', hex = '', ...rest] = text.split(':')
  const length = HEX_LENGTH[algorithm]
  if (rest.length > 0 || length === undefined) {
    return fail(`${JSON.stringify(text)} is not a digest: expected sha256:… or sha512:…`)
  }
  if (hex.length !== length || !/^[0-9a-f]+$/.test(hex)) {
    return fail(
      `${JSON.stringify(text)} is not a digest: expected ${length} lower-case hexadecimal digits after ${algorithm}:`,
    )
  }
  // The only place where a string becomes a Digest.
  return ok(text as Digest)
}

/** The algorithm's name as node:crypto spells it, and the hexadecimal digits. */
export function digestParts(digest: Digest): {readonly algorithm: string; readonly hex: string} {
  const colon = digest.indexOf(':')
  return {algorithm: digest.slice(0, colon), hex: digest.slice(colon + 1)}
}
