import type {Inspection} from '../../image/rootfs.ts'
import type {EngineRefusal} from '../../image/source.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {settleAll} from '../../lib/cleanup.ts'
import {createLimiter} from '../../lib/concurrency.ts'
import {FormatError} from '../../lib/format-error.ts'
import {DEFAULT_LIMITS, type Limits} from '../../lib/limits.ts'
import type {LayerDirectory, LayerFile} from '../tree/layer-tree.ts'
import type {TreeRoom} from '../tree/room.ts'
import {BlobPresence} from './blob-presence.ts'
import type {LayerBlob} from './layer-blob.ts'
import {LayerContents} from './layer-contents.ts'
import type {LayerContext} from './layer-context.ts'
import {inspectOnceMore, type ReadLayer, readLayer, readProven} from './layer-pass.ts'
import {LayerRecorder} from './layer-recorder.ts'
import {type InspectionResults, StreamInspector} from './stream-inspector.ts'

/** How many files are read at once that the pass could not serve: they share one more. */
const LATE_AT_ONCE = 32
/**
 * In bytes, of an entry of the tree, and of what one inspection makes of it: measured under node 24 on the 200 000
 * files of a node_modules, where it was 340 to 425, and 65 to 85.
 */
const ENTRY_MEMORY = 400
/**
 * In bytes, of a layer besides: what reads it, and what is under way. By two snapshots of the heap of a run over
 * layouts, node 24: 7,584 layers of a file or two more, and 56 MB, of which 18 MB were contents.
 */
const LAYER_MEMORY = 4000
const RESULT_MEMORY = 100

/** How much there is of a layer: bytes of its tar, and entries. */
export type LayerExtent = Pick<ReadLayer, 'unpacked' | 'entries'>

/**
 * One layer, by its digest: not touched until it is requested, then read once to its end, which proves its digest. What
 * stays in memory is its tree, what inspections made of its files, and the contents that are likely to be needed.
 * Each caller names the blob that it has. Bytes that make no sense are thrown as FormatErrors.
 */
export class Layer {
  readonly #context: LayerContext
  readonly #presence = new BlobPresence()
  readonly #contents: LayerContents
  readonly #recorder: LayerRecorder
  readonly #inspections = new Map<string, Promise<InspectionResults<unknown>>>()
  /** What inspections made of the files, as far as they are done: in this run, or in one before. */
  readonly #done = new Map<string, InspectionResults<unknown>>()
  #reading: {readonly from: object | undefined; readonly layer: Promise<ReadLayer>} | undefined
  #read: ReadLayer | undefined
  #hasFailed = false

