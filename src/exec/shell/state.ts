import {Budget, ENTRY} from '../budget.ts'
import type {Environment} from '../command.ts'
import type {Certainty} from '../steps.ts'
import {UMASK} from '../world/attributes.ts'
import type {VisibleNames} from '../world/list-names.ts'
import type {Status, Value} from '../world/value.ts'
import {type Change, type Doubt, EMPTY_WORLD, type World} from '../world/world.ts'
import type {Aliases, Constants, Definition, Frame, Places} from './definition.ts'
import type {Dialect} from './dialect.ts'
import type {Line} from './syntax.ts'

export type {Status, Unknown, Value} from '../world/value.ts'

/**
 * Where the shell goes on: with the next command, or out of something. `gone`: another program has taken its place.
 * `forever`: nowhere, for a loop does not end. `discard`: with the next line of the text, as bash does.
 */
export type Flow = 'next' | 'break' | 'continue' | 'return' | 'exit-failure' | 'exit' | 'gone' | 'forever' | 'discard'

/** Where a command stands. */
export interface Position {
  /** Nothing comes after it in this shell: its end is the shell's. */
  readonly tail: boolean
  /** `set -e` ends the shell where it fails. */
  readonly checked: boolean
  readonly guarded: boolean
  /** Whether its success is tested, or does not matter: a condition, the left side of `||`. */
  readonly tolerated: boolean
  /** The script goes on as if it had succeeded, or does something else: not so the condition of a loop. */
  readonly accepted?: boolean
  readonly background: boolean
  /** It stands behind `command`. */
  readonly isCommand?: boolean
  /** It stands before the last `&&` of a script: where it fails, the script ends. */
  readonly leads?: boolean
  readonly input?: Value
  /** Words of it are not written there, but what the script was given, or holds in variables. */
  readonly isGiven?: true
  /** Runs what the shell comes to after it, for one who wants to know what becomes of the files. */
  readonly after?: (way: ShellState) => Promise<void>
}

/**
 * Whether what stands left of `||` or behind `!` may fail here. Not at the script's end, where it is all that the
 * container does; nor in the condition of a loop, which goes on until it succeeds.
 */
export function isAccepted({accepted, checked, tail}: Position): boolean {
  return accepted === true || (checked && !tail)
}

/**
 * Why a command fails. `start`: a program cannot be started. `want`: a file that a command asks for is not there, and
 * may be given to the container when it is run; `made` is what the command makes then.
 */
export type Failure =
  | {readonly kind: 'start'; readonly isTold: boolean; readonly isCertain: boolean}
  | {readonly kind: 'want'; readonly made: readonly Doubt[]}

/** What a shell knows at one point of a script. Mutable: the evaluator forks it where ways part. */
export interface ShellState {
  /** Variables that are set. */
  vars: Map<string, Value>
  exported: Set<string>
  /** bash's arrays; of one without elements here nothing is known. The first element is also in `vars`. */
  arrays: Map<string, readonly Value[] | undefined>
  /** Something unknown has run in this shell: a variable that is not in `vars` may be set all the same. */
  opaque: boolean
  /** `$1` and on; undefined where they are not known. */
  params: readonly Value[] | undefined
  /** All that they may be, where `params` is undefined and that is known; undefined among them for anything. */
  paramWays: readonly (readonly Value[] | undefined)[] | undefined
  /** `$0`. */
  name: string
  /** Undefined where a `cd` led somewhere unknown. */
  cwd: string | undefined
  functions: Map<string, Definition>
  /** Functions that are being run, and files that are read in by `.`: the innermost first. */
  frames: readonly Frame[]
  /** It runs a file, not the text of `-c`. */
  readonly isFile: boolean
  /** Its text may be made of what somebody else was given. */
  isGiven?: boolean
  /** The file that bash reads on in while it runs, and what had become of it before. */
  own?: {readonly path: string; readonly change: Change | undefined}
  /** It has bash's arrays: dash and busybox have none. */
  readonly hasArrays: boolean
  /** What the variables were that the function at work has made its own: undefined where they were not set. */
  locals: Map<string, Value | undefined>
  isInFunction: boolean
  /** Undefined where only the run knows it. */
  umask: number | undefined
  /** `trap TEXT EXIT`; empty for none. */
  exitTrap: Value
  /** bash's `trap TEXT ERR`; empty for none. */
  errorTrap: Value
  /** `set -E`: functions and subshells have that trap, too. */
  errtrace: boolean
  /** `set -e`. */
  errexit: boolean
  /** `set +e` was said, and no `set -e` since. */
  forgives: boolean
  /** `set -u`. */
  nounset: boolean
  /** `set -o pipefail`: undefined where it may be set. */
  pipefail: boolean | undefined
  /** `set -a`: what is set is exported. */
  allexport: boolean
  /** `set -f`: no pattern is looked for. */
  noglob: boolean
  /** `set -C`: `>` opens no file that is there; undefined where that may be so. */
  noclobber: boolean | undefined
  /** A file of the redirected compound command could not be opened, and it was not run. */
  isUnopened: boolean
  /** bash's `shopt -s execfail`: it goes on where it cannot become the program of `exec`. */
  execfail: boolean
  /** bash's `shopt -s inherit_errexit`: `set -e` holds in command substitutions too. */
  inheritsErrexit: boolean
  /** bash's `shopt -s nullglob`: a pattern that matches nothing is not a word. */
  nullglob: boolean
  /** Nothing has set another option that changes what a pattern matches. */
  knowsPatterns: boolean
  aliases: Aliases
  constants: Constants
  places: Places
  /** The lines that are read, each of its text: the innermost text first. */
  lines: readonly Line[]
  /** What is left of the input that the commands of a compound command share; absent where it has none of its own. */
  unread: Value | undefined
  /** bash's `shopt -s expand_aliases`; absent where nothing has been said. */
  hasAliases?: boolean
  flow: Flow
  /** A special built-in has refused its words. */
  isMisused: boolean
  /** The loops around, in the same function. */
  loops: number
  /** How many of them `break` and `continue` still leave. */
  levels: number
  /** Ways that may have been gone and have left: they come back where that ends which they have left. */
  aside: readonly ShellState[]
  /** Whether nothing but a failure can have kept the shell from coming here. */
  certainty: Certainty
  /** The files, as the script has changed them. */
  world: World
  /**
   * Where this shell stands in the one that forked it, `checked` where its failure ends the script. Absent of the
   * script's own shell.
   */
  enclosing: Position | undefined
  /** Only what becomes of the files matters. */
  isGlance: boolean
  /** What is run again to report what it passed over: its failure ends the script. */
  isTelling: boolean
  /** How the last command ended: `$?`. */
  last: Status
  /** How the last command substitution ended. */
  substituted: Status | undefined
  /** What the last command that failed, failed for. */
  failure: Failure | undefined
  /** Whether the last program is not in the image, may have been made before, and was passed over in silence. */
  isPassedOver: boolean
  /** What was written to standard output since somebody began to read it. */
  output: Value
  /** `exec >FILE`: standard output is nothing that anybody reads. */
  isMuted: boolean
  dialect: Dialect | undefined
  /** What following costs: the same for all forks. */
  readonly budget: Budget
  /** What `test` says of a file: the same for all forks. */
  readonly look: Look
  /** What a pattern finds in a directory: the same for all forks. */
  readonly list: List
}

