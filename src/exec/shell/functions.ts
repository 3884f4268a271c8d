import type {Definition} from './definition.ts'
import type {Evaluator, Position} from './evaluator.ts'
import {beyond, type ComesBack, within} from './join.ts'
import {knownParameters} from './settings.ts'
import type {ShellState, Status, Value} from './state.ts'

/**
 * Calls a function, XCU 2.9.5: it has parameters and, in all shells, local variables of its own. Its `break` leaves no
 * loop around the call, but in busybox.
 */
export async function callFunction(
  evaluator: Evaluator,
  name: string,
  {body, source}: Definition,
  args: readonly Value[],
  state: ShellState,
  position: Position,
): Promise<Status> {
  const {params, paramWays, frames, locals, loops, isInFunction} = state
  const back = (way: ShellState): ShellState =>
    ['next', 'return', 'break', 'continue', 'discard'].includes(way.flow)
      ? {...leaveScope(way), params, paramWays, frames, locals, loops, isInFunction}
      : way
  const returned: ComesBack = way => (way.flow === 'return' ? {...way, flow: 'next'} : undefined)
  const goesOn = (way: ShellState): ShellState => {
    const left = back(way)
    return returned(left) ?? left
  }
  let status: Status = 'unknown'
  await within(state, returned, async () => {
    const inside = [{name, source}, ...frames]
    const own = {
      params: knownParameters(args),
      paramWays: undefined,
      frames: inside,
      locals: new Map(),
      isInFunction: true,
    }
    Object.assign(state, {...own, loops: state.dialect === 'ash' ? loops : 0})
    status = await evaluator.command(body, state, beyond(position, goesOn))
    Object.assign(state, back(state))
    state.aside = state.aside.map(back)
    if (state.aside.some(({flow}) => flow === 'return')) status = 'unknown'
  })
  return status
}

/** The text of a file that is read in, or of a trap: `return` leads out of it. */
export async function runRead(state: ShellState, run: () => Promise<Status>): Promise<Status> {
  const {isInFunction} = state
  const returned: ComesBack = way => (way.flow === 'return' ? {...way, flow: 'next', isInFunction} : undefined)
  let status: Status = 'unknown'
  await within(state, returned, async () => {
    state.isInFunction = true
    status = await run()
    state.isInFunction = isInFunction
    if (state.aside.some(({flow}) => flow === 'return')) status = 'unknown'
  })
  return status
}

/** `local NAME`: what the variable was comes back when the function ends. */
export function makeLocal(state: ShellState, name: string): void {
  if (!state.locals.has(name)) state.locals.set(name, state.vars.get(name))
}

function leaveScope(way: ShellState): ShellState {
  const vars = new Map(way.vars)
  for (const [name, value] of way.locals) {
    if (value === undefined) vars.delete(name)
    else vars.set(name, value)
  }
  return {...way, vars}
}

/** Whether a declaring built-in makes variables of the function's own. */
export function makesLocal(name: string, args: readonly Value[], {isInFunction}: ShellState): boolean {
  return isInFunction && (name === 'local' || (/^(declare|typeset)$/.test(name) && !args.includes('-g')))
}
