import {FormatError} from '../../lib/format-error.ts'
import {LIMITS} from '../../lib/limits.ts'
import type {TarEntry} from '../../lib/tar-entry.ts'
import {describeEntry} from './entry-names.ts'

/** What the entries of a layer have cost beside their own bytes. */
export interface Steps {
  /** Names that symlinks stand for, files that a mark is upon. */
  steps: number
}

/**
 * A layer's entries may each go through hundreds of symlinks of thousands of names, and each opaque mark looks at all
 * files of its directory. No real layer comes near it: a million entries that go through a symlink each take two.
 */
const STEP_LIMIT = LIMITS['layer-steps'].most

/** Adds what an entry costs. Throws a FormatError where the layer costs more than any real one. */
export function charge(layer: Steps, entry: TarEntry, steps: number): void {
  layer.steps += steps
  if (layer.steps <= STEP_LIMIT) return
  const most = STEP_LIMIT.toLocaleString('en-US')
  throw new FormatError('unsupported', `${describeEntry(entry)} takes its layer over ${most} steps`)
}
