import type {Descriptor} from '../../image/source.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import type {Documents} from './kept-documents.ts'

/**
 * Blobs by their digest: a registry's, a layout's, an archive's. What it gives need not be right; it is checked here.
 */
export interface BlobStore {
  /**
   * A blob from its start. Throws a SourceError `blob-missing` where there is none; nothing stays open when the
   * iteration ends, fails or is returned from.
   */
  stream(blob: Descriptor): AsyncIterable<Uint8Array>
  /** The same at random, where seeking is cheap; files that this opens are closed by `close`. */
  readonly access?: (blob: Descriptor) => Promise<RandomAccess>
  /** Throws what `stream` would where there is no such blob; reads no more than it has to. */
  probe(blob: Descriptor): Promise<void>
  /** In bytes: what of small blobs is worth keeping in memory, all together, where they come from afar. */
  readonly keeps?: number
  /** Where documents that were read and proven are found again, in the whole run. */
  readonly documents?: Documents
  /** Stands for where the blobs are, where several stores have theirs in one place; the store itself otherwise. */
  readonly place?: object
  close(): Promise<void>
}
