import type {Evaluator, Position} from './evaluator.ts'
import {join} from './join.ts'
import {parametersIn} from './refusal.ts'
import {fork, type ShellState, type Status, setParams} from './state.ts'
import type {Command} from './syntax.ts'

/** Something that is run on a way of its own. */
export type WayRun = (way: ShellState, position: Position) => Promise<Status>

/** Runs all of which one is what happens; a program that cannot be started is reported only where none can. */
export async function runOneOf(
  evaluator: Evaluator,
  runs: readonly WayRun[],
  state: ShellState,
  position: Position,
  /** They start other programs. */
  differ = true,
): Promise<Status> {
  const run = async (guarded: boolean) => {
    const ended: {readonly way: ShellState; readonly status: Status}[] = []
    await evaluator.host.oneOf(
      runs.map(one => async () => {
        // It does not depend on what failed before.
        const way = {...fork(state), failure: undefined, isPassedOver: false}
        const status = await one(way, {...position, guarded})
        ended.push({way, status})
      }),
    )
    return ended
  }
  const silent = position.guarded || !differ ? [] : await run(true)
  const none = silent.every(
    ({way: {failure, isPassedOver}}) => isPassedOver || (failure?.kind === 'start' && !failure.isTold),
  )
  const ended = none ? await run(position.guarded) : silent
  join(
    state,
    ended.map(({way}) => way),
    state.certainty,
  )
  state.failure = none ? ended[0]?.way.failure : undefined
  const [first] = ended
  return first && ended.every(({status}) => status === first.status) ? first.status : 'unknown'
}

/** Runs a command with all that the parameters may be, where it asks for them; undefined where it does not. */
export async function runWithParameters(
  evaluator: Evaluator,
  command: Command,
  state: ShellState,
  run: WayRun,
  position: Position,
): Promise<Status | undefined> {
  const {params, paramWays} = state
  if (params || !paramWays || !asksForParameters(command)) return undefined
  const runs = paramWays.map(
    (own): WayRun =>
      (way, at) => {
        setParams(way, own)
        // An unknown program is reported as if this were the only way.
        return run(way, own ? at : {...at, guarded: position.guarded})
      },
  )
  return runOneOf(evaluator, runs, state, position, namesByParameters(command))
}

function namesByParameters(command: Command): boolean {
  if (command.kind !== 'simple') return false
  const end = command.words[0]?.text === 'exec' ? 2 : 1
  return hasParameters(command.words.slice(0, end))
}

/** Whether a command decides by the parameters what it does, or changes them. */
function asksForParameters(command: Command): boolean {
  switch (command.kind) {
    case 'simple':
      return ['shift', 'getopts'].includes(command.words[0]?.text ?? '') || hasParameters(command)
    case 'test':
      return hasParameters(command)
    case 'case':
      return hasParameters(command.word)
    case 'if':
      return hasParameters(command.branches[0]?.condition)
    case 'and-or':
      return hasParameters(command.first)
    case 'for':
      return !command.words || hasParameters(command.words)
    default:
      return false
  }
}

function hasParameters(node: unknown): boolean {
  for (const {name} of parametersIn(node)) if (/^([1-9]\d*|[#@*])$/.test(name)) return true
  return false
}
