import type {Finding} from '../rules/finding.ts'

/**
 * How much is known of where a wrong file comes from:
 *
 * - `line`: the line of a Dockerfile that made it so, or that brought it
 * - `base-image`: the base image that it came with
 * - `layer-command`: the layer, and the command that made it
 * - `layer`: no more than the layer, which a report shows anyway
 */
export type CauseKind = 'line' | 'base-image' | 'layer-command' | 'layer'

/** Where a wrong file comes from, as far as the image says. */
export interface Cause {
  readonly kind: CauseKind
  /** What made it so, in one sentence. */
  readonly message: string
  /** The layer that brought the file, from the bottom. */
  readonly layer?: {readonly index: number; readonly digest: string; readonly createdBy: string | undefined}
  /** A line of a Dockerfile in the workspace (or of one that is not there: see `from`); `line` counts from 1. */
  readonly file?: string
  /** Where `file` is of the image's provenance, and no file of the workspace is the same. */
  readonly from?: 'provenance'
  readonly line?: number
  readonly endLine?: number
}

/** A finding with where its file comes from, and what to change there. */
export interface ExplainedFinding extends Finding {
  readonly cause?: Cause
}
