import type {Scope} from '../facts/scope.ts'
import type {Platform} from '../platform/index.ts'
import type {OnUndetermined} from '../report/configuration.ts'
import type {RuleSetting} from '../rules/run.ts'
import type {Suppression} from '../rules/suppression.ts'
import type {IgnoreEntry} from '../scan/index.ts'

/** A value, and where it was set: `.verify-image-arch.yml:12`, `--scope`. */
export interface Sourced<T> {
  readonly value: T
  readonly from: string
}

/** What is set of the check of an image; what is absent is not set here. */
export interface Settings {
  readonly platforms?: Sourced<readonly Platform[]>
  readonly scope?: Sourced<Scope>
  readonly onUndetermined?: Sourced<OnUndetermined>
  /** An image, or `:TAG` for the same image with another tag. */
  readonly baseline?: Sourced<string>
  readonly baselineRequired?: Sourced<boolean>
  readonly rules: readonly Sourced<readonly [rule: string, setting: RuleSetting]>[]
  readonly ignore: readonly Sourced<IgnoreEntry>[]
}

export const NO_SETTINGS: Settings = {rules: [], ignore: []}

/** What is set for the images that one of the globs covers. */
export interface ImageRule {
  readonly globs: readonly string[]
  readonly settings: Settings
}

/** A policy file (docs/policy.md). */
export interface Policy {
  /** As the user named it. */
  readonly file: string
  /** `sha256:…` of what is in it, as canonical JSON (RFC 8785): comments and the order of keys do not count. */
  readonly digest: string
  readonly defaults: Settings
  /** A later one wins over an earlier one. */
  readonly images: readonly ImageRule[]
  readonly suppressions: readonly Suppression[]
}
