/** From the gravest to the lightest. */
export const LEVELS = ['error', 'warning', 'note'] as const
export type Level = (typeof LEVELS)[number]

/** Plain data that goes into the JSON report as it is. */
export type Evidence = {readonly [key: string]: EvidenceValue}
export type EvidenceValue = string | number | boolean | null | readonly EvidenceValue[] | Evidence

/** Where a wrong file comes from, as far as the image tells. */
export interface Cause {
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

/** One thing that is wrong, or that could not be decided. */
export interface Finding {
  readonly rule: string
  readonly level: Level
  /** The image's reference as the user wrote it; absent where the finding is on a Dockerfile. */
  readonly image?: string
  /** The Dockerfile that it is on, with its lines counted from 1; absent where it is on an image. */
  readonly file?: string
  readonly line?: number
  readonly endLine?: number
  /** As the user would request it: `linux/arm/v7`. */
  readonly platform?: string
  /** The file it is about, as the image names it. */
  readonly path?: string
  /**
   * What, where, expected, got; one sentence without a full stop. May hold text from
   * the image: escape it for the medium.
   */
  readonly message: string
  readonly evidence: Evidence
  readonly cause?: Cause
  /** What to change. */
  readonly fix?: string
  /** Where the rule is explained. */
  readonly help: string
}
