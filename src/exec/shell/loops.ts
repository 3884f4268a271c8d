import {MAX_ROUNDS} from '../budget.ts'
import {joinWorlds} from '../world/join-worlds.ts'
import {anyOr} from '../world/value.ts'
import {negate} from './condition.ts'
import {refuseLoop} from './constants.ts'
import type {Evaluator, Position} from './evaluator.ts'
import {expandWord} from './expand.ts'
import {beyond, type ComesBack, join, keepAside, resume} from './join.ts'
import {fork, type ShellState, type Status, setParams, type Value} from './state.ts'
import type {Command, List} from './syntax.ts'

type Of<Kind extends Command['kind']> = Extract<Command, {kind: Kind}>

/** `while` and `until`: round by round as long as the condition is known. */
export async function runWhile(
  evaluator: Evaluator,
  command: Of<'while'>,
  state: ShellState,
  position: Position,
): Promise<Status> {
  return loop(state, async () => {
    const {until, condition, body} = command
    const inside = beyond({...position, tail: false}, beyondLoop)
    const {certainty} = state
    let status: Status = 'success'
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const before = snapshot(state)
      const tested = await evaluator.list(condition, state, {...inside, checked: false, tolerated: true})
      if (state.flow !== 'next') return 'unknown'
      const holds = until ? negate(tested) : tested
      if (holds === 'failure') return status
      if (holds === 'unknown') return runSometimes(evaluator, body, state, inside)
      status = await evaluator.list(body, state, inside)
      if (state.aside.length > 0) status = 'unknown'
      resume(state, certainty, nextRound)
      if (state.flow !== 'next') return 'unknown'
      if (snapshot(state) !== before) continue
      // Nothing changes any more.
      state.flow = 'forever'
      return 'unknown'
    }
    await runSometimes(evaluator, body, state, inside)
    // It may end or not.
    state.certainty = 'likely'
    return 'unknown'
  })
}

/** `for`: round by round where the words are known. */
export async function runFor(
  evaluator: Evaluator,
  {name, words, unknowable, body}: Of<'for'>,
  state: ShellState,
  position: Position,
): Promise<Status> {
  const inside = beyond({...position, tail: false}, beyondLoop)
  const values: Value[] | undefined = words ? [] : state.params && [...state.params]
  for (const word of words ?? []) values?.push(...(await expandWord(word, state, evaluator.substitute)))
  if (state.flow !== 'next') return 'unknown'
  const refused = refuseLoop(name, state)
  if (refused !== undefined) return refused
  const known = !unknowable && values?.every(value => typeof value === 'string') && values.length <= MAX_ROUNDS
  return loop(state, async () => {
    const {certainty} = state
    if (!values || !known) {
      if (name !== undefined) state.vars.set(name, anyOr(values ?? [], `$${name}`))
      return runSometimes(evaluator, body, state, inside)
    }
    let status: Status = 'success'
    for (const value of values) {
      if (name !== undefined) state.vars.set(name, value)
      status = await evaluator.list(body, state, inside)
      if (state.aside.length > 0) status = 'unknown'
      resume(state, certainty, nextRound)
      if (state.flow !== 'next') return 'unknown'
    }
    return status
  })
}

/** A body that runs any number of times: what it sets is not known, neither afterwards nor in its second round. */
async function runSometimes(evaluator: Evaluator, body: List, state: ShellState, position: Position): Promise<Status> {
  const trial = fork(state)
  trial.certainty = 'likely'
  await evaluator.rehearse(async () => {
    await evaluator.list(body, trial, {...position, guarded: true})
  })
  resume(trial, 'likely', nextRound)
  const way = fork(state)
  for (const [variable, value] of trial.vars) {
    const before = state.vars.get(variable)
    if (value !== before) way.vars.set(variable, anyOr([before, value], `$${variable}`))
  }
  if (trial.params?.length !== state.params?.length) setParams(way, undefined)
  if (trial.cwd !== state.cwd) way.cwd = undefined
  if (trial.umask !== state.umask) way.umask = undefined
  way.certainty = 'likely'
  way.world = joinWorlds(way.world, trial.world)
  await evaluator.list(body, way, {...position, guarded: true})
  resume(way, 'likely', nextRound)
  join(state, [way, fork(state)], state.certainty)
  return 'unknown'
}

/** Runs a loop; `break` leads out of it, and `continue 2` into the one around it. */
async function loop(state: ShellState, run: () => Promise<Status>): Promise<Status> {
  const {aside, certainty, loops} = state
  Object.assign(state, {aside: [], loops: loops + 1})
  const status = await run()
  resume(state, certainty, endOfLoop)
  // The levels that are left are those of loops further out.
  Object.assign(state, outward(state), {loops})
  keepAside(state, aside, state.aside.map(outward))
  return state.flow === 'next' ? status : 'unknown'
}

const beyondLoop = (way: ShellState): ShellState =>
  way.flow === 'break' || way.flow === 'continue' ? {...way, flow: 'next'} : way

const nextRound: ComesBack = way => (way.flow === 'continue' && way.levels <= 1 ? {...way, flow: 'next'} : undefined)

const endOfLoop: ComesBack = way =>
  way.flow === 'break' && way.levels <= 1 ? {...way, flow: 'next', last: 'success'} : undefined

function outward(way: ShellState): ShellState {
  return way.flow === 'break' || way.flow === 'continue' ? {...way, levels: way.levels - 1} : way
}

function snapshot(state: ShellState): string {
  const text = JSON.stringify([
    [...state.vars],
    state.params,
    state.cwd,
    [...state.world.changes],
    state.world.doubts,
    state.unread,
  ])
  state.budget.charge('work', text.length)
  return text
}
