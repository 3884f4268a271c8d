import {park} from './join.ts'
import {print} from './output.ts'
import {type ShellState, type Status, setParams, type Value} from './state.ts'

/** `set`, XCU 2.14: the options that matter, and the parameters. */
export function runSet(args: readonly Value[], state: ShellState): Status {
  let at = 0
  for (; at < args.length; at++) {
    const arg = args[at]
    if (typeof arg !== 'string') {
      setParams(state, undefined)
      return 'success'
    }
    if (arg === '--' || !/^[-+]./.test(arg)) break
    const on = arg.startsWith('-')
    for (const letter of arg.slice(1)) {
      if (letter === 'e') Object.assign(state, {errexit: on, forgives: !on})
      else if (letter === 'u') state.nounset = on
      else if (letter === 'n' && on) state.flow = 'exit'
      else if (letter === 'E') state.errtrace = on
      else if (letter === 'o') {
        at++
        if (args[at] === 'errexit') Object.assign(state, {errexit: on, forgives: !on})
        if (args[at] === 'nounset') state.nounset = on
        if (args[at] === 'errtrace') state.errtrace = on
        if (args[at] === 'pipefail') setPipefail(state, on)
      }
    }
  }
  if (at < args.length) setParams(state, knownParameters(args.slice(args[at] === '--' ? at + 1 : at)))
  return 'success'
}

/** `set -o pipefail`, POSIX.1-2024; dash 0.5.12 does not know it, and ends. */
function setPipefail(state: ShellState, on: boolean): void {
  if (state.dialect === 'dash') park(state, state, 'exit-failure')
  else state.pipefail = on
}

/** Parameters, of which it is not known how many they are where one is any number of words. */
export function knownParameters(args: readonly Value[]): readonly Value[] | undefined {
  return args.some(arg => typeof arg === 'object' && arg.isWords) ? undefined : args
}

/** `shift`: where there are too few, dash ends; others go on. */
export function runShift(count: Value | undefined, state: ShellState): Status {
  const by = count === undefined ? 1 : typeof count === 'string' ? Number(count) : Number.NaN
  if (!state.params || Number.isNaN(by)) {
    setParams(state, undefined)
    return 'unknown'
  }
  if (by > state.params.length) {
    if (state.dialect !== 'dash') return 'failure'
    // The container may be given more of them.
    park(state, state, 'exit-failure')
    setParams(state, undefined)
    return 'unknown'
  }
  setParams(state, state.params.slice(by))
  return 'success'
}

/** `umask MODE`; without one it prints it. */
export function runUmask(args: readonly Value[], state: ShellState): Status {
  const [mode] = args.filter(arg => arg !== '-S' && arg !== '-p')
  if (mode === undefined) {
    const isKnown = state.umask !== undefined && args.length === 0
    print(state, isKnown ? `${(state.umask ?? 0).toString(8).padStart(4, '0')}\n` : undefined)
    return 'success'
  }
  state.umask = typeof mode === 'string' && /^[0-7]{1,4}$/.test(mode) ? Number.parseInt(mode, 8) : undefined
  return 'success'
}
