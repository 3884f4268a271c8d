import type {LayerBlob} from './layer-blob.ts'

/** The store of a blob of which none is told. */
const NO_STORE = {}

/**
 * In which stores the blob of one layer is known to be: images may share a layer, each with a blob of its own. A layer
 * that thousands of images share keeps none of their stores.
 */
export class BlobPresence {
  readonly #seen = new WeakMap<object, Promise<void>>()
  readonly #proven = new WeakSet<object>()

  /** What was read of another's blob holds for this one too, where it is there at all. */
  async confirm<R>(blob: LayerBlob, reading: Promise<R>): Promise<R> {
    const result = await reading
    const {store = NO_STORE} = blob
    const probed = this.#seen.get(store) ?? blob.probe?.()
    if (probed) this.#seen.set(store, probed)
    await probed
    return result
  }

  /** Says that the blob is being read, which shows whether it is there. */
  begin({store = NO_STORE}: LayerBlob): void {
    this.#seen.set(store, Promise.resolve())
  }

  /** Says that the blob was read to its end, and is what its digest says. */
  prove({store = NO_STORE}: LayerBlob): void {
    this.#proven.add(store)
  }

  isProven({store = NO_STORE}: LayerBlob): boolean {
    return this.#proven.has(store)
  }
}
