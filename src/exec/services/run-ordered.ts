import {meanwhile, withDoubts, withoutDoubts} from '../shell/race.ts'
import type {Outcome} from '../world/call.ts'
import type {Doubt, World} from '../world/world.ts'
import type {Runner} from '../wrappers/handover.ts'
import {startChanges} from './run-services.ts'

/** A service that is started once those are up that it waits for. */
export interface OrderedStart {
  readonly name: string
  /** All that it waits for, directly or not. */
  readonly after: ReadonlySet<string>
  /** It runs once, to its end, and those that wait for it find what it has made; else it goes on. */
  readonly isOnce: boolean
  start(world: World): Promise<Outcome>
}

/**
 * Starts services in an order in which each is behind those that it waits for. What those have done that run once is
 * there; it is not known what the others have done yet. A service is not started where one fails that
 * it waits for.
 */
export async function runOrdered(
  runner: Runner,
  services: readonly OrderedStart[],
  first: World,
): Promise<{readonly world: World; readonly failed: ReadonlySet<string>}> {
  const changes = new Map<string, readonly Doubt[]>()
  const waiting = new Map(services.map(({name, after}) => [name, after] as const))
  const runAll = async (isRehearsal: boolean) => {
    let world = first
    const failed = new Set<string>()
    for (const {name, after, isOnce, start} of services) {
      if ([...after].some(other => failed.has(other))) {
        failed.add(name)
        continue
      }
      const isBeside = (other: string) => other !== name && !after.has(other) && !waiting.get(other)?.has(name)
      const besides = isRehearsal
        ? []
        : [...changes].flatMap(([other, doubts]) => (isBeside(other) ? meanwhile(doubts) : []))
      const before = withDoubts(world, besides)
      const outcome = await start(before)
      const own = startChanges(before, outcome.world)
      if (isRehearsal) changes.set(name, own)
      if (isOnce && outcome.status === 'failure') failed.add(name)
      const added = before.doubts.filter(doubt => !world.doubts.includes(doubt))
      world = isOnce ? withoutDoubts(outcome.world, added) : withDoubts(world, own)
    }
    return {world, failed}
  }
  if (services.length > 1) {
    await runner.rehearse(async () => {
      await runAll(true)
    })
  }
  return runAll(false)
}
