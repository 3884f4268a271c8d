import {joinValues} from '../world/value.ts'
import type {Evaluator, Position} from './evaluator.ts'
import {expandToValue} from './expand.ts'
import {parseHeredocBody} from './parse.ts'
import {UNKNOWN_INPUT} from './read.ts'
import type {ShellState, Status, Value} from './state.ts'
import type {Redirection} from './syntax.ts'

const WRITES = ['>', '>|', '>>', '&>', '&>>']

interface Write {
  readonly path: Value
  readonly appends: boolean
  readonly isOutput: boolean
}

/**
 * Runs a command with its redirections, XCU 2.7: the files are opened first, and where one cannot be, the command is
 * not run. What it writes is in them afterwards.
 */
export async function redirected(
  evaluator: Evaluator,
  redirections: readonly Redirection[],
  state: ShellState,
  position: Position,
  run: (position: Position) => Promise<Status>,
  /** Of `exec` without a program: they stay. */
  isLasting = false,
): Promise<Status> {
  if (redirections.length === 0) return run(position)
  let writes: readonly Write[] = []
  /** Another descriptor writes to where standard output goes. */
  let isShared = false
  let inside = position
  let leaves = false
  let read: string | undefined
  /** Whether all can be opened, only the run knows. */
  let isUnsure = false
  for (const {operator, descriptor, target, heredoc} of redirections) {
    const isOutput = WRITES.includes(operator) && (descriptor === undefined || descriptor === 1)
    if (heredoc) {
      if (descriptor === undefined || descriptor === 0) read = undefined
      const input = heredoc.isQuoted ? heredoc.body : await expandBody(evaluator, heredoc.body, state)
      if (descriptor === undefined || descriptor === 0) inside = withInput(inside, input ?? UNKNOWN_INPUT)
      continue
    }
    const path = await expandToValue(target, state, evaluator.substitute)
    const isOfOutput = descriptor === undefined || descriptor === 1
    if (operator === '>&' && !isOfOutput) isShared = true
    if (isOutput || (operator === '>&' && isOfOutput)) {
      // What was opened for it before is empty, or holds what another descriptor writes.
      const before: readonly Write[] = isShared
        ? writes.map(write => ({...write, isOutput: false}))
        : writes.filter(one => !one.isOutput)
      ;[writes, isShared, leaves] = [before, false, true]
    }
    if (operator === '<<<') {
      inside = withInput(inside, joinValues([path, '\n']))
      read = undefined
    } else if (operator === '<') {
      if (descriptor === undefined || descriptor === 0) inside = withInput(inside, UNKNOWN_INPUT)
      read = typeof path === 'string' ? path : undefined
      const isThere = typeof path === 'string' ? await evaluator.host.testFile('-e', path, state) : 'unknown'
      if (isThere === 'unknown') isUnsure = true
      if (isThere === 'failure') {
        state.failure = {kind: 'want', made: []}
        return 'failure'
      }
    } else if (WRITES.includes(operator)) {
      if (typeof path === 'string' && isNowhere(path)) continue
      if (operator === '>' && (await isKept(evaluator, path, state))) return 'failure'
      const appends = operator.endsWith('>>')
      const opened = await evaluator.host.redirect({path, text: '', appends}, state)
      state.world = opened.world
      if (opened.status === 'unknown') isUnsure = true
      if (opened.status === 'failure') {
        state.failure = {kind: 'want', made: []}
        return 'failure'
      }
      writes = [...writes, {path, appends, isOutput}]
    }
  }
  // It is read when all are open, one that is made empty by then as well.
  if (read !== undefined) inside = withInput(inside, (await evaluator.host.readInput(read, state)) ?? UNKNOWN_INPUT)
  if (isLasting && inside.input !== position.input) state.unread = UNKNOWN_INPUT
  if (isLasting) {
    const moved = await redirectShell(evaluator, writes, leaves, state)
    return isUnsure ? 'unknown' : moved
  }
  const {output, isMuted} = state
  if (leaves) Object.assign(state, {output: '', isMuted: false})
  const status = await run(inside)
  const written = state.output
  if (leaves) Object.assign(state, {output, isMuted})
  for (const {path, isOutput} of writes) {
    if (isOutput && written === '') continue
    const {world} = await evaluator.host.redirect(
      {path, text: isOutput && typeof written === 'string' ? written : undefined, appends: true},
      state,
    )
    state.world = world
  }
  return isUnsure && status === 'success' ? 'unknown' : status
}

/** `exec >FILE`: all that is written from now on goes there, and to no other reader. */
async function redirectShell(
  {host}: Evaluator,
  writes: readonly Write[],
  leaves: boolean,
  state: ShellState,
): Promise<Status> {
  for (const {path} of writes) {
    const {world} = await host.redirect({path, text: undefined, appends: true}, state)
    state.world = world
  }
  // It may have been led back to where it went before.
  if (leaves && state.isMuted) Object.assign(state, {isMuted: false, output: {unknown: '$(…)'}})
  else if (leaves) state.isMuted = true
  return 'success'
}

/** `set -C`: a file that is there is not opened. */
async function isKept({host}: Evaluator, path: Value, state: ShellState): Promise<boolean> {
  if (state.noclobber === false || typeof path !== 'string') return false
  const isThere = await host.testFile('-f', path, state)
  if (isThere === 'success' && state.noclobber) return true
  if (isThere !== 'failure') state.certainty = 'likely'
  return false
}

/** What is there in every container, and keeps nothing. */
function isNowhere(path: string): boolean {
  return path.startsWith('/dev/') || path.startsWith('/proc/')
}

async function expandBody(evaluator: Evaluator, body: string, state: ShellState): Promise<Value | undefined> {
  const word = parseHeredocBody(body, state.budget)
  return word && (await expandToValue(word, state, evaluator.substitute))
}

function withInput(position: Position, input: Value): Position {
  return {...position, input}
}
