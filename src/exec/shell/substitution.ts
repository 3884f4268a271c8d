import {mapValue} from '../world/value.ts'
import type {Evaluator} from './evaluator.ts'
import {worldOf} from './join.ts'
import type {Position, ShellState, Value} from './state.ts'
import {runForked} from './subshell.ts'
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
  const outer = {...state, output: '', errexit: false, isMuted: false}
  let value: Value = UNKNOWN
  const run = async (position: Position) => {
    const {inner, status} = await runForked(evaluator, outer, position, shell => evaluator.list(body, shell, position))
    const ways = [inner, ...inner.aside]
    const output = ways.every(way => way.output === inner.output) ? inner.output : UNKNOWN
    Object.assign(state, {world: worldOf(inner), failure: inner.failure, unread: outer.unread})
    state.substituted = status
    value = mapValue(output, text => text.replace(/\n+$/, ''))
  }
  if (state.isTelling) await run(TELLING)
  else await evaluator.rehearse(() => run(PLACE))
  return value
}
