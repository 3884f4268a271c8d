import type {Evaluator, Position} from './evaluator.ts'
import {join, park} from './join.ts'
import {supposeGiven, tellFailure} from './refusal.ts'
import {fork, isAccepted, type ShellState, type Status} from './state.ts'
import type {Command} from './syntax.ts'
import {heedFailure} from './traps.ts'

/** `a && b || c`, XCU 2.9.3. */
export async function runAndOr(
  evaluator: Evaluator,
  {first, rest}: Extract<Command, {kind: 'and-or'}>,
  state: ShellState,
  position: Position,
): Promise<Status> {
  const unchecked = {...position, tail: false, checked: false, tolerated: true, accepted: isAccepted(position)}
  // At a script's end, `migrate && serve`: where the first fails, so does the container.
  const chained = position.tail && rest.every(({operator}) => operator === '&&')
  const leading = {...position, tail: false, checked: false, leads: true}
  let status = await evaluator.command(first, state, chained && !isCondition(first) ? leading : unchecked)
  let before: Command = first
  for (const [index, {operator, command}] of rest.entries()) {
    if (state.flow !== 'next') return status
    const last = index === rest.length - 1
    // Where it may not come to the last, that may be a way out for what is not there.
    const isWayOut = status === 'unknown' && rest.some(tail => tail.operator === '||')
    const between = chained && !isCondition(command) ? leading : unchecked
    const at = last ? {...position, tolerated: position.tolerated || isWayOut} : between
    if (status === 'unknown' && chained && !isCondition(before)) status = 'success'
    const condition = before
    before = command
    if (status === 'unknown') {
      const reason: Status = operator === '||' ? 'failure' : 'success'
      status = await runMaybe(state, reason, async way => {
        const trapped = way.errorTrap
        const result = await evaluator.command(command, way, {...at, guarded: true})
        if (!last || !position.checked) return result
        return heedFailure(evaluator, {status: result, command, trapped}, way, {...position, guarded: true})
      })
    } else if ((status === 'success') === (operator === '&&')) {
      const trapped = state.errorTrap
      const way = fork(state)
      const result = await evaluator.command(command, way, at)
      const leaves = way.flow === 'exit-failure'
      const refuses = leaves && supposeGiven(state, condition)
      if (leaves) await tellFailure(state, position, (...at) => evaluator.command(condition, ...at))
      if (refuses) park(state, way)
      else Object.assign(state, way)
      status = refuses ? 'unknown' : result
      if (!last || !position.checked) continue
      status = await heedFailure(evaluator, {status, command, trapped}, state, position)
    }
  }
  return status
}

function isCondition(command: Command): boolean {
  if (command.kind !== 'simple')
    return command.kind === 'test' || command.kind === 'arithmetic' || command.kind === 'pipeline'
  return ['[', 'test', 'command', 'type', 'which', 'grep', 'hash'].includes(command.words[0]?.text ?? '')
}

/** Something that happens or does not: afterwards only what both ways agree on is known. */
async function runMaybe(state: ShellState, last: Status, run: (way: ShellState) => Promise<Status>): Promise<Status> {
  const way: ShellState = {...fork(state), certainty: 'likely', last}
  await run(way)
  join(state, [way, fork(state)], state.certainty)
  return 'unknown'
}
