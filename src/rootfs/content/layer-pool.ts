import type {Prefetch} from '../../binary/prefetch.ts'
import {PROGRAM_PREFETCH} from '../../binary/prefetch.ts'
import {DEFAULT_LIMITS, type Limits} from '../../lib/limits.ts'
import {CONTENT_BUDGET, type ContentBudget, ContentCache, Quota} from './contents.ts'
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
  /** In bytes, an estimate: what layers that nobody uses may take of memory. IDLE_LIMIT where nothing is said. */
  readonly idleLimit?: number
  /** What it reads of a program is kept: PROGRAM_PREFETCH where nothing is said. */
  readonly prefetch?: Prefetch
  /** Where it is given, a layer is not read that was read in an earlier run. */
  readonly records?: LayerRecords | undefined
  /** Told, for every piece of a layer that comes by, where the work stands. */
  readonly progress?: (message: () => string) => void
}

/** In bytes. */
const IDLE_LIMIT = 96 * 2 ** 20

/**
 * The layers of a run by their digests: images, platforms and baselines that have a layer in common read it once.
 * Layers that no open image uses stay as long as there is room.
 */
export class LayerPool {
  readonly context: LayerContext
  readonly #idleLimit: number
  readonly #layers = new Map<string, Layer>()
  /** How many use it. Those with none, the one that was used longest ago first. */
  readonly #users = new Map<Layer, number>()
  readonly #idle = new Map<Layer, string>()
  /** In bytes: what idle layers took when all were weighed, and what came since. One may grow that is still read. */
  #weighed = 0
  /** How many came since. */
  #released = 0

  constructor({
    limits = DEFAULT_LIMITS,
    budget,
    idleLimit = IDLE_LIMIT,
    prefetch = PROGRAM_PREFETCH,
    records,
    progress,
  }: LayerPoolOptions = {}) {
    this.#idleLimit = idleLimit
    const sizes = {...CONTENT_BUDGET, ...budget}
    const room = (size: number) => new Quota(size, () => this.#forgetIdle(0))
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
    this.#layers.set(key, layer)
    this.#idle.delete(layer)
    this.#users.set(layer, (this.#users.get(layer) ?? 0) + 1)
    return layer
  }

  release({digest, size}: LayerBlob, layer: Layer): void {
    const users = (this.#users.get(layer) ?? 1) - 1
    this.#users.set(layer, users)
    if (users > 0) return
    this.#idle.set(layer, `${digest} ${size ?? ''}`)
    this.#weighed += layer.memory
    this.#released += 1
    // To weigh all of them each time would take longer with each image.
    if (this.#weighed > this.#idleLimit || this.#released >= this.#idle.size) this.#forgetIdle(this.#idleLimit)
  }

  /** Leaves idle layers of at most `limit` bytes. */
  #forgetIdle(limit: number): void {
    let size = 0
    for (const layer of this.#idle.keys()) size += layer.memory
    for (const [layer, key] of this.#idle) {
      if (size <= limit) break
      size -= layer.memory
      layer.forget()
      this.#idle.delete(layer)
      this.#users.delete(layer)
      if (this.#layers.get(key) === layer) this.#layers.delete(key)
    }
    this.#weighed = size
    this.#released = 0
  }
}
