import {ENTRY} from '../budget.ts'
import {makesLocal} from './functions.ts'
import {park} from './join.ts'
import {SPECIAL} from './prefixed.ts'
import {DECLARING} from './simple.ts'
import type {Flow, ShellState, Status, Value} from './state.ts'
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

/** What may become of `NAME=x command`: it is run, or without the assignments to constants, or not at all. */
export type PrefixedWay = 'run' | 'without' | 'exit' | 'discard'

/** That of a command of which the words are `words`, as measured with the same shells. */
export function waysOfPrefix(
  assignments: readonly Assignment[],
  [name]: readonly Value[],
  {constants, dialect}: ShellState,
): readonly PrefixedWay[] {
  const kinds = assignments.flatMap(assignment => constants.get(assignment.name) ?? [])
  if (kinds.length === 0 || name === undefined) return ['run']
  const isSpecial = typeof name === 'string' && SPECIAL.includes(name)
  const ends = {dash: 'exit', posix: isSpecial ? 'exit' : 'discard', bash: 'without'} as const
  const refused = dialect ? [ends[dialect === 'ash' ? 'dash' : dialect]] : new Set(Object.values(ends))
  return [...(kinds.includes('certainly') ? [] : ['run' as const]), ...refused]
}

export const withoutConstants = (assignments: readonly Assignment[], {constants}: ShellState): readonly Assignment[] =>
  assignments.filter(({name}) => !constants.has(name))

/** Leaves the shell, or the line; with `set -e` it goes on nowhere, whatever is around it. */
export function leave(state: ShellState, by: 'exit' | 'discard'): Status {
  state.flow = leftBy(by, state)
  return 'failure'
}

const leftBy = (by: 'exit' | 'discard', {errexit}: ShellState): Flow =>
  by === 'exit' || errexit ? 'exit-failure' : 'discard'

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

type End = 'exit' | 'discard' | 'fail'

function refuse(
  names: readonly string[],
  state: ShellState,
  ends: Readonly<Record<'dash' | 'posix' | 'bash', End>>,
): Status | undefined {
  const kinds = names.flatMap(name => state.constants.get(name) ?? [])
  if (kinds.length === 0) return undefined
  const {dialect} = state
  const possible = dialect ? [ends[dialect === 'ash' ? 'dash' : dialect]] : [...new Set(Object.values(ends))]
  const [end = 'fail'] = possible
  if (possible.length > 1 || !kinds.includes('certainly')) {
    for (const one of possible) if (one !== 'fail') park(state, state, leftBy(one, state))
    for (const name of names) state.vars.set(name, {unknown: `$${name}`})
    state.certainty = 'likely'
    return 'unknown'
  }
  return end === 'fail' ? 'failure' : leave(state, end)
}
