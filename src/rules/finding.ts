import type {DockerfileEdit} from '../dockerfile/index.ts'

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
  /** The suppressions of the policy file that keep it from counting; absent where it counts, or its rule is off. */
  readonly suppressed?: readonly SuppressedBy[]
  /** The image's reference as the user wrote it; absent where the finding is on a Dockerfile. */
  readonly image?: string
  /** The Dockerfile that it is on, with its lines counted from 1; absent where it is on an image. */
  readonly file?: string
  readonly line?: number
  readonly endLine?: number
  /** As the user would request it: `linux/arm/v7`. */
  readonly platform?: string
  /** All platforms that it is on, where there are several; `platform` is the first of them. */
  readonly platforms?: readonly string[]
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
  /** The same as an edit of the Dockerfile that it is on, or whose line is its cause, where it is one. */
  readonly edit?: DockerfileEdit
  /** Where the rule is explained. */
  readonly help: string
}

/** A suppression, as far as a finding tells of it. */
export interface SuppressedBy {
  /** `FILE:LINE:COLUMN` of the policy file. */
  readonly place: string
  readonly reason: string
  /** The last day on which it holds, `YYYY-MM-DD` in UTC. */
  readonly until: string
}

/** The platforms that a finding is on; none where it is on an image as a whole, or on a Dockerfile. */
export function platformsOf({platform, platforms}: Pick<Finding, 'platform' | 'platforms'>): readonly string[] {
  return platforms ?? (platform === undefined ? [] : [platform])
}

/** Platforms that a sentence names; of more it says how many. */
const NAMED = 3

/** `linux/arm64, linux/arm/v7 and 8 more`; may hold text of the image. */
export function nameAll(names: readonly string[]): string {
  const shown = names.length > NAMED ? [...names.slice(0, NAMED), `${names.length - NAMED} more`] : names
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

/** How grave a finding is whatever the user says of its rule. */
export function ownLevelOf({level, ownLevel}: Pick<Finding, 'level' | 'ownLevel'>): Level {
  return ownLevel ?? level
}
