import {defined} from '../../lib/defined.ts'
import type {Outcome} from '../world/call.ts'
import {joinWorlds} from '../world/join-worlds.ts'
import {eitherValue} from '../world/value.ts'
import type {World} from '../world/world.ts'
import type {Handover, Runner} from './handover.ts'

/** Follows two handovers of which one is what happens: only what both come to is certain. */
export async function runEither(
  runner: Runner,
  world: World,
  [first, second]: readonly [Handover, Handover],
): Promise<Outcome> {
  const outcomes: Outcome[] = []
  const run = (handover: Handover) => async () => {
    outcomes.push(await runner.run(handover, world))
  }
  await runner.oneOf([run(first), run(second)])
  const [one, other] = outcomes
  if (!one || !other) return {world, status: 'unknown'}
  const isPrinted = one.output !== undefined && other.output !== undefined
  const output = isPrinted ? eitherValue(one.output, other.output, 'an applet of busybox') : undefined
  return {
    world: joinWorlds(one.world, other.world),
    status: one.status === other.status ? one.status : 'unknown',
    ...defined({output}),
  }
}
