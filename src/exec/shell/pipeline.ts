import {defined} from '../../lib/defined.ts'
import type {Doubt} from '../world/world.ts'
import {negate} from './condition.ts'
import type {Evaluator, Position} from './evaluator.ts'
import {worldOf} from './join.ts'
import {changesBetween, meanwhile, racing, withDoubts, withoutDoubts} from './race.ts'
import {fork, isAccepted, type ShellState, type Status} from './state.ts'
import {runForked} from './subshell.ts'
import type {Command} from './syntax.ts'

const UNCHECKED = {tail: false, checked: false, tolerated: true}

type Of<Kind extends Command['kind']> = Extract<Command, {kind: Kind}>

/**
 * Commands that read each other's output, XCU 2.9.2. All run at once: what one changes of the files may be done or not
 * when another looks at them.
 */
export async function runPipeline(
  evaluator: Evaluator,
  {commands, negated}: Of<'pipeline'>,
  state: ShellState,
  position: Position,
): Promise<Status> {
  const [only] = commands
  if (commands.length === 1 && only) {
    return negate(await evaluator.command(only, state, {...position, ...UNCHECKED, accepted: isAccepted(position)}))
  }
  let changes: readonly (readonly Doubt[])[] = []
  if (!commands.every(onlyPrints)) {
    const trial = fork(state)
    await evaluator.rehearse(async () => {
      changes = (await runParts(evaluator, commands, negated, trial, position, [])).changes
    })
  }
  const {status} = await runParts(evaluator, commands, negated, state, position, changes)
  const lasting = changes.flatMap((own, index) => racing(own, changes.toSpliced(index, 1).flat()))
  state.world = withDoubts(state.world, lasting)
  return negated ? negate(status) : status
}

/** One part after the other; `changes`: what each does to the files, which the others may meet or not. */
async function runParts(
  evaluator: Evaluator,
  commands: readonly Command[],
  negated: boolean,
  state: ShellState,
  position: Position,
  changes: readonly (readonly Doubt[])[],
): Promise<{readonly status: Status; readonly changes: readonly (readonly Doubt[])[]}> {
  const statuses: Status[] = []
  const {output, isMuted} = state
  const made: (readonly Doubt[])[] = []
  for (const [index, command] of commands.entries()) {
    const isLast = index === commands.length - 1
    // With pipefail the failure of any part is that of the whole.
    const decides = isLast || state.pipefail === true
    const tail = position.tail && decides && !negated
    const {input: _, ...rest} = position
    const input = index === 0 ? position.input : state.output
    const place = {
      ...rest,
      ...defined({input}),
      tail,
      checked: position.checked && decides && !negated,
      leads: position.leads === true && decides && !negated,
    }
    // Inside of each part `set -e` holds as it does for the whole.
    const inside = {...place, checked: position.checked && !negated}
    Object.assign(state, {output: isLast ? output : '', isMuted: isLast && isMuted})
    const others = meanwhile(changes.toSpliced(index, 1).flat())
    state.world = withDoubts(state.world, others)
    const part = await runForked(evaluator, state, place, inner => evaluator.command(command, inner, inside))
    statuses.push(part.status)
    const world = worldOf(part.inner)
    made.push(changesBetween(state.world, world))
    Object.assign(state, {
      world: withoutDoubts(world, others),
      output: part.inner.output,
      failure: failureOf(isLast, state, part.inner),
    })
  }
  state.isMuted = isMuted
  return {status: statusOf(statuses, state.pipefail), changes: made}
}

function failureOf(isLast: boolean, state: ShellState, {failure}: ShellState): ShellState['failure'] {
  if (state.pipefail) return failure ?? state.failure
  return isLast ? failure : state.failure
}

/** The status of the last command; with pipefail a failure, where any fails. */
function statusOf(statuses: readonly Status[], pipefail: boolean | undefined): Status {
  const last = statuses.at(-1) ?? 'success'
  const all =
    statuses.find(status => status === 'failure') ?? statuses.find(status => status === 'unknown') ?? 'success'
  if (pipefail === undefined) return all === last ? last : 'unknown'
  return pipefail ? all : last
}

const PRINTERS = ['echo', 'printf', 'cat', 'sed', 'grep', 'cut', 'tr', 'head', 'tail', 'true', 'uname', ':']

/** Whether it is plain that a command changes no file. */
function onlyPrints(command: Command): boolean {
  if (command.kind !== 'simple') return false
  const [name, ...words] = command.words.map(({text}) => text)
  const isPlain = words.every(word => !/\$\(|`|\$\{[^}]*=/.test(word) && !word.startsWith('-i'))
  return (
    PRINTERS.includes(name ?? '') && isPlain && command.redirections.every(({operator}) => operator.startsWith('<'))
  )
}
