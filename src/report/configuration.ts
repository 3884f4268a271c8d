import {createHash} from 'node:crypto'
import {canonicalJson} from '../lib/canonical-json.ts'
import type {Level} from '../rules/finding.ts'

/** The level from which a check fails. */
export const FAIL_ON = ['error', 'warning', 'never'] as const
export type FailOn = (typeof FAIL_ON)[number]

/** What becomes of a check in which a platform could not be determined. */
export const ON_UNDETERMINED = ['pass', 'fail'] as const
export type OnUndetermined = (typeof ON_UNDETERMINED)[number]

/** What a user chose, as far as the verdict depends on it. Lists are sorted, and hold each entry once. */
export interface Configuration {
  readonly scope: string
  /** The platforms that must be there; absent where every platform of the index is checked. */
  readonly platforms?: readonly string[]
  /** Globs of files that the scan of the whole image leaves out. */
  readonly ignore: readonly string[]
  /** Absent where the image is compared with none. */
  readonly baseline?: {readonly reference: string; readonly required: boolean}
  readonly failOn: FailOn
  readonly onUndetermined: OnUndetermined
  /** Of the rules that were given a level, or switched off; the others have their own. */
  readonly rules: Readonly<Record<string, Level | 'off'>>
  /** Those that were raised. */
  readonly limits: Readonly<Record<string, number>>
  /** Globs of the Dockerfiles that are checked, too. */
  readonly dockerfiles: readonly string[]
  /** Those of the policy file that hold and may be about the image; absent where there is none. */
  readonly suppressions?: readonly ConfiguredSuppression[]
}

/** A suppression of the policy file, without its place there. */
export type ConfiguredSuppression = {
  readonly rule: string
  /** A glob of images; absent for all. */
  readonly image?: string
  readonly platform?: string
  readonly path?: string
  readonly reason: string
  readonly until: string
}

export interface ReportConfiguration extends Configuration {
  /** `sha256:…` of the configuration without this member, as canonical JSON (RFC 8785). */
  readonly digest: string
}

/** The configuration with its digest: equal ones have equal digests, in whatever order they were written. */
export function withDigest({
  scope,
  platforms,
  ignore,
  baseline,
  failOn,
  onUndetermined,
  rules,
  limits,
  dockerfiles,
  suppressions = [],
}: Configuration): ReportConfiguration {
  const configuration = {
    scope,
    ...(platforms === undefined ? {} : {platforms: sortedSet(platforms)}),
    ignore: sortedSet(ignore),
    ...(baseline === undefined ? {} : {baseline: {reference: baseline.reference, required: baseline.required}}),
    failOn,
    onUndetermined,
    rules: sortedMembers(rules),
    limits: sortedMembers(limits),
    dockerfiles: sortedSet(dockerfiles),
    ...(suppressions.length === 0 ? {} : {suppressions: sortedSuppressions(suppressions)}),
  }
  const sha256 = createHash('sha256').update(canonicalJson(configuration)).digest('hex')
  return {...configuration, digest: `sha256:${sha256}`}
}

/** By code units, so that no locale has a say. */
function sortedSet(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort()
}

function sortedSuppressions(suppressions: readonly ConfiguredSuppression[]): readonly ConfiguredSuppression[] {
  const texts = suppressions.map(({rule, image, platform, path, reason, until}) =>
    canonicalJson({rule, image, platform, path, reason, until}),
  )
  const byText = new Map(texts.map((text, index) => [text, suppressions[index]]))
  return sortedSet(texts).flatMap(text => byText.get(text) ?? [])
}

function sortedMembers<T>(members: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}
