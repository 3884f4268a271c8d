import {digestParts} from '../../image/digest.ts'
import type {Descriptor} from '../../image/source.ts'
import {bytesAccess} from '../../lib/bytes.ts'
import type {BlobStore} from './blob-store.ts'
import {digestOf} from './verified.ts'

/**
 * The same store, which is not asked for what a descriptor carries itself in `data`. What does not fit the descriptor's
 * digest and size is as if it were not there.
 * https://github.com/opencontainers/image-spec/blob/main/descriptor.md#properties
 */
export function withEmbedded(store: BlobStore): BlobStore {
  const {access} = store
  return {
    async *stream(blob) {
      const content = embeddedContent(blob)
      if (content) yield content
      else yield* store.stream(blob)
    },
    ...(access
      ? {
          access: async blob => {
            const content = embeddedContent(blob)
            return content ? bytesAccess(content) : access(blob)
          },
        }
      : {}),
    probe: async blob => {
      if (!embeddedContent(blob)) await store.probe(blob)
    },
    close: () => store.close(),
  }
}

function embeddedContent({data, digest, size}: Descriptor): Uint8Array | undefined {
  // Base64 writes four characters for three bytes: what has another length need not be decoded.
  if (data === undefined || data.length !== 4 * Math.ceil(size / 3)) return undefined
  const content = Buffer.from(data, 'base64')
  if (content.length !== size || digestOf(content, digestParts(digest).algorithm) !== digest) return undefined
  return content
}
