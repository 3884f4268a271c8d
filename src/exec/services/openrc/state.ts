import type {Cause} from '../../../image/rootfs.ts'
import {joinPath} from '../../resolved-path.ts'
import {textOf} from '../../world/text.ts'
import type {WorldView} from '../../world/view.ts'
import {type Content, type World, withChange, withDoubt} from '../../world/world.ts'
import {STATE} from './environment.ts'

const LEVEL = `${STATE}/softlevel`
const LOCKS = `${STATE}/exclusive`

/** The runlevel that was reached last, by the file that says so; `sysinit` where there is none. */
export async function readLevel(view: WorldView): Promise<string> {
  return (await textOf(view, await view.place(LEVEL)))?.split('\n')[0] || 'sysinit'
}

/** Whether OpenRC has certainly not been started: then no service is. */
export async function isNotBooted(view: WorldView): Promise<boolean> {
  const {node, maybe} = await view.place(LEVEL)
  return node === undefined && maybe === undefined
}

export function withLevel(world: World, level: string, by: Cause): World {
  const own = [STATE, `${STATE}/started`, LOCKS].reduce((before, path) => withDirectory(before, path, by), world)
  return withFile(own, LEVEL, `${level}\n`, by)
}

/** Whether there is where services are locked; of the versions that do not make it themselves none starts without. */
export async function hasLocks(view: WorldView): Promise<boolean> {
  const {node, maybe} = await view.place(LOCKS)
  return node !== undefined && maybe === undefined
}

/** `unknown`: the service may be started, or have failed. */
export function withStarted(world: World, name: string, status: 'success' | 'unknown', by: Cause): World {
  const path = joinPath(`${STATE}/started`, name)
  return status === 'success' ? withFile(world, path, '', by) : withDoubt(world, {below: path, grade: 'made', by})
}

/** `unknown` where a script that was followed may have started it. */
export async function isStarted(view: WorldView, name: string): Promise<boolean | 'unknown'> {
  const {node, maybe} = await view.place(joinPath(`${STATE}/started`, name))
  return maybe === undefined ? node !== undefined : 'unknown'
}

const OWN = {uid: 0, gid: 0}

function withDirectory(world: World, path: string, by: Cause): World {
  const node = {path, kind: 'directory', mode: 0o755, size: 0, ...OWN} as const
  return withChange(world, path, {kind: 'there', node, content: {kind: 'same'}, by}, true)
}

function withFile(world: World, path: string, text: string, by: Cause): World {
  const node = {path, kind: 'file', mode: 0o644, size: text.length, ...OWN} as const
  const content: Content = {kind: 'text', text}
  return withChange(world, path, {kind: 'there', node, content, by})
}
