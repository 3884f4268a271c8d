import {readServerError} from '../../binary/index.ts'
import {defined} from '../../lib/defined.ts'
import {findCounterpart} from '../counterpart.ts'
import {readContent} from '../execve.ts'
import type {Located} from '../search.ts'
import type {Obstacle} from '../steps.ts'
import {viewWorld} from '../world/view.ts'
import {type Start, stepOf} from './start.ts'
import {add, passOver, type Walk} from './walk.ts'

/** False where it was passed over in silence. */
export async function addUnfound(
  walk: Walk,
  start: Start,
  located: Extract<Located, {found: false}>,
): Promise<boolean> {
  const name = start.process.argv[0] ?? ''
  const {resolved} = located
  const obstacle = await withCounterpart(walk, start, located.obstacle)
  // A script that looked first whether the program is there does not start it.
  const isAbsent = obstacle.kind === 'missing' || obstacle.kind === 'not-in-path'
  // But what was made there, only the run knows as what, may be what it ends as.
  const isEnd = /^(exec|last command) in /.test(start.via) && !start.tolerated
  const maybe = located.maybe ?? start.maybe
  const isMade = isEnd && maybe?.grade === 'replaced'
  if ((start.guarded || start.tolerated) && isAbsent && !isMade) {
    if (maybe) passOver(walk, start.from, `${name} is not in the image, and may be made before`)
    return false
  }
  const isThere = obstacle.kind === 'not-executable' && obstacle.reason === 'no-execute-permission'
  const machine = {...walk.machine, rootfs: viewWorld(walk.machine.rootfs, start.world)}
  const {verdict, ...content} = isThere ? await readContent(machine, resolved?.node) : {}
  // With the permission, whoever runs texts would run this one.
  const isRun = start.runsText && content.identity?.kind === 'text' && readServerError(content.identity) === undefined
  add(walk, {
    ...stepOf(start),
    role: 'program',
    path: name,
    argv: start.process.argv,
    hops: resolved?.hops ?? [],
    ...defined({node: resolved?.node}),
    ...content,
    ...(verdict && !isRun ? {verdict} : {}),
    obstacle,
    ...defined({maybe}),
  })
  return true
}

async function withCounterpart({machine}: Walk, {world}: Start, obstacle: Obstacle): Promise<Obstacle> {
  if (obstacle.kind !== 'missing' || obstacle.errno !== 'ENOENT') return obstacle
  const counterpart = await findCounterpart(viewWorld(machine.rootfs, world), machine.platform, obstacle.at)
  return counterpart === undefined ? obstacle : {...obstacle, counterpart}
}
