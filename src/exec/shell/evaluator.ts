import type {Environment} from '../command.ts'
import type {Certainty} from '../steps.ts'
import type {Substitute} from './expand.ts'
import type {ShellState, Status, Value} from './state.ts'
import type {Command, List} from './syntax.ts'

/** What the evaluator asks of the image. */
export interface ShellHost {
  /** The text of a file that the script reads in with `.`; undefined where there is none or it is no text. */
  readScript(path: string): Promise<string | undefined>
  /** The path that `command -v` and `which` print; undefined where the name is not found. */
  findCommand(name: string, state: ShellState): Promise<string | undefined>
  readonly uid: number
  readonly gid: number
}

/** Why a command is reached. */
export type Reach = 'exec' | 'last command' | 'set -e' | 'command'

/** A program that the script starts. */
export interface Reached {
  /** What is known of its words: all, or those before one that is not. */
  readonly argv: readonly string[]
  /** The word after `argv` that only the run knows, as written; absent where all are known. */
  readonly unknownWord?: string
  readonly reach: Reach
  readonly certainty: Certainty
  /** In an `if`, a `case`, a loop, or after `&&`: the script may have looked first whether the program is there. */
  readonly guarded: boolean
  readonly env: Environment
  /** Exported variables whose value only the run knows. */
  readonly unknownEnv: ReadonlySet<string>
  /** Undefined where only the run knows it. */
  readonly cwd: string | undefined
}

/** Where a command stands. */
export interface Position {
  /** Nothing comes after it in this shell: its end is the shell's. */
  readonly tail: boolean
  /** `set -e` ends the shell where it fails. */
  readonly checked: boolean
  readonly guarded: boolean
}

/** The evaluator's parts for each other. */
export interface Evaluator {
  readonly host: ShellHost
  readonly reached: Reached[]
  readonly substitute: Substitute
  list(list: List, state: ShellState, position: Position): Promise<Status>
  command(command: Command, state: ShellState, position: Position): Promise<Status>
  /** Text that the shell reads as it runs: `eval`, `.`; undefined where it is no shell. */
  text(text: string, state: ShellState, position: Position): Promise<Status>
  record(words: readonly Value[], state: ShellState, position: Position, isExec: boolean): void
}
