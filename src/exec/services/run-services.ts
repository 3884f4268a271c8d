import {changesBetween, withDoubts} from '../shell/race.ts'
import {ends, type Outcome} from '../world/call.ts'
import type {Doubt, World} from '../world/world.ts'
import type {Handover, Runner} from '../wrappers/handover.ts'

/** A program that a supervisor starts. */
export type ServiceStart = Extract<Handover, {kind: 'program'}>

/**
 * Starts services beside each other. Each finds the files as they were before, or as the start scripts of the others
 * make them: their order is not known. What the programs do once they run does not affect the others.
 */
export async function runServices(
  runner: Runner,
  services: readonly ServiceStart[],
  world: World = runner.view.world,
): Promise<Outcome> {
  const changes: (readonly Doubt[])[] = []
  const besides = (own: number): World =>
    withDoubts(
      world,
      changes.flatMap((doubts, index) => (index === own ? [] : doubts)),
    )
  const start = async (service: ServiceStart, before: World, index: number): Promise<void> => {
    const after = await runner.run(service, before)
    changes[index] = startChanges(before, after.world)
  }
  if (services.length > 1) {
    await runner.rehearse(async () => {
      for (const [index, service] of services.entries()) await start(service, world, index)
    })
  }
  for (const [index, service] of services.entries()) await start(service, besides(index), index)
  // The supervisor stays.
  return {...ends(runner, 'unknown'), world: besides(-1)}
}

/** What a service has changed when it is started, for those beside it. */
export function startChanges(before: World, after: World): readonly Doubt[] {
  return changesBetween(before, after).filter(({isLast}) => !isLast)
}

/** A program that a supervisor executes itself. */
export function programStart(
  process: ServiceStart['process'],
  via: string,
  more: Partial<ServiceStart> = {},
): ServiceStart {
  return {
    kind: 'program',
    process,
    search: 'execvp',
    via,
    certainty: 'certain',
    guarded: false,
    runsText: false,
    shallow: false,
    ...more,
  }
}

/** A program of a service, without which the supervisor goes on. */
export function serviceStart(
  process: ServiceStart['process'],
  service: NonNullable<ServiceStart['service']>,
  more: Partial<ServiceStart> = {},
): ServiceStart {
  return programStart({...process, ending: 'closed'}, `service ${service.name} of ${service.of}`, {service, ...more})
}
