/** What an idle layer must tell of itself. */
export interface Weighed {
  /** In bytes, an estimate. */
  readonly memory: number
}

/** In bytes: what idle layers may take of memory. */
export interface IdleLimits {
  /** Of those that one image alone asked for so far. */
  readonly once: number
  /** Of all. */
  readonly all: number
}

/** Keys of layers that are remembered to have been asked for. */
const REMEMBERED = 20_000

/**
 * The layers of a run that no open image uses, as long as there is room. Most layers are of one image alone and are not
 * asked for again, so they have a small part of the room, and those that several images asked for stay longer: a layer
 * of theirs that had to go is known by its key when it comes back, and stays then. Of either kind the one that was used
 * longest ago goes first. These are the queues of 2Q (Johnson and Shasha, "2Q: A Low Overhead High Performance Buffer
 * Management Replacement Algorithm", VLDB 1994), with bytes for pages.
 */
export class IdleLayers<L extends Weighed> {
  readonly #limits: IdleLimits
  readonly #forget: (key: string, layer: L) => void
  readonly #known = new Set<string>()
  readonly #shared = new Set<string>()
  readonly #once = new Queue<L>()
  readonly #again = new Queue<L>()

  constructor(limits: IdleLimits, forget: (key: string, layer: L) => void) {
    this.#limits = limits
    this.#forget = forget
  }

  /** The layer is used from now on. */
  take(key: string): void {
    this.#once.delete(key)
    this.#again.delete(key)
    remember(this.#known.has(key) ? this.#shared : this.#known, key)
  }

  /** Nobody uses the layer any more. */
  add(key: string, layer: L): void {
    const {once, all} = this.#limits
    if (this.#shared.has(key)) this.#again.add(key, layer)
    else this.#once.add(key, layer)
    const dropped = (one: L, of: string): void => this.#forget(of, one)
    this.#once.shrink(Math.min(once, all), dropped)
    // What those of one image do not take others may have.
    this.#again.shrink(all - Math.min(this.#once.size, all), dropped)
  }

  /** Gives all of them back. */
  clear(): void {
    for (const queue of [this.#once, this.#again]) queue.shrink(0, (layer, key) => this.#forget(key, layer))
  }
}

function remember(keys: Set<string>, key: string): void {
  keys.delete(key)
  keys.add(key)
  const [oldest] = keys
  if (keys.size > REMEMBERED && oldest !== undefined) keys.delete(oldest)
}

/** Layers in the order in which they came. */
class Queue<L extends Weighed> {
  readonly #layers = new Map<string, {readonly layer: L; weight: number}>()
  /** In bytes: the weights of all of them. */
  #size = 0
  /** How many came since all were weighed. */
  #added = 0

  get size(): number {
    return this.#size
  }

  add(key: string, layer: L): void {
    const weight = layer.memory
    this.#layers.set(key, {layer, weight})
    this.#size += weight
    this.#added += 1
    // One may grow that is still read. To weigh all of them each time would take longer with each image.
    if (this.#added >= this.#layers.size) this.#weigh()
  }

  delete(key: string): void {
    this.#size -= this.#layers.get(key)?.weight ?? 0
    this.#layers.delete(key)
  }

  /** Leaves at most so many bytes. */
  shrink(limit: number, drop: (layer: L, key: string) => void): void {
    for (const [key, {layer}] of this.#layers) {
      if (this.#size <= limit) break
      this.delete(key)
      drop(layer, key)
    }
  }

  #weigh(): void {
    this.#added = 0
    this.#size = 0
    for (const one of this.#layers.values()) {
      one.weight = one.layer.memory
      this.#size += one.weight
    }
  }
}
