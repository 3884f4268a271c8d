import {park} from './join.ts'
import type {Position, ShellState, Status} from './state.ts'

/**
 * What comes of a special built-in that is called as it is not to be called, XCU 2.8.1: `set -Z`, and in bash `return`
 * outside of a function. It ends dash and ash; bash where it is called sh, and as little as `set -e` does left of `||`
 * or in a condition (execute_cmd.c, special_builtin_failed). Behind `command` it ends nothing.
 */
export function endMisused(state: ShellState, status: Status, {checked, isCommand}: Position): Status {
  state.isMisused = false
  const {dialect} = state
  if (isCommand || dialect === 'bash' || (dialect === 'posix' && !checked)) return status
  if (dialect === undefined) {
    park(state, state, 'exit-failure')
    return 'unknown'
  }
  state.flow = 'exit-failure'
  return 'failure'
}
