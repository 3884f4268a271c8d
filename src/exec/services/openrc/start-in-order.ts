import {joinPath, type Process} from '../../resolved-path.ts'
import {withDoubts, withoutDoubts} from '../../shell/race.ts'
import {viewWorld} from '../../world/view.ts'
import type {World} from '../../world/world.ts'
import type {Runner} from '../../wrappers/handover.ts'
import {serviceStart} from '../run-services.ts'
import {findLacking, isOptional, providersOf, type ServiceTree, startOrder} from './service-tree.ts'
import {isStarted, withStarted} from './state.ts'

/** What is to be started. */
export interface Wanted {
  readonly tree: ServiceTree
  readonly names: readonly string[]
  readonly isInLevel: (name: string) => boolean
  /** With the variables of OpenRC. */
  readonly process: Process
  /** That all of them are started is certain. */
  readonly isSure: boolean
}

export interface Started {
  readonly world: World
  /** The services that were not started. */
  readonly failed: ReadonlySet<string>
}

/**
 * Starts services one after the other, each behind those that it needs; one is not started where one that it needs was
 * not. What a daemon does in the end the next one does not wait for.
 */
export async function startInOrder(
  runner: Runner,
  {tree, names, isInLevel, process, isSure}: Wanted,
  first: World,
): Promise<Started> {
  const failed = new Set<string>()
  let world = first
  const refuse = async (name: string, reason: string): Promise<void> => {
    failed.add(name)
    const service = {name, of: 'openrc'}
    const certainty = isSure ? 'certain' : 'likely'
    await runner.run({kind: 'refused', via: 'service of openrc', reason, service, certainty}, world)
  }
  for (const name of names.filter(one => tree.idle.includes(one))) {
    await refuse(name, `the script of the service ${name}, /etc/init.d/${name}, has no execute bit, and is passed over`)
  }
  for (const name of startOrder(tree, names, isInLevel)) {
    const view = viewWorld(runner.view.image, world)
    const before = await isStarted(view, name)
    if (before === true) continue
    const dependencies = tree.services.get(name)
    const needs = dependencies?.need ?? []
    const lacking = findLacking(tree, name)
    const isCertain =
      isSure && before === false && dependencies !== undefined && ![name, ...needs].some(one => isSkipped(tree, one))
    const certainty = isCertain ? 'certain' : 'likely'
    const service = {name, of: 'openrc'}
    if (lacking !== undefined && isCertain) {
      await refuse(name, `the service ${name} needs ${lacking}, which no script of /etc/init.d is or provides`)
      continue
    }
    if (needs.some(one => providersOf(tree.services, one).some(provider => failed.has(provider)))) {
      failed.add(name)
      continue
    }
    const argv = [joinPath('/etc/init.d', name), 'start']
    const start = serviceStart({...process, argv}, service, {
      search: 'path',
      certainty,
      isFollowed: true,
      isLast: false,
    })
    const outcome = await runner.run(start, world)
    const last = outcome.world.doubts.filter(({isLast}) => isLast)
    world = withoutDoubts(outcome.world, last)
    if (outcome.status === 'failure') failed.add(name)
    else world = withStarted(world, name, outcome.status, runner.by)
  }
  return {world: withDoubts(world, []), failed}
}

/** Passed over in some containers. */
function isSkipped({services}: ServiceTree, name: string): boolean {
  return providersOf(services, name).some(one => {
    const dependencies = services.get(one)
    return dependencies !== undefined && isOptional(dependencies)
  })
}
