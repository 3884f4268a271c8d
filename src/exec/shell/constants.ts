import {ENTRY} from '../budget.ts'
import {makesLocal} from './functions.ts'
import {park} from './join.ts'
import {SPECIAL} from './prefixed.ts'
import {DECLARING} from './simple.ts'
import type {ShellState, Status, Value} from './state.ts'
import type {Assignment} from './syntax.ts'

export function makeConstant(state: ShellState, name: string): void {
  state.budget.charge('work', ENTRY * state.constants.size)
  state.constants = new Map([...state.constants, [name, 'certainly']])
}

/**
 * What comes of a command that sets a constant, measured with dash 0.5.12, busybox 1.35 and bash 5.2; undefined where
 * it sets none, or is run all the same.
 */
export function refuseConstants(
  assignments: readonly Assignment[],
  words: readonly Value[],
  state: ShellState,
): Status | undefined {
  if (state.constants.size === 0) return undefined
  const [name] = words
  if (name === undefined) {
    const all = assignments.map(assignment => assignment.name)
    return refuse(all, state, {dash: 'exit', posix: 'exit', bash: 'discard'})
  }
  // bash starts the command without the assignment.
  const own = refuse(
    assignments.map(assignment => assignment.name),
    state,
    {dash: 'exit', posix: 'perhaps', bash: 'perhaps'},
  )
  if (own !== undefined) return own
  const operands = words.slice(1).filter(word => typeof word === 'string')
  if (name === 'read') return refuse(operands, state, {dash: 'fail', posix: 'fail', bash: 'fail'})
  if (name === 'unset') {
    const isOfFunctions = operands.includes('-f')
    return isOfFunctions ? undefined : refuse(operands, state, {dash: 'exit', posix: 'fail', bash: 'fail'})
  }
  if (typeof name !== 'string' || !DECLARING.includes(name)) return undefined
  // A variable of a function's own is refused without a value, too: dash's keeps what it has.
  const isOwn = makesLocal(name, operands, state)
  const set = operands
    .filter(word => word.includes('=') || (isOwn && state.dialect !== 'dash'))
    .map(word => word.replace(/\+?=.*$/s, ''))
  return refuse(set, state, {dash: 'exit', posix: SPECIAL.includes(name) ? 'exit' : 'fail', bash: 'fail'})
}

/** The variable of a `for`. */
export function refuseLoop(name: string | undefined, state: ShellState): Status | undefined {
  return name === undefined ? undefined : refuse([name], state, {dash: 'exit', posix: 'exit', bash: 'fail'})
}

/** What an expansion has set, `$((NAME = 1))`; `before` is what the constants were. */
export function refuseExpansion(before: ReadonlyMap<string, Value | undefined>, state: ShellState): Status | undefined {
  const set = [...before].filter(([name, value]) => state.vars.get(name) !== value)
  for (const [name, value] of set) {
    if (value === undefined) state.vars.delete(name)
    else state.vars.set(name, value)
  }
  const names = set.map(([name]) => name)
  return refuse(names, state, {dash: 'exit', posix: 'exit', bash: 'discard'})
}

export function valuesOfConstants({constants, vars, budget}: ShellState): ReadonlyMap<string, Value | undefined> {
  budget.charge('work', 4 * ENTRY * constants.size)
  return new Map([...constants.keys()].map(name => [name, vars.get(name)]))
}

type End = 'exit' | 'discard' | 'fail' | 'perhaps'

function refuse(
  names: readonly string[],
  state: ShellState,
  ends: Readonly<Record<'dash' | 'posix' | 'bash', End>>,
): Status | undefined {
  const kinds = names.flatMap(name => state.constants.get(name) ?? [])
  if (kinds.length === 0) return undefined
  const {dialect} = state
  const end = dialect && ends[dialect === 'ash' ? 'dash' : dialect]
  if (!end || end === 'perhaps' || !kinds.includes('certainly')) {
    park(state, state, 'exit-failure')
    for (const name of names) state.vars.set(name, {unknown: `$${name}`})
    state.certainty = 'likely'
    return 'unknown'
  }
  // With `set -e` it goes on nowhere, whatever is around it.
  if (end !== 'fail') state.flow = end === 'exit' || state.errexit ? 'exit-failure' : 'discard'
  return 'failure'
}
