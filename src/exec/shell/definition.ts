import type {Command} from './syntax.ts'

/** A function, and the file that it stands in. */
export interface Definition {
  readonly body: Command
  readonly source: string
  readonly isAlias?: true
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
