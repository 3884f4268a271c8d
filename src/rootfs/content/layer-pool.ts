import type {Prefetch} from '../../binary/prefetch.ts'
import {PROGRAM_PREFETCH} from '../../binary/prefetch.ts'
import {DEFAULT_LIMITS, type Limits} from '../../lib/limits.ts'
import {CONTENT_BUDGET, type ContentBudget, ContentCache, Quota} from './contents.ts'
import {IdleLayers, type IdleLimits} from './idle-layers.ts'
import {Layer} from './layer.ts'
import type {LayerBlob} from './layer-blob.ts'
import type {LayerContext, LayerRecords} from './layer-context.ts'

export interface LayerPoolOptions {
  /** DEFAULT_LIMITS where nothing is said. */
  readonly limits?: Limits | undefined
  /**
   * What may stay in memory of files' contents: CONTENT_BUDGET, and the one file that was
   * asked for last, where nothing is said.
   */
  readonly budget?: Partial<ContentBudget>
  /** IDLE_LIMITS where nothing is said. */
  readonly idleLimits?: IdleLimits
  /** What it reads of a program is kept: PROGRAM_PREFETCH where nothing is said. */
  readonly prefetch?: Prefetch
  /** Where it is given, a layer is not read that was read in an earlier run. */
  readonly records?: LayerRecords | undefined
  /** Told, for every piece of a layer that comes by, where the work stands. */
  readonly progress?: (message: () => string) => void
}

const IDLE_LIMITS: IdleLimits = {once: 16 * 2 ** 20, all: 96 * 2 ** 20}

/**
 * The layers of a run by their digests: images, platforms and baselines that have a layer in common read it once.
 * Layers that no open image uses stay as long as there is room.
 */
export class LayerPool {
  readonly context: LayerContext
  readonly #layers = new Map<string, Layer>()
  /** How many use it. */
  readonly #users = new Map<Layer, number>()
  readonly #idle: IdleLayers<Layer>

  constructor({
    limits = DEFAULT_LIMITS,
    budget,
    idleLimits = IDLE_LIMITS,
    prefetch = PROGRAM_PREFETCH,
    records,
    progress,
  }: LayerPoolOptions = {}) {
    this.#idle = new IdleLayers(idleLimits, (key, layer) => this.#forget(key, layer))
    const sizes = {...CONTENT_BUDGET, ...budget}
    const room = (size: number) => new Quota(size, () => this.#idle.clear())
    this.context = {
      limits,
      demanded: new ContentCache(sizes.demanded),
      quotas: {
        settings: room(sizes.settings),
        prefetched: room(sizes.prefetched),
      },
      wanted: new Set(),
      prefetch,
      records,
      progress,
    }
  }

  /**
   * The layer of a blob, to be released as often as it is requested. A blob that is claimed to have another size
   * is another, whose reading then fails.
   */
  acquire({digest, size}: LayerBlob): Layer {
    const key = `${digest} ${size ?? ''}`
    const known = this.#layers.get(key)
    // What failed once may be there in another image's repository.
    const layer = known && !known.hasFailed() ? known : new Layer(this.context)
    if (known && known !== layer && this.#users.get(known) === 0) this.#forget(key, known)
    this.#layers.set(key, layer)
    this.#idle.take(key)
    this.#users.set(layer, (this.#users.get(layer) ?? 0) + 1)
    return layer
  }

  release({digest, size}: LayerBlob, layer: Layer): void {
    const users = (this.#users.get(layer) ?? 1) - 1
    this.#users.set(layer, users)
    if (users > 0) return
    const key = `${digest} ${size ?? ''}`
    // One that failed made place for another, which may be in use.
    if (this.#layers.get(key) === layer) this.#idle.add(key, layer)
    else this.#forget(key, layer)
  }

  #forget(key: string, layer: Layer): void {
    layer.forget()
    this.#users.delete(layer)
    if (this.#layers.get(key) === layer) this.#layers.delete(key)
  }
}
