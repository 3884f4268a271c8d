import type {Doubtful} from '../../image/rootfs.ts'
import type {WorldView} from '../world/view.ts'
import {doubtsAt} from '../world/world.ts'

/** What may have changed the ids of users that are there, and what may have added others. */
export async function doubtOfUsers(view: WorldView): Promise<Readonly<Record<'ids' | 'users', Doubtful | undefined>>> {
  const [passwd, group] = [await view.lookup('/etc/passwd'), await view.lookup('/etc/group')]
  const ids = [passwd.maybe, group.maybe].find(maybe => maybe && maybe.grade !== 'mode' && maybe.grade !== 'removed')
  // What may make files anywhere may add users, as packages do when they are installed.
  return {ids, users: ids ?? doubtsAt(view.world, passwd.outcome === 'found' ? passwd.node.path : passwd.at, false)[0]}
}
