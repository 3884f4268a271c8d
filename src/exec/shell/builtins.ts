import {defineAliases, removeAliases} from './aliases.ts'
import {calculate} from './calculate.ts'
import {evaluateTest} from './condition.ts'
import {makeConstant} from './constants.ts'
import {isAlmquist, isBash} from './dialect.ts'
import {changeDirectory, printDirectory} from './directory.ts'
import type {Evaluator} from './evaluator.ts'
import {makeLocal, makesLocal} from './functions.ts'
import {getopts} from './getopts.ts'
import {leave} from './leave.ts'
import {print} from './output.ts'
import {forgetPlaces, remember} from './places.ts'
import {read} from './read.ts'
import {runSet, runShift, runUmask} from './settings.ts'
import type {ShellState, Status, Value} from './state.ts'
import {testerOf} from './tester.ts'
import {forgetPath} from './variables.ts'

/** Builtins that change nothing that is modelled: what they do is not known, or does not matter. */
const INERT = new Set(
  (
    'alias bg bind caller compgen complete disown enable fc fg hash help history jobs kill logout shopt suspend times ' +
    'type ulimit unalias wait'
  ).split(' '),
)

/** Options of bash's `shopt` that change what a pattern matches, besides `nullglob`. */
const CHANGES_PATTERNS = new Set('dotglob failglob globasciiranges globskipdots globstar nocaseglob'.split(' '))

/** Builtins and regular commands that always succeed. */
const SUCCEEDING = new Set([':', 'true', 'shopt'])

/**
 * Runs a builtin that needs nothing but the state. Undefined where `name` is none of them: `exec`, `eval`, `.`,
 * `command` are the evaluator's own, all others are programs.
 */
export async function runBuiltin(
  {host}: Pick<Evaluator, 'host'>,
  name: string,
  args: readonly Value[],
  state: ShellState,
  input?: Value,
): Promise<Status | undefined> {
  const testFile = testerOf(host, state)
  switch (name) {
    case 'false':
      return 'failure'
    case '[':
      return args.at(-1) === ']' ? evaluateTest(args.slice(0, -1), testFile, state.dialect) : 'failure'
    case 'test':
      return evaluateTest(args, testFile, state.dialect)
    case 'set':
      return runSet(args, state)
    case 'shift':
      return runShift(args[0], state)
    case 'wait':
      return args.length === 0 ? 'success' : 'unknown'
    case 'umask':
      return runUmask(args, state)
    case 'cd':
    case 'pushd':
      return changeDirectory(args, state, testFile)
    case 'popd':
      state.cwd = undefined
      return 'unknown'
    case 'pwd':
      return printDirectory(args, state, testFile)
    case 'echo':
      print(state, (await host.print(name, args, state)).output)
      return 'success'
    case 'declare':
    case 'typeset':
      if (isAlmquist(state.dialect)) return undefined
      return declare(name, args, state)
    case 'export':
    case 'readonly':
    case 'local':
      return declare(name, args, state)
    case 'unset':
      for (const arg of args) if (typeof arg === 'string') unset(arg, args.includes('-f'), state)
      return 'success'
    case 'read':
      return read(args, state, input)
    case 'getopts':
      return getopts(args, state)
    case 'alias':
      return defineAliases(args, state)
    case 'hash':
      return runHash(args, state)
    case 'unalias':
      return removeAliases(args, state)
    case 'let':
      return state.dialect === 'dash' ? undefined : runLet(args, state)
    case 'mapfile':
    case 'readarray':
      for (const arg of args) {
        if (typeof arg !== 'string' || !isName(arg)) continue
        state.vars.set(arg, {unknown: `$${arg}`})
        state.arrays.set(arg, undefined)
      }
      return 'unknown'
    case 'printf':
      if (args[0] === '-v' && typeof args[1] === 'string') state.vars.set(args[1], {unknown: `$${args[1]}`})
      else print(state, (await host.print(name, args, state)).output)
      return 'success'
    case 'break':
    case 'continue':
    case 'return':
    case 'exit':
      return leave(name, args[0], state)
    case 'shopt':
      if (args[0] !== '-s' && args[0] !== '-u') return 'unknown'
      if (!args.slice(1).every(name => typeof name === 'string' && !CHANGES_PATTERNS.has(name)))
        state.knowsPatterns = false
      if (args.includes('nullglob')) state.nullglob = args[0] === '-s'
      if (args.includes('execfail')) state.execfail = args[0] === '-s' && isBash(state.dialect)
      if (args.includes('inherit_errexit')) state.inheritsErrexit = args[0] === '-s'
      if (args.includes('expand_aliases')) state.hasAliases = args[0] === '-s'
      return 'unknown'
    default:
      if (SUCCEEDING.has(name)) return 'success'
      return INERT.has(name) ? 'unknown' : undefined
  }
}

