import {isAlmquist, isBash} from './dialect.ts'
import type {Evaluator, Position} from './evaluator.ts'
import {joinAll, park, resume, worldOf} from './join.ts'
import {UNKNOWN_INPUT} from './read.ts'
import {forkShell, type ShellState, type Status} from './state.ts'
import {runAction} from './traps.ts'

/** Runs something in a shell that is forked off: what it does to the files stays, what it does to itself is gone. */
export async function runForked(
  evaluator: Evaluator,
  state: ShellState,
  enclosing: Position,
  run: (inner: ShellState) => Promise<Status>,
): Promise<{readonly inner: ShellState; readonly status: Status}> {
  const inner = forkShell(state, enclosing)
  // bash knows no loop around in there; in others `break` ends the shell.
  if (isBash(state.dialect)) inner.loops = 0
  // Of a job in the background it is empty, but not in bash.
  const startsEmpty = isAlmquist(state.dialect)
  if (enclosing.background && startsEmpty && inner.unread !== undefined) inner.unread = ''
  const last = await run(inner)
  const status = await endShell(evaluator, inner, last, enclosing)
  // They share what they read.
  if (!enclosing.background) state.unread = inner.unread
  else if (!startsEmpty && inner.unread !== state.unread) state.unread = UNKNOWN_INPUT
  return {inner, status}
}

/** `( … )`. Where its failure ends the shell around it, only what it does without one counts there. */
export async function runSubshell(
  evaluator: Evaluator,
  state: ShellState,
  position: Position,
  run: (inner: ShellState) => Promise<Status>,
): Promise<Status> {
  const {inner, status} = await runForked(evaluator, state, position, run)
  const failing = inner.aside.filter(way => way.flow === 'exit-failure')
  const isFatal = state.errexit && position.checked && inner.flow !== 'exit-failure'
  if (isFatal) for (const way of failing) park(state, {...state, world: way.world, output: way.output}, 'exit-failure')
  const {world, output, failure} = inner
  Object.assign(state, {world: isFatal ? world : joinAll(world, ...failing.map(way => way.world)), output, failure})
  return status
}

/**
 * The end of a shell: its EXIT trap is run, and the ways in which it may have ended become one. Those that failed stand
 * aside, unless all did. How it ends is its status.
 */
export async function endShell(
  evaluator: Evaluator,
  state: ShellState,
  last: Status,
  position: Position,
): Promise<Status> {
  let status = agreedStatus(state, last)
  if (await runExitTrap(evaluator, state, position)) status = agreedStatus(state, state.last)
  const ways = endingWays(state)
  const failing = ways.filter(way => way.flow === 'exit-failure')
  const [first, ...others] = ways.filter(way => way.flow !== 'exit-failure')
  if (!first) {
    Object.assign(state, {world: worldOf(state), aside: []})
    return status
  }
  const world = joinAll(first.world, ...others.map(way => way.world))
  const output = others.every(way => way.output === first.output) ? first.output : {unknown: '$(…)'}
  Object.assign(state, {flow: first.flow, world, output, aside: failing})
  return status
}

/** Whether a shell ends by itself. */
function isEnd({flow}: ShellState): boolean {
  return flow !== 'gone' && flow !== 'forever'
}

function agreedStatus(state: ShellState, last: Status): Status {
  const statuses = endingWays({...state, last}).map(statusOf)
  const [first] = statuses
  return first !== undefined && statuses.every(status => status === first) ? first : 'unknown'
}

/** The ways that come to an end. */
function endingWays(state: ShellState): readonly ShellState[] {
  return [{...state, aside: []}, ...state.aside].filter(({flow}) => flow !== 'forever')
}

function statusOf({flow, last}: ShellState): Status {
  switch (flow) {
    case 'exit-failure':
    case 'discard':
      return 'failure'
    case 'break':
    case 'continue':
      return 'success'
    default:
      return last
  }
}

/**
 * `trap … EXIT` is run by a shell that ends, not by one that another program takes the place of. True where it ended
 * the shell in its own way.
 */
async function runExitTrap(evaluator: Evaluator, state: ShellState, position: Position): Promise<boolean> {
  const ways = [state, ...state.aside].filter(isEnd)
  if (ways.every(({exitTrap}) => exitTrap === '')) return false
  const fails = ways.every(({flow}) => flow === 'exit-failure')
  resume(state, state.certainty, way => (isEnd(way) ? {...way, flow: 'next'} : undefined))
  const {exitTrap} = state
  state.exitTrap = ''
  await runAction(evaluator, exitTrap, state, position)
  if (state.flow !== 'next') return true
  state.flow = fails ? 'exit-failure' : 'exit'
  return false
}
