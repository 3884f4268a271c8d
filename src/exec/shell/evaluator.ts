import type {Environment} from '../command.ts'
import type {Certainty} from '../steps.ts'
import type {Outcome} from '../world/call.ts'
import type {VisibleNames} from '../world/list-names.ts'
import type {Substitute} from './expand.ts'
import type {Position, ShellState, Status, Value} from './state.ts'
import type {Command, List} from './syntax.ts'

export type {Position} from './state.ts'

/** What the evaluator asks of the image. */
export interface ShellHost {
  /**
   * The text of a file that the script reads in with `.`; undefined where there is none, it is not text, or only the
   * run knows which it is. One that is named and not there may come with anything.
   */
  readScript(path: string | undefined, state: ShellState): Promise<string | undefined>
  /** The text of a file that a command reads as its input, where it is known. */
  readInput(path: string, state: ShellState): Promise<string | undefined>
  /** The path that `command -v` and `which` print; `failure` where the name is certainly not found. */
  findCommand(
    name: string,
    state: ShellState,
  ): Promise<{readonly path: string} | Extract<Status, 'failure' | 'unknown'>>
  /** Follows a program that the script starts: what becomes of the files, and how it ends. */
  start(reached: Reached, state: ShellState): Promise<Outcome>
  /** What `test` says of a file: `-f`, `-x` …; of an operator that is not known here, unknown. */
  testFile(operator: string, path: string, state: ShellState): Promise<Status>
  /** What there is in a directory, as far as the user sees it. */
  listNames(directory: string, state: ShellState): Promise<VisibleNames>
  /** Makes or changes a file that a redirection names; the failure keeps the command from being run. */
  redirect(change: FileWrite, state: ShellState): Promise<Outcome>
  /** What `echo` and `printf` print, which every shell has built in. */
  print(name: string, words: readonly Value[], state: ShellState): Promise<Outcome>
  /** Says why it is not known what comes of a script. */
  tell(reason: string, state: ShellState): Promise<void>
  /** Runs something twice: what it reports the first time is dropped. */
  rehearse(run: () => Promise<void>): Promise<void>
  /** Runs all of which one is what happens: the steps of all are as certain as before, others only likely. */
  oneOf(runs: readonly (() => Promise<void>)[]): Promise<void>
}

/** A file that a redirection opens for writing. */
export interface FileWrite {
  readonly path: Value
  /** What the command writes to it; undefined where that is not known. */
  readonly text: string | undefined
  readonly appends: boolean
}

/** Why a command is reached. */
export type Reach = 'exec' | 'last command' | 'awaited job' | 'set -e' | 'needed command' | 'command'

/** A program that the script starts. */
export interface Reached {
  /** All its words. */
  readonly words: readonly Value[]
  /** What is known of its words: all, or those before one that is not. */
  readonly argv: readonly string[]
  /** The word after `argv` that only the run knows, as written; absent where all are known. */
  readonly unknownWord?: string
  /** Words of it may be what the script was given. */
  readonly isGiven: boolean
  readonly reach: Reach
  readonly certainty: Certainty
  /** In an `if`, a `case`, a loop, or after `&&`: the script may have looked first whether the program is there. */
  readonly guarded: boolean
  /** Its failure has no consequence: `program || true`, `if program; then`. */
  readonly tolerated: boolean
  /** The script says that it may fail: `program || true`, `if program; then`, `set +e`. */
  readonly accepted: boolean
  /** Nobody waits for it before the script goes on. */
  readonly background: boolean
  /** What it reads from standard input, where that is known: a here-document. */
  readonly input?: Value
  readonly env: Environment
  /** The shell's PATH, where it is not exported. */
  readonly path?: string
  /** It is found by its whole path, wherever its name leads from: bash's `exec`. */
  readonly isWholePath?: true
  /** Exported variables whose value only the run knows. */
  readonly unknownEnv: ReadonlySet<string>
  /** Undefined where only the run knows it. */
  readonly cwd: string | undefined
}

/** The evaluator's parts for each other. */
export interface Evaluator {
  readonly host: ShellHost
  readonly reached: Reached[]
  readonly substitute: Substitute
  list(list: List, state: ShellState, position: Position): Promise<Status>
  command(command: Command, state: ShellState, position: Position): Promise<Status>
  /** Text that the shell reads as it runs: `eval`, `.`; undefined where it is not a shell. */
  text(text: string, state: ShellState, position: Position): Promise<Status>
  /** Runs something of which neither steps nor programs are reported. */
  rehearse(run: () => Promise<void>): Promise<void>
  /** A program is started: it is followed, and the files are as it leaves them. */
  start(
    words: readonly Value[],
    state: ShellState,
    position: Position,
    isExec: boolean,
    /** The PATH that is looked in instead. */
    path?: string,
  ): Promise<Status>
}
