import {SourceError} from '../../errors.ts'
import {FormatError} from '../../lib/format-error.ts'
import {type Bound, overLimit} from '../../lib/over-limit.ts'

/**
 * In bytes: what one thing of a layer's tree takes of memory, as measured under node 24. A name of a million files, of
 * a million directories, of a million hard links took 134, 380 and 107.
 */
export const SIZES = {
  /** Beside its letters. */
  name: 90,
  file: 40,
  directory: 290,
  /** Of a sparse file. */
  region: 64,
  owner: 200,
  /** What an inspection made of a file, beside that itself. */
  result: 48,
  /** A file of an export, beside the letters of its path. */
  exported: 350,
} as const

/**
 * What the trees of an image's layers, and what is kept of their files, may take of memory: a tar of a few MiB could
 * fill any. Once it is full, it stays so.
 */
export class TreeRoom {
  readonly #bound: Bound
  #taken = 0
  /** Layers that are in it: one that stands in an image several times is there once. */
  readonly #layers = new WeakSet<object>()

  constructor(bound: Bound) {
    this.#bound = bound
  }

  /** In bytes. Throws a FormatError where there is no room for so many more. */
  take(size: number): void {
    this.#taken += size
    if (this.#taken > this.#bound.most)
      throw overLimit(this.#bound, most => `the names of the image take more than ${most} of memory`)
  }

  /** The same for a whole layer that was read before, unless it is in already. */
  takeLayer(layer: object, size: number): void {
    if (this.#layers.has(layer)) return
    this.#layers.add(layer)
    this.take(size)
  }

  /** Says that a layer is in, or takes what it needs itself as it is read. */
  enter(layer: object): void {
    this.#layers.add(layer)
  }
}

/** Takes room for what no layer is to blame for. Throws a SourceError where there is none. */
export function takeRoom(room: TreeRoom, size: number): void {
  try {
    room.take(size)
  } catch (thrown) {
    if (!(thrown instanceof FormatError)) throw thrown
    throw new SourceError(thrown.code, thrown.message, {hint: thrown.hint, cause: thrown})
  }
}
