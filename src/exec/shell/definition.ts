import type {Command, Line} from './syntax.ts'

/** A function, and the file that it stands in. */
export interface Definition {
  readonly body: Command
  readonly source: string
  /** What it may be as well; undefined for not defined. */
  readonly others?: readonly (Definition | undefined)[]
}

export function withoutOthers({body, source}: Definition): Definition {
  return {body, source}
}

/** A function that is being run, or a file that is read in: of that `name` is `source`, as in bash's FUNCNAME. */
export interface Frame {
  readonly name: string
  readonly source: string
}

/** What became of the name of an alias, XCU 2.3.1. */
export interface Alias {
  /** What it is short for from then on; undefined for nothing. */
  readonly text: string | undefined
  /** The lines that were read when it was made: it stands for something on those that are read afterwards. */
  readonly made: readonly Line[]
}

/** All that became of a name in one of several ways, the last first: what was read before goes by what was then. */
export type AliasHistory = readonly Alias[]

/** What may have become of a name; of one that is made an alias time and again it is not followed. */
export type Aliases = ReadonlyMap<string, readonly AliasHistory[] | 'unknown'>

/** Variables that `readonly` has made constant: certainly, or in one of several ways. */
export type Constants = ReadonlyMap<string, 'certainly' | 'perhaps'>

/** Where a shell has found a command, and looks for it without going through PATH again. */
export interface Place {
  /** The PATH of then: with another one it is forgotten. */
  readonly path: string
  /** What it may be; undefined for a command that may not have been looked for. */
  readonly found: readonly (string | undefined)[]
  /** Nothing may have put another one there. */
  readonly isSure: boolean
}

export type Places = ReadonlyMap<string, Place>
