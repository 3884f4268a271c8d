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
const UNKNOWN = '$(…)'

/**
 * What a command substitution comes to, XCU 2.6.3: what its commands print, without the newlines at the
 * end, where that is known of all of them. They run in a shell of their own, on the same files; what they
 * start is not the container's program.
 */
export async function substitute(evaluator: Evaluator, body: List, state: ShellState): Promise<Value> {
  const place = state.isTelling ? TELLING : PLACE
  const heeding =
    !state.isTelling && mayHeedFailures(state, body)
      ? await runBody(evaluator, body, fork(state), PLACE, {...PLACE, checked: true})
      : undefined
  const {inner, status, value, unread} = await runBody(evaluator, body, {...state, errexit: false}, place, place)
  Object.assign(state, {world: worldOf(inner), failure: inner.failure, unread})
  state.substituted = heeding && heeding.status !== status ? 'unknown' : status
  if (!heeding) return value
  state.world = joinWorlds(state.world, worldOf(heeding.inner))
  return eitherValue(value, heeding.value, UNKNOWN)
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

interface Substituted {
  readonly inner: ShellState
  readonly status: Status
  readonly value: Value
  readonly unread: ShellState['unread']
}

/** Runs it in a shell that is forked off at `enclosing`; what it starts is reported only where that is to be told. */
async function runBody(
  evaluator: Evaluator,
  body: List,
  state: ShellState,
  enclosing: Position,
  position: Position,
): Promise<Substituted> {
  const outer: ShellState = {...state, output: '', isMuted: false}
  const run = () => runForked(evaluator, outer, enclosing, shell => evaluator.list(body, shell, position))
  const {inner, status} = state.isTelling ? await run() : await rehearsed(evaluator, run)
  return {inner, status, value: mapValue(outputOf(inner), text => text.replace(/\n+$/, '')), unread: outer.unread}
}

async function rehearsed<T>(evaluator: Evaluator, run: () => Promise<T>): Promise<T> {
  const results: T[] = []
  await evaluator.rehearse(async () => {
    results.push(await run())
  })
  const [result] = results
  if (result === undefined) throw new Error('nothing was rehearsed')
  return result
}

function outputOf(inner: ShellState): Value {
  const ways = [inner, ...inner.aside]
  return ways.every(way => way.output === inner.output) ? inner.output : {unknown: UNKNOWN}
}
