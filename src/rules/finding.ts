/** From the gravest to the lightest. */
export const LEVELS = ['error', 'warning', 'note'] as const
export type Level = (typeof LEVELS)[number]

/** Plain data that goes into the JSON report as it is. */
export type Evidence = {readonly [key: string]: EvidenceValue}
export type EvidenceValue = string | number | boolean | null | readonly EvidenceValue[] | Evidence

/** One thing that is wrong, or that could not be decided. */
export interface Finding {
  readonly rule: string
  readonly level: Level
  /** The level that the rule gives it, where the user set another. What a platform is depends on this one alone. */
  readonly ownLevel?: Level
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
  /** Of the layer that brought the files, from the bottom, where the finding is about all that one layer brought. */
  readonly layer?: number
  /** What to change. */
  readonly fix?: string
  /** Where the rule is explained. */
  readonly help: string
}

/** How grave a finding is whatever the user says of its rule. */
export function ownLevelOf({level, ownLevel}: Pick<Finding, 'level' | 'ownLevel'>): Level {
  return ownLevel ?? level
}
