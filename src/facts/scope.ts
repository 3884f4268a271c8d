import type {Limits} from '../lib/limits.ts'
import type {IgnoreEntry} from '../scan/index.ts'

/** How much of each platform is looked into. */
export const SCOPES = ['entrypoint', 'essential', 'image'] as const
export type Scope = (typeof SCOPES)[number]

export interface GatherOptions {
  readonly scope: Scope
  /** Files that are left out of the scan of the whole image. */
  readonly ignore?: readonly IgnoreEntry[]
  /** DEFAULT_LIMITS where nothing is said. */
  readonly limits?: Limits
}
