import {eitherValue} from '../world/value.ts'
import {assign} from './assign.ts'
import type {Evaluator} from './evaluator.ts'
import type {ShellState, Status, Value} from './state.ts'
import type {Assignment} from './syntax.ts'

/** The special built-ins, XCU 2.14. */
export const SPECIAL = ': . break continue eval exec exit export readonly return set shift times trap unset'.split(' ')

/** `A=1 program`, which `run` starts: the variables are the program's alone. */
export async function runWithAssignments(
  evaluator: Evaluator,
  assignments: readonly Assignment[],
  words: readonly Value[],
  state: ShellState,
  run: () => Promise<Status>,
): Promise<Status> {
  if (assignments.length === 0) return run()
  const isProgram = words[0] === 'exec' && words.length > 1
  if (typeof words[0] === 'string' && SPECIAL.includes(words[0]) && !isProgram && state.dialect !== 'bash')
    return runSpecial(evaluator, assignments, state, run)
  const before = assignments.map(({name}) => [name, state.vars.get(name), state.exported.has(name)] as const)
  const {places} = state
  for (const assignment of assignments) {
    await assign(evaluator, assignment, state)
    state.exported.add(assignment.name)
  }
  const status = await run()
  if (state.flow !== 'next') return status
  // In another PATH nothing is remembered.
  if (assignments.some(({name}) => name === 'PATH')) state.places = places
  for (const [name, value, isExported] of before) {
    if (value === undefined) state.vars.delete(name)
    else state.vars.set(name, value)
    if (!isExported) state.exported.delete(name)
  }
  return status
}

/** `A=1 eval …`: the variables of a special built-in stay, XCU 2.14, but not in bash by its own name. */
async function runSpecial(
  evaluator: Evaluator,
  assignments: readonly Assignment[],
  state: ShellState,
  run: () => Promise<Status>,
): Promise<Status> {
  const before = new Map(assignments.map(({name}) => [name, state.vars.get(name)]))
  for (const assignment of assignments) {
    await assign(evaluator, assignment, state)
    if (state.dialect === 'posix') state.exported.add(assignment.name)
  }
  const status = await run()
  if (state.dialect !== undefined) return status
  for (const [name, value] of before) state.vars.set(name, eitherValue(value ?? '', state.vars.get(name), `$${name}`))
  return status
}