/** What a pattern finds in a directory, relative to the shell's. */
export type List = (directory: string, state: ShellState) => Promise<VisibleNames>

export type Look = (operator: string, path: string, state: ShellState) => Promise<Status>

export function newState(options: {
  readonly env: Environment
  readonly params: readonly Value[]
  readonly name: string
  readonly cwd: string | undefined
  readonly errexit: boolean
  readonly isFile?: boolean
  readonly hasArrays?: boolean
  readonly world?: World
  readonly look?: Look
  readonly list?: List
  readonly dialect?: Dialect | undefined
}): ShellState {
  const {budget = new Budget(), ...world} = options.world ?? EMPTY_WORLD
  return {
    vars: new Map<string, Value>([
      ['IFS', ' \t\n'],
      // Set by the engine to the container's id, unless a setting says otherwise.
      ['HOSTNAME', {unknown: '$HOSTNAME'}],
      ...options.env,
      ['PWD', options.cwd ?? {unknown: '$PWD'}],
    ]),
    exported: new Set(options.env.keys()),
    arrays: new Map(),
    opaque: false,
    params: options.params,
    paramWays: undefined,
    name: options.name,
    cwd: options.cwd,
    functions: new Map(),
    frames: [],
    isFile: options.isFile ?? false,
    hasArrays: options.hasArrays ?? true,
    locals: new Map(),
    isInFunction: false,
    umask: UMASK,
    exitTrap: '',
    errorTrap: '',
    errtrace: false,
    errexit: options.errexit,
    forgives: false,
    nounset: false,
    pipefail: false,
    allexport: false,
    noglob: false,
    noclobber: false,
    isUnopened: false,
    execfail: false,
    inheritsErrexit: false,
    nullglob: false,
    knowsPatterns: true,
    aliases: new Map(),
    constants: new Map(),
    places: new Map(),
    lines: [],
    unread: undefined,
    flow: 'next',
    isMisused: false,
    loops: 0,
    levels: 0,
    aside: [],
    certainty: 'certain',
    enclosing: undefined,
    isGlance: false,
    isTelling: false,
    last: 'success',
    substituted: undefined,
    failure: undefined,
    isPassedOver: false,
    world: {...world, budget},
    output: '',
    isMuted: false,
    dialect: options.dialect,
    budget,
    look: options.look ?? (async () => 'unknown'),
    list: options.list ?? (async () => ({names: [], isOpen: true})),
  }
}

export function fork(state: ShellState): ShellState {
  chargeCopy(state)
  return {
    ...state,
    vars: new Map(state.vars),
    exported: new Set(state.exported),
    arrays: new Map(state.arrays),
    functions: new Map(state.functions),
    locals: new Map(state.locals),
  }
}

/** A shell that is forked off: it knows no trap and no way that has left, and its output is read by another. */
export function forkShell(state: ShellState, enclosing: Position): ShellState {
  const checked = enclosing.checked && state.errexit && endsScript(state)
  return {
    ...fork(state),
    enclosing: {...enclosing, checked},
    aside: [],
    exitTrap: '',
    errorTrap: state.errtrace ? state.errorTrap : '',
  }
}

/** Whether the script ends in failure where this shell does. */
export function endsScript({enclosing}: ShellState): boolean {
  return enclosing === undefined || enclosing.tail || enclosing.checked
}

/** Other parameters: `set`, `shift`; undefined where only the run knows them. */
export function setParams(state: ShellState, params: readonly Value[] | undefined): void {
  Object.assign(state, {params, paramWays: undefined})
}

/** Charges a copy of the variables. */
export function chargeCopy({budget, vars, exported, arrays, functions}: ShellState): void {
  budget.charge('work', ENTRY * (vars.size + exported.size + arrays.size + functions.size))
}
