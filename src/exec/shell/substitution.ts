import {mapValue} from '../world/value.ts'
import type {Evaluator} from './evaluator.ts'
import {fork, type Position, type ShellState, type Value} from './state.ts'
import type {List} from './syntax.ts'

const PLACE = {tail: false, checked: false, guarded: true, tolerated: true, background: false}
/** Of what ends the script where it fails. */
const TELLING = {...PLACE, checked: true, guarded: false, tolerated: false}
const UNKNOWN: Value = {unknown: '$(…)'}

/**
 * What a command substitution comes to, XCU 2.6.3: what its commands print, without the newlines at the
 * end, where that is known of all of them. They run in a shell of their own, on the same files; what they
 * start is not the container's program.
 */
export async function substitute(evaluator: Evaluator, body: List, state: ShellState): Promise<Value> {
  const inner = fork(state)
  inner.output = ''
  inner.errexit = false
  inner.enclosing = state.isTelling ? TELLING : PLACE
  const {reached} = evaluator
  const mark = reached.length
  const run = async (position: Position) => {
    const status = await evaluator.list(body, inner, position)
    state.substituted = inner.flow === 'next' ? status : inner.flow === 'exit-failure' ? 'failure' : 'unknown'
  }
  if (state.isTelling) await run(TELLING)
  else {
    await evaluator.host.rehearse(() => run(PLACE))
    reached.splice(mark)
  }
  state.world = inner.world
  state.failure = inner.failure
  return inner.certainty === state.certainty ? mapValue(inner.output, text => text.replace(/\n+$/, '')) : UNKNOWN
}
