import {Budget, ENTRY} from '../budget.ts'
import type {Environment} from '../command.ts'
import type {Certainty} from '../steps.ts'
import {eitherValue, type Status, type Value} from '../world/value.ts'
import {type Doubt, EMPTY_WORLD, joinWorlds, type World} from '../world/world.ts'
import type {Command} from './syntax.ts'

export type {Status, Unknown, Value} from '../world/value.ts'

/** Where the shell goes on: with the next command, or out of something. `gone`: another program has taken its place. */
export type Flow = 'next' | 'break' | 'return' | 'exit-failure' | 'exit' | 'gone'

/** Where a command stands. */
export interface Position {
  /** Nothing comes after it in this shell: its end is the shell's. */
  readonly tail: boolean
  /** `set -e` ends the shell where it fails. */
  readonly checked: boolean
  readonly guarded: boolean
  /** Whether it succeeds is asked, or does not matter: a condition, the left side of `||`. */
  readonly tolerated: boolean
  readonly background: boolean
  /** It stands before the last `&&` of a script: where it fails, the script ends. */
  readonly leads?: boolean
  readonly input?: Value
}

/**
 * Why a command fails. `start`: a program cannot be started. `want`: a file that a command asks for is not there, and
 * may be given to the container when it is run; `made` is what the command makes then.
 */
export type Failure =
  | {readonly kind: 'start'; readonly isTold: boolean; readonly isCertain: boolean}
  | {readonly kind: 'want'; readonly made: readonly Doubt[]}

/** A function, and the file that it stands in. */
export interface Definition {
  readonly body: Command
  readonly source: string
}

/** A function that is being run, or a file that is read in: of that `name` is `source`, as in bash's FUNCNAME. */
export interface Frame {
  readonly name: string
  readonly source: string
}

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
  /** `$0`. */
  name: string
  /** Undefined where a `cd` led somewhere unknown. */
  cwd: string | undefined
  functions: Map<string, Definition>
  /** Functions that are being run, and files that are read in by `.`: the innermost first. */
  frames: readonly Frame[]
  /** It runs a file, not the text of `-c`. */
  readonly isFile: boolean
  /** It has bash's arrays: dash and busybox have none. */
  readonly hasArrays: boolean
  /** `set -e`. */
  errexit: boolean
  /** bash's `shopt -s nullglob`: a pattern that matches nothing is no word. */
  nullglob: boolean
  flow: Flow
  /** Whether nothing but a failure can have kept the shell from coming here. */
  certainty: Certainty
  /** The files, as the script has changed them. */
  world: World
  /** Where this shell stands in the one that forked it: a subshell. Absent of the script's own shell. */
  enclosing: Position | undefined
  /** What is run again to tell of what it was silent of: its failure ends the script. */
  isTelling: boolean
  /** How the last command ended: `$?`. */
  last: Status
  /** How the last command substitution ended. */
  substituted: Status | undefined
  /** What the last command that failed, failed for. */
  failure: Failure | undefined
  /** What was written to standard output since somebody began to read it. */
  output: Value
  /** What following costs: the same for all forks. */
  readonly budget: Budget
  /** What `test` says of a file: the same for all forks. */
  readonly look: Look
}

export type Look = (operator: string, path: string, state: ShellState) => Promise<Status>

export function newState(options: {
  readonly env: Environment
  readonly params: readonly Value[]
  readonly name: string
  readonly cwd: string
  readonly errexit: boolean
  readonly isFile?: boolean
  readonly hasArrays?: boolean
  readonly world?: World
  readonly look?: Look
}): ShellState {
  const {budget = new Budget(), ...world} = options.world ?? EMPTY_WORLD
  return {
    vars: new Map<string, Value>([
      ['IFS', ' \t\n'],
      // Set by the engine to the container's id, unless told otherwise.
      ['HOSTNAME', {unknown: '$HOSTNAME'}],
      ...options.env,
      ['PWD', options.cwd],
    ]),
    exported: new Set(options.env.keys()),
    arrays: new Map(),
    opaque: false,
    params: options.params,
    name: options.name,
    cwd: options.cwd,
    functions: new Map(),
    frames: [],
    isFile: options.isFile ?? false,
    hasArrays: options.hasArrays ?? true,
    errexit: options.errexit,
    nullglob: false,
    flow: 'next',
    certainty: 'certain',
    enclosing: undefined,
    isTelling: false,
    last: 'success',
    substituted: undefined,
    failure: undefined,
    world: {...world, budget},
    output: '',
    budget,
    look: options.look ?? (async () => 'unknown'),
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
  }
}

