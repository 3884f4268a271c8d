import {decodeRecord} from './decode-record.ts'
import {encodeRecord} from './encode-record.ts'
import type {LayerBlob} from './layer-blob.ts'
import type {LayerRecords} from './layer-context.ts'
import type {LayerRecord} from './layer-record.ts'

/** Loads and saves what was learnt of one layer, where a user asks for that. */
export class LayerRecorder {
  readonly #records: LayerRecords | undefined
  #saving: Promise<void> = Promise.resolve()

  constructor(records: LayerRecords | undefined) {
    this.#records = records
  }

  /** What an earlier run learnt of the layer; undefined where there is nothing that can be used. */
  async load({digest, size}: LayerBlob): Promise<LayerRecord | undefined> {
    const bytes = await this.#records?.load(digest)
    const record = bytes && decodeRecord(bytes)
    // A manifest that claims another size is wrong about one of them: reading the blob says which.
    return record && record.size === size ? record : undefined
  }

  /** Saves what `collect` gives when it comes to that: one after the other, so that what is written last knows all. */
  save(blob: LayerBlob, collect: () => Omit<LayerRecord, 'size'>): Promise<void> {
    this.#saving = this.#saving.then(() => this.#write(blob, collect))
    return this.#saving
  }

  async #write({digest, size}: LayerBlob, collect: () => Omit<LayerRecord, 'size'>): Promise<void> {
    const record = this.#records && encodeRecord({size, ...collect()})
    if (record) await this.#records?.save(digest, record)
  }
}
