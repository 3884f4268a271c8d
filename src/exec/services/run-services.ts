import {changesBetween, withDoubts} from '../shell/race.ts'
import {ends, type Outcome} from '../world/call.ts'
import type {Doubt, World} from '../world/world.ts'
import type {Handover, Runner} from '../wrappers/handover.ts'

/** One program of a service. */
export type ServiceStart = Extract<Handover, {kind: 'program'}>

/**
 * Starts services beside each other. Each finds the files as they were before, or as the start scripts of the others
 * make them: nobody knows which is first. What the programs themselves do, once they run, is no matter to the others.
 */
export async function runServices(runner: Runner, services: readonly ServiceStart[]): Promise<Outcome> {
  const {view} = runner
  const changes: (readonly Doubt[])[] = []
  const besides = (own: number): World =>
    withDoubts(
      view.world,
      changes.flatMap((doubts, index) => (index === own ? [] : doubts)),
    )
  const start = async (service: ServiceStart, before: World, index: number): Promise<void> => {
    const {world} = await runner.run(service, before)
    changes[index] = changesBetween(before, world).filter(({isLast}) => !isLast)
  }
  if (services.length > 1) {
    await runner.rehearse(async () => {
      for (const [index, service] of services.entries()) await start(service, view.world, index)
    })
  }
  for (const [index, service] of services.entries()) await start(service, besides(index), index)
  // The supervisor stays.
  return {...ends(runner, 'unknown'), world: besides(-1)}
}

/** A program of a service that the supervisor executes itself. */
export function serviceStart(
  process: ServiceStart['process'],
  service: NonNullable<ServiceStart['service']>,
  more: Partial<ServiceStart> = {},
): ServiceStart {
  return {
    kind: 'program',
    process,
    search: 'execvp',
    via: `service ${service.name} of ${service.of}`,
    certainty: 'certain',
    guarded: false,
    runsText: false,
    shallow: false,
    service,
    ...more,
  }
}
