import type {LayerBlob} from './layer-blob.ts'

/** In which stores the blob of one layer is known to be: images may share a layer, each with a blob of its own. */
export class BlobPresence {
  readonly #seen = new Map<object | undefined, Promise<void>>()
  readonly #proven = new Set<object | undefined>()

  /** What was read of another's blob holds for this one too, where it is there at all. */
  async confirm<R>(blob: LayerBlob, reading: Promise<R>): Promise<R> {
    const result = await reading
    const probed = this.#seen.get(blob.store) ?? blob.probe?.()
    if (probed) this.#seen.set(blob.store, probed)
    await probed
    return result
  }

  /** Says that the blob is being read, which shows whether it is there. */
  begin({store}: LayerBlob): void {
    this.#seen.set(store, Promise.resolve())
  }

  /** Says that the blob was read to its end, and is what its digest says. */
  prove({store}: LayerBlob): void {
    this.#proven.add(store)
  }

  isProven({store}: LayerBlob): boolean {
    return this.#proven.has(store)
  }
}
