import type {Digest} from '../../image/digest.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import type {TreeRoom} from '../tree/room.ts'
import type {Excess} from './excess.ts'

/** The bytes of one layer, as a registry, a layout or an archive keeps them: usually compressed. */
export interface LayerBlob {
  /** What messages call the layer. */
  readonly digest: Digest
  /** In bytes, as its manifest says, where one does. */
  readonly size?: number
  /** What the config says that the tar's digest is; absent where the bytes were held to it already. */
  readonly diffId?: Digest
  /** As the manifest says; what the bytes themselves say wins. */
  readonly mediaType: string
  /**
   * The whole blob from its start; each call is one more pass. The bytes are proven as they pass: the iteration throws
   * a SourceError at its end where they are not what the digest says. Nothing stays open when the iteration ends, fails
   * or is returned from.
   */
  stream(): AsyncIterable<Uint8Array>
  /** The same bytes at random, where seeking is cheap. Only used after one pass of `stream` has proven them. */
  readonly access?: () => Promise<RandomAccess>
  /** What keeps the blob: a repository, a file. What was read elsewhere says nothing of whether it is there too. */
  readonly store?: object
  /** Throws a SourceError where the store does not have the blob; reads no more than it has to. */
  readonly probe?: () => Promise<void>
  /** What the trees of the image's layers may take of memory; the layer's own where nothing is said. */
  readonly room?: TreeRoom
  /** What the image's layers unpack to beyond any usual ratio; not counted where nothing is said. */
  readonly excess?: Excess
  /** Told, while the blob comes by, how many of its bytes came in this pass. */
  readonly onProgress?: (read: number) => void
}
