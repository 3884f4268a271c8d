import {type Doubt, joinWorlds, type World} from '../world/world.ts'
import type {Evaluator, Position} from './evaluator.ts'
import {joinAll} from './join.ts'
import {changesBetween, overlaps, withDoubts, withoutDoubts} from './race.ts'
import {fork, type ShellState} from './state.ts'
import {runForked} from './subshell.ts'
import type {Command} from './syntax.ts'

/**
 * A command that nobody waits for: `after` runs what the shell does meanwhile. Whether it has done its own when another
 * looks at the files, nobody knows; absent where the shell waits for it at once.
 */
export async function runJob(
  evaluator: Evaluator,
  command: Command,
  state: ShellState,
  place: Position,
  after?: (way: ShellState) => Promise<void>,
): Promise<void> {
  let meanwhile: readonly Doubt[] = []
  if (after && !state.isGlance) {
    const trial: ShellState = {...fork(state), isGlance: true, aside: []}
    const mark = evaluator.reached.length
    await evaluator.host.rehearse(() => after(trial))
    evaluator.reached.splice(mark)
    const changes = changesBetween(state.world, joinAll(trial.world, ...trial.aside.map(way => way.world)))
    // A program that may make anything is not taken to make what is started beside it.
    meanwhile = changes.filter(({below, grade}) => below !== '/' || grade !== 'made')
  }
  const run = async (outer: ShellState): Promise<World> => {
    const {inner} = await runForked(evaluator, outer, place, shell => evaluator.command(command, shell, place))
    return joinAll(inner.world, ...inner.aside.map(way => way.world))
  }
  // What both change is in doubt for the shell too; the doubt that the job runs in hides that of its own.
  const raced: Doubt[] = []
  if (meanwhile.length > 0) {
    const alone: ShellState = {...fork(state), isGlance: true, aside: []}
    const mark = evaluator.reached.length
    await evaluator.host.rehearse(async () => {
      const own = changesBetween(state.world, await run(alone))
      raced.push(...own.filter(doubt => overlaps(doubt, meanwhile)))
    })
    evaluator.reached.splice(mark)
  }
  const outer = {...state, world: withDoubts(state.world, meanwhile)}
  const world = withoutDoubts(await run(outer), meanwhile)
  state.unread = outer.unread
  state.world = withDoubts(after ? joinWorlds(state.world, world) : world, raced)
}