  constructor(context: LayerContext) {
    this.#context = context
    this.#contents = new LayerContents(
      context,
      blob => this.#read?.compression === 'none' && this.#presence.isProven(blob),
    )
    this.#recorder = new LayerRecorder(context.records)
  }

  /** Whether it cannot be read from where the first that asked for it has it. */
  hasFailed(): boolean {
    return this.#hasFailed
  }

  /** Whether it was begun to be read for another, whose failure says nothing of this blob. */
  isReadElsewhere({store}: LayerBlob): boolean {
    return this.#reading !== undefined && this.#reading.from !== store
  }

  /** In bytes, an estimate of what it holds. */
  get memory(): number {
    const perEntry = ENTRY_MEMORY + RESULT_MEMORY * this.#inspections.size
    return LAYER_MEMORY + (this.#read?.entries ?? 0) * perEntry + this.#contents.kept.size
  }

  /** How much there is of it; nothing before it was read. */
  get extent(): LayerExtent {
    return this.#read ?? {unpacked: 0, entries: 0}
  }

  /** The layer's own tree; throws where the layer is not there, not what its digest says, or no layer. */
  async tree(blob: LayerBlob): Promise<LayerDirectory> {
    const {root, diffId} = await this.#readOnce(blob)
    if (blob.diffId !== undefined && blob.diffId !== diffId) throw wrongDiffId(blob.diffId, diffId)
    return root
  }

  /** Why engines do not unpack it, as far as it was read. */
  refusals({mediaType}: LayerBlob): readonly EngineRefusal[] {
    if (!this.#read) return []
    const {refusals, compression} = this.#read
    if (compression === 'none' || !mediaType.endsWith('.tar')) return refusals
    return [...refusals, {by: 'containerd', problem: `it is ${compression} under the media type ${mediaType}`}]
  }

  /** What an inspection makes of the regular files of the tree. */
  async inspect<T>(blob: LayerBlob, inspection: Inspection<T>): Promise<InspectionResults<T>> {
    const known = this.#inspections.get(inspection.id)
    // What an inspection makes is known by its id, so it is of the type that the one with this id makes.
    if (known) return this.#presence.confirm(blob, known as Promise<InspectionResults<T>>)
    const inspector = this.#inspector(inspection, blob.room)
    const results = this.#readOnce(blob, inspector).then(
      read =>
        (this.#done.get(inspection.id) as InspectionResults<T>) ?? this.#finish(blob, read, inspector, inspection.id),
    )
    this.#inspections.set(inspection.id, results)
    results.catch(() => this.#inspections.delete(inspection.id))
    return results
  }

  /** The content of a regular file of the tree. */
  open(blob: LayerBlob, file: LayerFile): RandomAccess {
    return this.#contents.open(blob, file)
  }

  /** Gives back the room that its contents take; for a layer that nobody uses. */
  forget(): void {
    this.#contents.kept.forget()
  }

  #inspector<T>(inspection?: Inspection<T>, room?: TreeRoom): StreamInspector<T> {
    const onKeep = (size: number): void => room?.take(size)
    return new StreamInspector<T>({context: this.#context, kept: this.#contents.kept, inspection, onKeep})
  }

  #readOnce(blob: LayerBlob, inspector: StreamInspector<unknown> = this.#inspector()): Promise<ReadLayer> {
    if (this.#reading) return this.#presence.confirm(blob, this.#entered(blob, this.#reading.layer))
    const layer = this.#begin(blob, inspector)
    this.#reading = {from: blob.store, layer}
    layer.catch(() => {
      this.#hasFailed = true
    })
    return layer
  }

  /** A layer that was read for another takes its room in this blob's image, too. */
  async #entered({room}: LayerBlob, reading: Promise<ReadLayer>): Promise<ReadLayer> {
    const read = await reading
    room?.takeLayer(this, read.entries * ENTRY_MEMORY)
    return read
  }

  /** From the record of an earlier run, where there is one; else from the blob itself. */
  async #begin(blob: LayerBlob, inspector: StreamInspector<unknown>): Promise<ReadLayer> {
    const record = await this.#recorder.load(blob)
    if (record) {
      const {root, compression, entries, unpacked, diffId, refusals} = record
      const read = {root, compression, entries, unpacked, diffId, refusals}
      this.#read = read
      for (const [id, results] of record.inspections) this.#done.set(id, results)
      for (const [file, parts] of record.parts) this.#contents.kept.keep(file, parts, this.#context.quotas.prefetched)
      return this.#presence.confirm(blob, this.#entered(blob, Promise.resolve(read)))
    }
    this.#presence.begin(blob)
    blob.room?.enter(this)
    const {limits, records} = this.#context
    const isRecorded = records !== undefined
    const read = await readProven(blob, limits, () => readLayer(blob, inspector, {limits, keeping: isRecorded}))
    this.#presence.prove(blob)
    this.#read = read
    // With an inspection under way, the record waits for what it makes.
    if (!inspector.isInspecting) await this.#record(blob, read)
    return read
  }

  /**
   * Goes over the layer once more where it was read before, and then over what could not be served while it came by.
   */
  async #finish<T>(
    blob: LayerBlob,
    read: ReadLayer,
    inspector: StreamInspector<T>,
    id: string,
  ): Promise<InspectionResults<T>> {
    const {limits} = this.#context
    if (!inspector.isDone) await readProven(blob, limits, () => inspectOnceMore(blob, read.root, inspector, limits))
    const limiter = createLimiter(LATE_AT_ONCE)
    await settleAll(inspector.missed.map(one => limiter(() => inspector.takeLate(one, this.open(blob, one.file)))))
    this.#done.set(id, inspector.results)
    await this.#record(blob, read)
    return inspector.results
  }

  #record(blob: LayerBlob, read: ReadLayer): Promise<void> {
    // What took a raised limit is not for runs without it.
    if (isBeyond(read, blob, DEFAULT_LIMITS)) return Promise.resolve()
    return this.#recorder.save(blob, () => ({
      ...read,
      inspections: this.#done,
      parts: this.#contents.kept.entries(),
    }))
  }
}

function isBeyond({unpacked, entries}: ReadLayer, {size = 0}: LayerBlob, limits: Limits): boolean {
  const isLarge = unpacked > limits['layer-bytes'] || size > limits['layer-compressed-bytes']
  return isLarge || entries > limits['layer-entries']
}

/** Engines unpack such a layer to its end, and then take the image for a wrong one. */
function wrongDiffId(expected: string, got: string): FormatError {
  return new FormatError('malformed', `it is not what the config's diff_ids say, expected ${expected}, got ${got}`)
}
