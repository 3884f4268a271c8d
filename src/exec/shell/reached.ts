import {defined} from '../../lib/defined.ts'
import {isBash} from './dialect.ts'
import type {Position, Reach, Reached} from './evaluator.ts'
import type {ShellState, Value} from './state.ts'
import {exportedEnvironment} from './variables.ts'

/** What is known of a program that a shell starts. `searched`: the PATH that it looks in instead of its own. */
export function describeReached(
  words: readonly Value[],
  state: ShellState,
  position: Position,
  isExec: boolean,
  searched: string | undefined,
): Reached {
  const firstUnknown = words.findIndex(word => typeof word !== 'string')
  const known = words.slice(0, firstUnknown < 0 ? words.length : firstUnknown)
  const unknown = words[firstUnknown]
  // A subshell that becomes a program ends as that does.
  const place = (isExec ? state.enclosing : undefined) ?? position
  const isOwn = isExec && state.enclosing === undefined && !state.execfail
  const reach = reachOf(place, state, isOwn)
  // Where `exec` fails the shell ends, whatever stands behind `||`.
  const {tolerated, accepted} = isOwn ? {tolerated: false, accepted: false} : place
  const {env, unknown: unknownEnv} = exportedEnvironment(state)
  const path = searched ?? (state.exported.has('PATH') ? undefined : state.vars.get('PATH'))
  return {
    words,
    argv: known.filter(word => typeof word === 'string'),
    ...(typeof unknown === 'object' ? {unknownWord: unknown.unknown} : {}),
    isGiven: state.isGiven === true || position.isGiven === true,
    reach,
    certainty: reach === 'command' ? 'likely' : state.certainty,
    guarded: position.guarded,
    tolerated: tolerated && !state.isTelling,
    accepted:
      !state.isTelling && (accepted === true || (state.forgives && reach === 'command' && !position.background)),
    background: position.background,
    ...defined({input: position.input}),
    ...(typeof path === 'string' ? {path} : {}),
    ...(isExec && isBash(state.dialect) ? {isWholePath: true} : {}),
    env,
    unknownEnv,
    cwd: state.cwd,
  }
}

function reachOf(place: Position, state: ShellState, isOwn: boolean): Reach {
  if (isOwn) return 'exec'
  if (place.tail) return place.background ? 'awaited job' : 'last command'
  if (state.errexit && place.checked && countsOutside(state)) return 'set -e'
  return state.isTelling || (place.leads && !place.tolerated && !place.background) ? 'needed command' : 'command'
}

/** Whether the end of a subshell, where it is one, is any matter to the script. */
function countsOutside({enclosing, isTelling}: ShellState): boolean {
  return enclosing === undefined || enclosing.tail || enclosing.checked || enclosing.leads === true || isTelling
}