/**
 * Makes `state` what is known after one of several ways was gone; a way that left the shell does not count. What comes
 * after is as certain as what came before, unless a way may have left the shell in good order.
 */
export function join(state: ShellState, ways: readonly ShellState[], before: Certainty): void {
  const going = ways.filter(way => way.flow === 'next')
  const left = ways.filter(way => way.flow !== 'next')
  const [first] = going
  if (!first) {
    const kept = ways.find(way => way.flow !== 'exit-failure') ?? ways[0]
    if (kept) Object.assign(state, kept)
    return
  }
  const certainty = left.every(way => way.flow === 'exit-failure') ? before : 'likely'
  const merged = going.slice(1).reduce(mergeTwo, first)
  Object.assign(state, merged, {certainty, flow: 'next'})
}

/** Charges a copy of the variables. */
export function chargeCopy({budget, vars, exported, arrays, functions}: ShellState): void {
  budget.charge('work', ENTRY * (vars.size + exported.size + arrays.size + functions.size))
}

function mergeTwo(a: ShellState, b: ShellState): ShellState {
  chargeCopy(a)
  chargeCopy(b)
  const vars = new Map<string, Value>()
  for (const name of new Set([...a.vars.keys(), ...b.vars.keys()])) {
    const one = a.vars.get(name)
    const other = b.vars.get(name)
    vars.set(name, one === other && one !== undefined ? one : eitherValue(one, other, `$${name}`))
  }
  const sameParams =
    a.params?.length === b.params?.length && a.params?.every((value, index) => value === b.params?.[index])
  return {
    ...a,
    vars,
    exported: new Set([...a.exported, ...b.exported]),
    arrays: joinArrays(a.arrays, b.arrays),
    functions: new Map([...a.functions, ...b.functions]),
    opaque: a.opaque || b.opaque,
    params: sameParams ? a.params : undefined,
    cwd: a.cwd === b.cwd ? a.cwd : undefined,
    errexit: a.errexit && b.errexit,
    world: joinWorlds(a.world, b.world),
    output: eitherValue(a.output, b.output, '$(…)'),
    last: a.last === b.last ? a.last : 'unknown',
    failure: undefined,
  }
}

/** Of two ways that a script may have gone: the arrays that both agree on. */
function joinArrays(one: ShellState['arrays'], other: ShellState['arrays']): ShellState['arrays'] {
  const joined: ShellState['arrays'] = new Map()
  for (const name of new Set([...one.keys(), ...other.keys()])) {
    const [a, b] = [one.get(name), other.get(name)]
    const isSame = a !== undefined && a.length === b?.length && a.every((value, index) => value === b[index])
    joined.set(name, isSame ? a : undefined)
  }
  return joined
}

/** After something that may have set any variable: programs may be looked for anywhere. */
export function forgetPath(state: ShellState): void {
  state.opaque = true
  state.vars.set('PATH', {unknown: '$PATH'})
  state.exported.add('PATH')
}

/** What a variable holds; undefined where it is not set. */
export function readVariable(state: ShellState, name: string): Value | undefined {
  return state.vars.get(name) ?? (state.opaque ? {unknown: `$${name}`} : undefined)
}

/** The environment of a command; what only the run knows is left out, and named. */
export function exportedEnvironment(state: ShellState): {
  readonly env: Environment
  readonly unknown: ReadonlySet<string>
} {
  const env = new Map<string, string>()
  const unknown = new Set<string>()
  for (const name of state.exported) {
    const value = state.vars.get(name)
    // Whoever is started with it compares it.
    if (typeof value === 'string') state.budget.charge('work', ENTRY + value.length)
    if (typeof value === 'string') env.set(name, value)
    else if (value) unknown.add(name)
  }
  return {env, unknown}
}

/** After text that nobody has read: any variable may be any, but for what came in from outside. */
export function forgetAll(state: ShellState): void {
  chargeCopy(state)
  state.opaque = true
  for (const name of state.vars.keys()) {
    if (name !== 'IFS' && !state.exported.has(name)) state.vars.set(name, {unknown: `$${name}`})
  }
}
