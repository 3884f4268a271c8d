/** What one limit bounds, how far, and what happens beyond it. */
export interface Limit {
  /** What is counted, and of what: `bytes of a layer, unpacked`. */
  readonly bounds: string
  readonly unit: Unit
  readonly most: number
  /**
   * Whether the input `limits` raises it. What a kernel, an engine or a format sets stays as it is: beyond it there is
   * nothing that would run.
   */
  readonly raisable: boolean
  readonly over: Over
  /** Whose limit it is, where it is not ours: a kernel's, an engine's, a specification's. */
  readonly setBy?: string
}

export type Unit = 'bytes' | 'count' | 'milliseconds'

/** What happens beyond a limit. None of them is a pass of what was not looked at. */
export type Over =
  /** The check cannot be made: exit code 3, the step fails. */
  | 'exit-3'
  /** A finding of this rule: what is beyond starts nowhere, or is unpacked by nobody. */
  | `finding:${string}`
  /** What comes next is not determined, and the report says why. */
  | 'undetermined'
  /** A file is taken for what could be seen of it: what is beyond is not there, which can only add findings. */
  | 'left-out'
  /** Nothing is said of a package of a language, or less: its files are judged as all files are. */
  | 'no-addon'
  /** Where a wrong file comes from is not reported; no verdict depends on it. */
  | 'no-cause'

export type LimitTable = Readonly<Record<string, Limit>>

export const KIB = 2 ** 10
export const MIB = 2 ** 20
export const GIB = 2 ** 30
