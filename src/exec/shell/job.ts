import {joinWorlds} from '../world/join-worlds.ts'
import type {Doubt, World} from '../world/world.ts'
import {isAlmquist} from './dialect.ts'
import type {Evaluator, Position} from './evaluator.ts'
import {worldOf} from './join.ts'
import {changesBetween, meanwhile, racing, withDoubts, withoutDoubts} from './race.ts'
import {fork, type ShellState, type Status} from './state.ts'
import {runForked} from './subshell.ts'
import type {Command} from './syntax.ts'

/**
 * A command for which the shell does not wait: `after` runs what the shell does meanwhile. Whether it has done its own
 * when another looks at the files is not known; absent where the shell waits for it at once. `isTold`:
 * the next command ends as the job does. Gives how it ends.
 */
export async function runJob(
  evaluator: Evaluator,
  command: Command,
  state: ShellState,
  position: Position,
  {after, isTold = false}: {readonly after?: (way: ShellState) => Promise<void>; readonly isTold?: boolean},
): Promise<Status> {
  let others: readonly Doubt[] = []
  if (after && !state.isGlance) {
    const trial = glanceFrom(state)
    await evaluator.rehearse(() => after(trial))
    const changes = changesBetween(state.world, worldOf(trial))
    // A program that may make anything is not taken to make what is started beside it.
    others = meanwhile(changes.filter(({below, grade}) => below !== '/' || grade !== 'made'))
  }
  const place = {...position, checked: position.checked && (position.tail || isTold)}
  // Inside of it `set -e` holds as it does outside; dash and ash forget that what starts it is tested.
  const inside = {...place, checked: position.checked || isAlmquist(state.dialect)}
  const run = async (outer: ShellState): Promise<{readonly world: World; readonly status: Status}> => {
    const ended = await runForked(evaluator, outer, place, shell => evaluator.command(command, shell, inside))
    return {world: worldOf(ended.inner), status: ended.status}
  }
  // What both change is in doubt for the shell too, also where the job leaves alone what may be another thing.
  let raced: readonly Doubt[] = []
  if (others.length > 0) {
    await evaluator.rehearse(async () => {
      raced = racing(changesBetween(state.world, (await run(glanceFrom(state))).world), others)
    })
  }
  const outer = {...state, world: withDoubts(state.world, others)}
  const ended = await run(outer)
  const world = withoutDoubts(ended.world, others)
  state.unread = outer.unread
  state.world = withDoubts(after ? joinWorlds(state.world, world) : world, raced)
  return ended.status
}

/** A shell that is gone through once more, to see what becomes of the files. */
function glanceFrom(state: ShellState): ShellState {
  return {...fork(state), isGlance: true, aside: []}
}
