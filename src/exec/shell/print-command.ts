import {isBuiltin} from './builtins.ts'
import type {Evaluator} from './evaluator.ts'
import {print} from './output.ts'
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
  const found = isOwn ? {path: name} : await evaluator.host.findCommand(name, state)
  if (found === 'failure') return 'failure'
  if (option !== 'hash') print(state, typeof found === 'object' && option === '-v' ? `${found.path}\n` : undefined)
  return typeof found === 'object' ? 'success' : 'unknown'
}
