import {type BuiltLayout, sha256} from '../../scripts/support/layout-builder.ts'
import {SourceError} from '../../src/errors.ts'
import {parseDigest} from '../../src/image/digest.ts'
import type {Descriptor, ImageSource} from '../../src/image/source.ts'
import {blobImageSource} from '../../src/source/blobs/blob-image.ts'
import {inChunks} from './streams.ts'

const INDEX = 'application/vnd.oci.image.index.v1+json'

/** The blobs of a layout in memory, which further ones can be put into. */
export class MemoryBlobs {
  readonly blobs: Map<string, Uint8Array>
  /** The blobs that were opened. */
  readonly opened: string[] = []

  constructor({files}: Pick<BuiltLayout, 'files'>) {
    this.blobs = new Map([...files].map(([path, bytes]) => [`sha256:${path.split('/').at(-1)}`, bytes]))
  }

  /** A string and bytes are put as they are, anything else as JSON. */
  put(mediaType: string, value: unknown): Descriptor {
    const isRaw = typeof value === 'string' || value instanceof Uint8Array
    const bytes = Buffer.from(isRaw ? value : JSON.stringify(value))
    this.blobs.set(sha256(bytes), bytes)
    return descriptorOf({mediaType, digest: sha256(bytes), size: bytes.length})
  }

  index(...manifests: readonly object[]): Descriptor {
    return this.put(INDEX, {schemaVersion: 2, mediaType: INDEX, manifests})
  }

  source(root: Descriptor): ImageSource {
    const store = {
      stream: ({digest}: Descriptor) => {
        this.opened.push(digest)
        const bytes = this.blobs.get(digest)
        if (!bytes) throw new SourceError('blob-missing', `${digest} is not there`)
        return inChunks(bytes)
      },
      probe: async () => undefined,
      close: async () => undefined,
    }
    return blobImageSource({reference: 'test', name: undefined, root, store})
  }
}

export function descriptorOf(of: {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}): Descriptor {
  const {mediaType, digest, size} = of
  const parsed = parseDigest(digest)
  if (!parsed.ok) throw new Error(parsed.problem)
  return {mediaType, digest: parsed.value, size, annotations: {}}
}
