import type {Evaluator, Position} from './evaluator.ts'
import {fork, type ShellState, type Status} from './state.ts'
import type {SimpleCommand} from './syntax.ts'
import {isBadSubstitution} from './transform.ts'

/** The shell has ended with "Bad substitution", or with a sum that it does not read, which nothing else reports. */
export async function tellBadExpansion(
  evaluator: Evaluator,
  {words, assignments}: SimpleCommand,
  state: ShellState,
  position: Position,
): Promise<Status> {
  const parts = [...words, ...assignments.flatMap(({value}) => value ?? [])].flatMap(word => word.parts)
  const bad = parts.find(part => part.kind === 'opaque' && isBadSubstitution(part.text, state.dialect))
  const sum = parts.find(part => part.kind === 'arithmetic')
  const written = sum?.kind === 'arithmetic' ? `$((${sum.expression.text}))` : (words[0]?.text ?? '')
  const unknown = bad?.kind === 'opaque' ? bad.text : written
  await evaluator.start([{unknown}], {...fork(state), isTelling: true}, position, false)
  return 'failure'
}
