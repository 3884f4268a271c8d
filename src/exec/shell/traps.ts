import {alternativesOf} from '../world/value.ts'
import {withDoubt} from '../world/world.ts'
import {isAlmquist} from './dialect.ts'
import type {Evaluator, Position} from './evaluator.ts'
import {runRead} from './functions.ts'
import {join} from './join.ts'
import {checkFailure} from './refusal.ts'
import {fork, type ShellState, type Status, type Value} from './state.ts'
import type {Command} from './syntax.ts'

/** What bash knows besides the signals and EXIT: bash(1), "trap". */
const OF_BASH = ['ERR', 'RETURN', 'DEBUG']

/** `trap TEXT CONDITION…`, XCU trap. Signals do not come by themselves. */
export async function runTrap(
  evaluator: Evaluator,
  args: readonly Value[],
  state: ShellState,
  position: Position,
): Promise<Status> {
  const [text, ...conditions] = args[0] === '--' ? args.slice(1) : args
  if (text === undefined || text === '-p' || text === '-l') return 'success'
  // One word, or a number first, resets the conditions.
  const resets = text === '-' || (typeof text === 'string' && (conditions.length === 0 || /^\d+$/.test(text)))
  const all = text === '-' || !resets ? conditions : args
  const action = resets ? '' : text
  for (const condition of all) {
    if (typeof condition !== 'string') Object.assign(state, {exitTrap: {unknown: 'trap'}, errorTrap: {unknown: 'trap'}})
    else if (/^(exit|0)$/i.test(condition)) state.exitTrap = action
    else if (!OF_BASH.includes(condition)) continue
    else if (isAlmquist(state.dialect)) return 'failure'
    else if (condition === 'ERR') state.errorTrap = action
    // Before each command, or at the end of functions and files: it is run any number of times.
    else await perhapsRun(evaluator, action, state, position)
  }
  return 'success'
}

/**
 * What follows a command where its failure counts: the ERR trap, if there was one (`trapped`) before the command, which
 * is when bash looks, execute_cmd.c; then `set -e` ends the shell.
 */
export async function heedFailure(
  evaluator: Evaluator,
  {status, command, trapped}: {readonly status: Status; readonly command: Command; readonly trapped: Value},
  state: ShellState,
  position: Position,
): Promise<Status> {
  if (trapped !== '') await runErrorTrap(evaluator, status, state, position)
  return state.flow === 'next' ? checkFailure(state, status, command) : status
}

/** `trap TEXT ERR`: where `set -e` would end the shell; functions and subshells have none of it without `set -E`. */
async function runErrorTrap(
  evaluator: Evaluator,
  status: Status,
  state: ShellState,
  position: Position,
): Promise<void> {
  const {errorTrap, last} = state
  if (status === 'success' || errorTrap === '' || state.flow !== 'next') return
  if (state.isInFunction && !state.errtrace) return
  const before = {last, errorTrap}
  state.errorTrap = ''
  if (status === 'failure' && typeof errorTrap === 'string') await runText(evaluator, errorTrap, state, position)
  else await perhapsRun(evaluator, errorTrap, state, position)
  if (state.flow === 'next') Object.assign(state, before)
}

/** The text of a trap, which is one of several where only the run knows which. */
export async function runAction(
  evaluator: Evaluator,
  action: Value,
  state: ShellState,
  position: Position,
): Promise<void> {
  const {certainty} = state
  const texts = alternativesOf(action)
  if (!texts) {
    const doubt = {below: '/', grade: 'made', by: {kind: 'command', name: 'trap'}} as const
    state.world = withDoubt(state.world, doubt)
  }
  const runs: ShellState[] = []
  for (const text of texts ?? []) {
    const way = texts?.length === 1 ? state : fork(state)
    if (way !== state) way.certainty = 'likely'
    await runText(evaluator, text, way, position)
    runs.push(way)
  }
  if (runs.length > 1) join(state, runs, certainty)
}

async function runText(evaluator: Evaluator, text: string, state: ShellState, position: Position): Promise<void> {
  if (text === '') return
  await runRead(state, () => evaluator.text(text, state, {...position, tail: false, checked: false}))
}

async function perhapsRun(evaluator: Evaluator, action: Value, state: ShellState, position: Position): Promise<void> {
  const way = fork(state)
  way.certainty = 'likely'
  await runAction(evaluator, action, way, {...position, guarded: true})
  join(state, [way, fork(state)], state.certainty)
}
