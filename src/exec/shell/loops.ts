import {MAX_ROUNDS} from '../budget.ts'
import {joinWorlds} from '../world/world.ts'
import {negate} from './condition.ts'
import type {Evaluator, Position} from './evaluator.ts'
import {expandWord} from './expand.ts'
import {fork, join, type ShellState, type Status, type Value} from './state.ts'
import type {Command, List} from './syntax.ts'

type Of<Kind extends Command['kind']> = Extract<Command, {kind: Kind}>

/** `while` and `until`: round by round as long as the condition is known. */
export async function runWhile(
  evaluator: Evaluator,
  {until, condition, body}: Of<'while'>,
  state: ShellState,
  position: Position,
): Promise<Status> {
  const inside = {...position, tail: false}
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = snapshot(state)
    const tested = await evaluator.list(condition, state, {...inside, checked: false, tolerated: true})
    if (state.flow !== 'next') return 'unknown'
    const status = until ? negate(tested) : tested
    if (status === 'failure') return 'success'
    if (status === 'unknown') return runSometimes(evaluator, body, state, inside)
    await evaluator.list(body, state, inside)
    if (leaveLoop(state) || state.flow !== 'next') return 'unknown'
    if (snapshot(state) !== before) continue
    // Nothing changes any more: it goes on for ever, if nothing that was not certain ended it.
    if (state.certainty === 'certain') state.flow = 'gone'
    return 'unknown'
  }
  const status = await runSometimes(evaluator, body, state, inside)
  // It may end or not.
  state.certainty = 'likely'
  return status
}

/** `for`: round by round where the words are known. */
export async function runFor(
  evaluator: Evaluator,
  {name, words, unknowable, body}: Of<'for'>,
  state: ShellState,
  position: Position,
): Promise<Status> {
  const inside = {...position, tail: false}
  const values: Value[] | undefined = words ? [] : state.params && [...state.params]
  for (const word of words ?? []) values?.push(...(await expandWord(word, state, evaluator.substitute)))
  const known = !unknowable && values?.every(value => typeof value === 'string') && values.length <= MAX_ROUNDS
  if (!values || !known) {
    if (name !== undefined) state.vars.set(name, {unknown: `$${name}`})
    return runSometimes(evaluator, body, state, inside)
  }
  for (const value of values) {
    if (name !== undefined) state.vars.set(name, value)
    await evaluator.list(body, state, inside)
    if (leaveLoop(state) || state.flow !== 'next') return 'unknown'
  }
  return 'success'
}

/** A body that runs any number of times: what it sets is not known, neither afterwards nor in its second round. */
async function runSometimes(evaluator: Evaluator, body: List, state: ShellState, position: Position): Promise<Status> {
  const trial = fork(state)
  trial.certainty = 'likely'
  const {reached} = evaluator
  const mark = reached.length
  await evaluator.host.rehearse(async () => {
    await evaluator.list(body, trial, {...position, guarded: true})
  })
  reached.splice(mark)
  const way = fork(state)
  for (const [variable, value] of trial.vars) {
    if (value !== state.vars.get(variable)) way.vars.set(variable, {unknown: `$${variable}`})
  }
  if (trial.params?.length !== state.params?.length) way.params = undefined
  way.certainty = 'likely'
  way.world = joinWorlds(way.world, trial.world)
  await evaluator.list(body, way, {...position, guarded: true})
  leaveLoop(way)
  join(state, [way, fork(state)], state.certainty)
  return 'unknown'
}

/** Out of the loop, where a `break` or a `continue` led; true where one did. */
function leaveLoop(state: ShellState): boolean {
  if (state.flow !== 'break') return false
  state.flow = 'next'
  return true
}

function snapshot(state: ShellState): string {
  const text = JSON.stringify([[...state.vars], state.params, state.cwd, [...state.world.changes], state.world.doubts])
  state.budget.charge('work', text.length)
  return text
}
