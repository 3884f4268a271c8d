import {joinWorlds} from '../world/join-worlds.ts'
import {eitherValue, mapValue} from '../world/value.ts'
import type {Evaluator} from './evaluator.ts'
import {worldOf} from './join.ts'
import {fork, type Position, type ShellState, type Status, type Value} from './state.ts'
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
    Object.assign(state, {world: worldOf(inner), failure: inner.failure, unread: outer.unread})
    state.substituted = status
    value = withoutNewlines(outputOf(inner))
  }
  if (state.isTelling) await run(TELLING)
  else {
    const heeding = mayHeedFailures(state, body) ? await runHeeding(evaluator, body, state) : undefined
    await evaluator.rehearse(() => run(PLACE))
    if (heeding === undefined) return value
    if (state.substituted !== heeding.status) state.substituted = 'unknown'
    value = eitherValue(value, heeding.value, '$(…)')
    state.world = joinWorlds(state.world, heeding.world)
  }
  return value
}

/**
 * Whether `set -e` may end the shell of a substitution before its last command: in dash since 0.5.11, and in bash where
 * it is called sh or has `inherit_errexit`, unless the whole command is tested; not in ash nor else in bash, which
 * switch it off in there.
 */
function mayHeedFailures({errexit, dialect, inheritsErrexit}: ShellState, body: List): boolean {
  if (!errexit || (dialect === 'bash' && !inheritsErrexit) || dialect === 'ash') return false
  return body.length > 1 || body.some(({command}) => command.kind !== 'simple')
}

interface Heeding {
  readonly status: Status
  readonly value: Value
  readonly world: ShellState['world']
}

/** What comes of it where the first failure ends it. */
async function runHeeding(evaluator: Evaluator, body: List, state: ShellState): Promise<Heeding> {
  const outer = {...fork(state), output: '', isMuted: false}
  let heeding: Heeding = {status: 'unknown', value: UNKNOWN, world: state.world}
  await evaluator.rehearse(async () => {
    const run = (shell: ShellState) => evaluator.list(body, shell, {...PLACE, checked: true})
    const {inner, status} = await runForked(evaluator, outer, PLACE, run)
    heeding = {status, value: withoutNewlines(outputOf(inner)), world: worldOf(inner)}
  })
  return heeding
}

function outputOf(inner: ShellState): Value {
  const ways = [inner, ...inner.aside]
  return ways.every(way => way.output === inner.output) ? inner.output : UNKNOWN
}

function withoutNewlines(output: Value): Value {
  return mapValue(output, text => text.replace(/\n+$/, ''))
}
