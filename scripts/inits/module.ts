import type {Random} from '../kernel/random.ts'

/** How the model and a real run contradict each other. */
export interface Disagreement {
  /** In a few words, to count by: `certain start did not happen`. */
  readonly kind: string
  readonly about: string
}

/** One case: what was tried, and what came of it. */
export interface InitAttempt {
  /** What was run, for whoever has to make it again: a script, a directory of services. */
  readonly what: string
  /** The model has followed it to its end. */
  readonly isDetermined: boolean
  readonly disagreements: readonly Disagreement[]
  /** It could not be tried on this machine: not counted. */
  readonly isHindered?: boolean
  /** Of each mutant of the model that answers otherwise: whether the comparison finds that out. */
  readonly mutants?: ReadonlyMap<string, boolean>
}

/** A root with the real program in it, in which cases are tried. */
export interface InitGround {
  /** `execline 2.9.3.0-1`, of each package that is tried. */
  readonly versions: readonly string[]
  /** Makes one case of each source of choices, runs it for real, and asks the model of it, and its mutants. */
  attemptAll(randoms: readonly Random[]): Promise<readonly InitAttempt[]>
  /** Removes what it has made. */
  close(): Promise<void>
}

/** A supervisor, or a language of its scripts, that is tried. One for each folder below. */
export interface InitModule {
  readonly name: string
  /** The roots in which it is tried: of several releases of Debian, where these differ. */
  readonly grounds: readonly (() => Promise<InitGround>)[]
  /** Its cases take seconds each, until a supervisor has started all that it will: so many times fewer are tried. */
  readonly slowness?: number
}
