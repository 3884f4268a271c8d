import {joinValues} from '../world/value.ts'
import type {Evaluator, Position} from './evaluator.ts'
import {expandToValue} from './expand.ts'
import {parseHeredocBody} from './parse.ts'
import type {ShellState, Status, Value} from './state.ts'
import type {Redirection} from './syntax.ts'

const WRITES = ['>', '>|', '>>', '&>', '&>>']

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
): Promise<Status> {
  if (redirections.length === 0) return run(position)
  const writes: {readonly path: Value; readonly appends: boolean; readonly isOutput: boolean}[] = []
  let inside = position
  let leaves = false
  for (const {operator, descriptor, target, heredoc} of redirections) {
    const isOutput = WRITES.includes(operator) && (descriptor === undefined || descriptor === 1)
    if (heredoc) {
      const input = heredoc.isQuoted ? heredoc.body : await expandBody(evaluator, heredoc.body, state)
      if (descriptor === undefined || descriptor === 0) inside = withInput(inside, input)
      continue
    }
    const path = await expandToValue(target, state, evaluator.substitute)
    if (operator === '>&' && descriptor !== 2) leaves = true
    if (operator === '<<<') inside = withInput(inside, joinValues([path, '\n']))
    else if (operator === '<') {
      inside = withInput(inside, typeof path === 'string' ? await evaluator.host.readInput(path, state) : undefined)
      if (typeof path === 'string' && (await evaluator.host.testFile('-e', path, state)) === 'failure') {
        state.failure = {kind: 'want', made: []}
        return 'failure'
      }
    } else if (WRITES.includes(operator)) {
      if (isOutput) leaves = true
      if (typeof path === 'string' && isNowhere(path)) continue
      const appends = operator.endsWith('>>')
      const opened = await evaluator.host.redirect({path, text: '', appends}, state)
      state.world = opened.world
      if (opened.status === 'failure') {
        state.failure = {kind: 'want', made: []}
        return 'failure'
      }
      writes.push({path, appends, isOutput})
    }
  }
  const {output} = state
  if (leaves) state.output = ''
  const status = await run(inside)
  const written = state.output
  if (leaves) state.output = output
  for (const {path, isOutput} of writes) {
    if (isOutput && written === '') continue
    const {world} = await evaluator.host.redirect(
      {path, text: isOutput && typeof written === 'string' ? written : undefined, appends: true},
      state,
    )
    state.world = world
  }
  return status
}

/** What is there in every container, and keeps nothing. */
function isNowhere(path: string): boolean {
  return path.startsWith('/dev/') || path.startsWith('/proc/')
}

async function expandBody(evaluator: Evaluator, body: string, state: ShellState): Promise<Value | undefined> {
  const word = parseHeredocBody(body, state.budget)
  return word && (await expandToValue(word, state, evaluator.substitute))
}

function withInput({input: _, ...position}: Position, input: Value | undefined): Position {
  return input === undefined ? position : {...position, input}
}
