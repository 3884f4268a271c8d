import {isBuiltin} from './builtins.ts'
import {isAlmquist} from './dialect.ts'
import type {Evaluator} from './evaluator.ts'
import {print} from './output.ts'
import {placeOf, remember} from './places.ts'
import type {ShellState, Status, Value} from './state.ts'

/**
 * `command -v NAME`, XCU command: the path, or the name of what is not a file;
 * nothing, and a failure, where there is none.
 */
export async function printCommand(
  evaluator: Evaluator,
  option: string,
  names: readonly Value[],
  state: ShellState,
): Promise<Status> {
  const [name] = names
  if (typeof name !== 'string' || names.length !== 1) {
    print(state, undefined)
    return 'unknown'
  }
  const definition = state.functions.get(name)
  if (definition?.others?.includes(undefined)) {
    print(state, undefined)
    return 'unknown'
  }
  const isOwn = definition !== undefined || isBuiltin(name)
  // What is remembered is printed without a lookup; `which` is another program.
  const place = option === 'which' ? undefined : placeOf(state, name)
  const known = isOwn ? name : place
  const found = known === undefined ? await evaluator.host.findCommand(name, state) : {path: known}
  if (found === 'failure') return 'failure'
  if (!isOwn && remembers(option, state))
    remember(state, name, typeof found === 'object' ? found.path : undefined, typeof found === 'object')
  if (option !== 'hash')
    print(state, typeof found === 'object' && option !== '-V' && option !== 'type' ? `${found.path}\n` : undefined)
  return typeof found === 'object' ? 'success' : 'unknown'
}

/** The Almquist shells keep what they have looked for, whatever it was for; bash what `hash` says. */
function remembers(option: string, {dialect}: ShellState): boolean {
  return option !== 'which' && (isAlmquist(dialect) || option === 'hash')
}
