import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {directoryOf, isBelow} from '../../lib/paths.ts'
import {withAttributes} from './attributes.ts'
import type {Change, Content, Recursion, Tree, World} from './world.ts'

/** What is at one path without symlinks. */
export interface Seen {
  readonly node: FileNode
  /** Absent of a file that the image has at this path. */
  readonly content?: Content
}

/** One path without symlinks, as the world has it; else as the image has it. A symlink is seen itself. */
export async function seeIn(image: RootFs, world: World, path: string): Promise<Seen | undefined> {
  return seeFrom(image, world, path, path)
}

/** `above` is the path, or a directory above it: what became of that decides. */
async function seeFrom(image: RootFs, world: World, path: string, above: string): Promise<Seen | undefined> {
  for (let at = above; ; at = directoryOf(at)) {
    world.budget?.charge('work', at.length / 16)
    const change = world.changes.get(at)
    if (change && !keepsBelow(change, at, path)) return seeThrough(image, world, path, at, change)
    if (at === '/') break
  }
  return seeUnchanged(image, world.recursions, path)
}

/** Other attributes of a directory leave what is in it as it was. */
function keepsBelow(change: Change, at: string, path: string): boolean {
  return at !== path && change.kind === 'there' && change.content.kind === 'same'
}

async function seeThrough(
  image: RootFs,
  world: World,
  path: string,
  at: string,
  change: Change,
): Promise<Seen | undefined> {
  if (change.kind === 'gone') return undefined
  const {node, content} = change
  if (at === path) return {node, content}
  if (content.kind !== 'tree') return undefined
  const copied = await seeCopied(image, world, content, path, at)
  if (!content.over) return copied
  const {change: under} = content.over
  const other =
    under && !keepsBelow(under, at, path)
      ? await seeThrough(image, world, path, at, under)
      : at === '/'
        ? await seeUnchanged(image, world.recursions, path)
        : await seeFrom(image, world, path, directoryOf(at))
  if (!copied || !other) return copied ?? other
  // What is copied over a file takes its owner and permissions, over a directory into it.
  if (other.node.kind === 'directory') return other
  const {mode, uid, gid} = other.node
  return copied.node.kind === 'file' && other.node.kind === 'file'
    ? {...copied, node: {...copied.node, mode, uid, gid}}
    : copied
}

async function seeCopied(
  image: RootFs,
  world: World,
  {of, before, owner}: Tree,
  path: string,
  at: string,
): Promise<Seen | undefined> {
  const seen = await seeUnchanged(image, before, (of === '/' ? '' : of) + path.slice(at === '/' ? 0 : at.length))
  if (!seen) return undefined
  const content = seen.content ?? {kind: 'file', of: seen.node}
  const {mode} = seen.node
  const copied = owner
    ? {...seen.node, path, uid: owner.uid, gid: owner.gid, mode: mode & ~owner.umask & 0o777}
    : {...seen.node, path}
  const later = world.recursions.filter(recursion => !before.includes(recursion))
  const node = withRecursions(copied, later)
  return {node, content: node.kind === 'file' ? content : {kind: 'none'}}
}

async function seeUnchanged(image: RootFs, recursions: readonly Recursion[], path: string): Promise<Seen | undefined> {
  const node = await seeInImage(image, path)
  if (!node) return undefined
  const changed = withRecursions(node, recursions)
  if (changed === node) return {node}
  return {node: changed, content: node.kind === 'file' ? {kind: 'file', of: node} : {kind: 'same'}}
}

function withRecursions(node: FileNode, recursions: readonly Recursion[]): FileNode {
  let changed = node
  for (const {below, attributes} of recursions) {
    if (isBelow(node.path, below)) changed = withAttributes(changed, attributes) ?? changed
  }
  return changed
}

/** lstat(2) by a look-up that follows: the first symlink on a way without symlinks is the path itself. */
async function seeInImage(image: RootFs, path: string): Promise<FileNode | undefined> {
  const found = await image.lookup(path)
  const [hop] = found.hops
  if (hop?.path === path) return {path, kind: 'symlink', mode: 0o777, uid: 0, gid: 0, size: 0, target: hop.target}
  return found.outcome === 'found' ? found.node : undefined
}
