import type {Location} from '../image/location.ts'

/** Images that are checked together, and their places in the inventory, from 0. */
export interface Unit {
  readonly places: readonly number[]
  readonly images: readonly Location[]
}

/** `I/N`: the part I of N, from 1. */
export interface Shard {
  readonly part: number
  readonly of: number
}
