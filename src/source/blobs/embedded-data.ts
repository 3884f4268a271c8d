import {digestParts} from '../../image/digest.ts'
import type {Descriptor} from '../../image/source.ts'
import {digestOf} from './verified.ts'

/**
 * What a descriptor carries itself in `data`, where it fits the descriptor's digest and size; undefined where it does
 * not, or there is none. https://github.com/opencontainers/image-spec/blob/main/descriptor.md#properties
 */
export function embeddedContent({data, digest, size}: Descriptor): Uint8Array | undefined {
  // Base64 writes four characters for three bytes: what has another length need not be decoded.
  if (data === undefined || data.length !== 4 * Math.ceil(size / 3)) return undefined
  const content = Buffer.from(data, 'base64')
  if (content.length !== size || digestOf(content, digestParts(digest).algorithm) !== digest) return undefined
  return content
}
