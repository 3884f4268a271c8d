import type {Descriptor} from '../../image/source.ts'
import type {Documents} from '../blobs/kept-documents.ts'
import type {ImageRecord} from '../cache/image-records.ts'

/** What is read of one repository. */
export interface RepositoryBlobs {
  manifest(descriptor: Descriptor): Promise<Uint8Array>
  blob(descriptor: Descriptor): AsyncIterable<Uint8Array>
  /** Throws where the repository does not have the blob. */
  probe(descriptor: Descriptor): Promise<void>
  readonly documents: Documents
  readonly place: object
  close(): Promise<void>
}

/**
 * The same with what an earlier run knew of the image: its documents, and that its layers were there not long ago, cost
 * no request. What becomes known is written down when the image is closed.
 */
export function recorded(repository: RepositoryBlobs, record: ImageRecord): RepositoryBlobs {
  const {documents} = repository
  return {
    ...repository,
    documents: {
      get: async (blob, read) => {
        const bytes = record.find(blob) ?? (await documents.get(blob, read))
        record.keep(blob, bytes)
        return bytes
      },
    },
    blob: async function* (descriptor) {
      yield* repository.blob(descriptor)
      record.sawThere(descriptor)
    },
    probe: async descriptor => {
      if (record.wasThere(descriptor)) return
      await repository.probe(descriptor)
      record.sawThere(descriptor)
    },
    close: async () => {
      await record.save()
      await repository.close()
    },
  }
}