/** `hash` without a name: `-r` and `-d NAME` forget where commands are, `-p PATH NAME` says where one is. */
function runHash(args: readonly Value[], state: ShellState): Status {
  const names = args.filter(arg => typeof arg === 'string')
  if (args[0] === '-r') forgetPlaces(state)
  else if (args[0] === '-d') for (const name of names.slice(1)) forgetPlaces(state, name)
  else if (args[0] === '-p') remember(state, args[2], names[1], typeof args[1] === 'string')
  return 'success'
}

/** `let EXPRESSION…`, of bash and ash: how it ends is what the last comes to. */
function runLet(args: readonly Value[], state: ShellState): Status {
  let last: Value = '0'
  for (const arg of args) last = calculate(arg, typeof arg === 'string' ? arg : arg.unknown, state)
  return typeof last !== 'string' ? 'unknown' : last === '0' ? 'failure' : 'success'
}

const OWN =
  'trap umask [ test cd pushd popd pwd echo printf set shift export readonly local declare typeset unset read mapfile readarray getopts ' +
  'break continue return exit exec eval . source command builtin false let'

/** Whether a name is the shell's own. */
export function isBuiltin(name: string): boolean {
  return INERT.has(name) || SUCCEEDING.has(name) || OWN.split(' ').includes(name)
}

function declare(name: string, args: readonly Value[], state: ShellState): Status {
  if (name === 'local' && !state.isInFunction && state.dialect !== undefined) {
    // dash and ash end, bash goes on.
    if (isAlmquist(state.dialect)) state.flow = 'exit-failure'
    return 'failure'
  }
  const options = args.filter(arg => typeof arg === 'string' && /^[-+][a-zA-Z]+$/.test(arg))
  const exports = name === 'export' ? !options.includes('-n') : options.some(option => String(option).includes('x'))
  const isConstant =
    !options.includes('-f') &&
    (name === 'readonly' || (!state.isInFunction && options.some(option => /^-\w*r/.test(String(option)))))
  const isLocal = makesLocal(name, args, state)
  for (const arg of args) {
    if (options.includes(arg)) continue
    if (typeof arg !== 'string') {
      declareUnknown(arg.unknown, exports, state)
      continue
    }
    const equals = arg.indexOf('=')
    const append = arg[equals - 1] === '+'
    const variable = equals < 0 ? arg : arg.slice(0, append ? equals - 1 : equals)
    if (!isName(variable)) continue
    if (isLocal) makeLocal(state, variable)
    if (equals >= 0) {
      const before = append ? state.vars.get(variable) : ''
      const value = arg.slice(equals + 1)
      state.budget.chargeValue(value.length + (typeof before === 'string' ? before.length : 0))
      state.vars.set(
        variable,
        typeof (before ?? '') === 'string' ? `${before ?? ''}${value}` : {unknown: `$${variable}`},
      )
    } else if (name === 'local' && state.dialect !== 'dash') unsetValue(variable, state)
    if (exports || (state.allexport && equals >= 0)) state.exported.add(variable)
    if (variable === 'PATH' && equals >= 0) forgetPlaces(state)
    if (isConstant) makeConstant(state, variable)
  }
  return 'success'
}

/** `export NAME=$(…)`: the name is still known from the text; without one anything may have been set. */
function declareUnknown(text: string, exports: boolean, state: ShellState): void {
  const variable = text.slice(0, Math.max(text.indexOf('='), 0))
  if (!isName(variable)) {
    forgetPath(state)
    return
  }
  state.vars.set(variable, {unknown: `$${variable}`})
  if (exports) state.exported.add(variable)
}

function unsetValue(name: string, state: ShellState): void {
  state.vars.delete(name)
  state.arrays.delete(name)
}

function unset(name: string, isFunction: boolean, state: ShellState): void {
  if (isFunction) {
    state.functions.delete(name)
    return
  }
  const [, array] = /^([A-Za-z_]\w*)\[/.exec(name) ?? []
  if (array !== undefined) {
    state.arrays.set(array, undefined)
    state.vars.set(array, {unknown: `$${array}`})
    return
  }
  unsetValue(name, state)
  state.exported.delete(name)
  if (name === 'PATH') forgetPlaces(state)
}

function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text)
}
