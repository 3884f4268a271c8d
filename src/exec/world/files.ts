import type {FileNode} from '../../image/rootfs.ts'
import {mayWrite} from '../permission.ts'
import type {Call, Outcome} from './call.ts'
import type {Place} from './view.ts'
import {type Content, type World, withChange, withDoubt} from './world.ts'

/** The permissions of new files and directories under the usual umask, 022. */
export const NEW_FILE = 0o644
export const NEW_DIRECTORY = 0o755

/** What is written to a path: an existing file keeps its owner and permissions, a new one gets `mode`. */
export async function writeFile(
  call: Call,
  path: string,
  content: Content,
  mode: number,
  options: {readonly keepsMode?: boolean; readonly isNew?: boolean} = {},
): Promise<Outcome> {
  const {view, user, by} = call
  const {world} = view
  const place = await view.place(path)
  const existing = options.isNew ? undefined : place.node
  if (existing?.kind === 'directory') return {world, status: 'failure'}
  if (existing && existing.kind !== 'file') return {world, status: 'unknown'}
  const writable = existing ? mayWrite(existing, user) : await mayMake(call, place)
  if (writable === undefined)
    return {world: withDoubt(world, {below: place.at, grade: 'replaced', by}), status: 'unknown'}
  if (!writable) return {world, status: 'failure'}
  const size =
    content.kind === 'text'
      ? new TextEncoder().encode(content.text).length
      : content.kind === 'file'
        ? content.of.size
        : 0
  const own = {path: place.at, kind: 'file', size} as const
  const node: FileNode =
    existing && options.keepsMode !== false
      ? {...own, mode: existing.mode, uid: existing.uid, gid: existing.gid}
      : {...own, mode, uid: user.uid, gid: user.gid}
  // One of several things, where what is there already may have been replaced.
  return {world: withChange(world, place.at, {kind: 'there', node, content, by}), status: 'success'}
}

/** A new directory, or a symlink. */
export async function makeNode(
  call: Call,
  place: Place,
  node: Pick<FileNode, 'kind' | 'mode' | 'target'>,
  content: Content = {kind: 'text', text: ''},
): Promise<Outcome> {
  const {view, user, by} = call
  const {world} = view
  const writable = await mayMake(call, place)
  if (writable === undefined)
    return {world: withDoubt(world, {below: place.at, grade: 'replaced', by}), status: 'unknown'}
  if (!writable) return {world, status: 'failure'}
  const made: FileNode = {...node, path: place.at, uid: user.uid, gid: user.gid, size: 0}
  return {world: withChange(world, place.at, {kind: 'there', node: made, content, by}), status: 'success'}
}

/** What is at a path is no longer there. */
export async function removeAt(call: Call, place: Place): Promise<Outcome> {
  const {view, by} = call
  const {world} = view
  const writable = await mayMake(call, place)
  if (writable === undefined)
    return {world: withDoubt(world, {below: place.at, grade: 'replaced', by}), status: 'unknown'}
  return writable
    ? {world: withChange(world, place.at, {kind: 'gone', by}), status: 'success'}
    : {world, status: 'failure'}
}

/**
 * Whether a name can be made or removed in its directory; undefined where the directory may have been made, or mounted.
 */
export async function mayMake({view, user}: Call, place: Place): Promise<boolean | undefined> {
  if (place.maybe) return undefined
  if (!place.isMakeable) return false
  const directory = await view.place(place.at.slice(0, place.at.lastIndexOf('/')) || '/')
  if (!directory.node) return directory.maybe ? undefined : false
  return directory.node.kind === 'directory' && mayWrite(directory.node, user)
}

/** A thing that only the run knows happened at a path, or, where that is not known either, anywhere. */
export function doubtful({view, by}: Call, path: string | undefined): Outcome {
  return {world: doubtAt(view.world, path, by), status: 'unknown'}
}

export function doubtAt(world: World, path: string | undefined, by: string): World {
  return path === undefined
    ? withDoubt(world, {below: '/', grade: 'made', by})
    : withDoubt(world, {below: path, grade: 'replaced', by})
}
