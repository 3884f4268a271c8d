import {SourceError, UsageError} from '../errors.ts'
import {parseDigest} from '../image/digest.ts'
import type {Descriptor, ImageSource} from '../image/source.ts'
import {blobImageSource} from '../source/blobs/blob-image.ts'

/** An image whose index, manifests, configs and layers are blobs somewhere. */
export interface BlobSource {
  /** What reports call the image. */
  readonly reference: string
  /** The name under which it can be signed, as in `name@digest`; left out if no registry has it. */
  readonly name?: string
  /** Of the image index, or of one platform's manifest. */
  readonly root: {readonly mediaType: string; readonly digest: string; readonly size: number}
  /**
   * The bytes of a blob, in pieces; undefined if there is no such blob. Their digest and size are checked here. An
   * error that it throws ends the check.
   */
  read(blob: Descriptor): Promise<AsyncIterable<Uint8Array> | undefined>
  /** Called once, when the check has ended. */
  close?(): Promise<void>
}

/**
 * An image source over your own blobs: only what is needed is read, and only bytes that match their digest are used.
 * Throws a UsageError if the root's digest is not a digest.
 */
export function blobSource({reference, name, root, read, close}: BlobSource): ImageSource {
  const digest = parseDigest(root.digest)
  if (!digest.ok) throw new UsageError(`${reference}: root: ${digest.problem}`)
  const open = async (blob: Descriptor): Promise<AsyncIterable<Uint8Array>> => {
    const bytes = await read(blob)
    if (bytes === undefined) throw new SourceError('blob-missing', `blob ${blob.digest} is not there`)
    return bytes
  }
  return blobImageSource({
    reference,
    name,
    root: {...root, digest: digest.value, annotations: {}},
    store: {
      async *stream(blob) {
        yield* await open(blob)
      },
      probe: async blob => {
        // A stream that nobody reads from may hold a file open: it is ended by an iteration that ends early.
        for await (const _ of await open(blob)) break
      },
      close: async () => close?.(),
    },
  })
}
