import {type Bound, overLimit} from '../../lib/over-limit.ts'
import type {TarEntry} from '../../lib/tar-entry.ts'
import {describeEntry} from './entry-names.ts'

/** What the entries of a layer have cost beside their own bytes. */
export interface Steps {
  readonly bound: Bound
  /** Names that symlinks stand for, files that a mark is upon. */
  steps: number
}

/** Adds what an entry costs. Throws a FormatError where the layer costs more than any real one. */
export function charge(layer: Steps, entry: TarEntry, steps: number): void {
  layer.steps += steps
  const {bound} = layer
  if (layer.steps > bound.most)
    throw overLimit(bound, most => `${describeEntry(entry)} takes its layer over ${most} steps`)
}
