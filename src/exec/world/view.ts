import {type ResolveOptions, resolvePath} from '../../image/resolve-path.ts'
import type {FileNode, Lookup, RootFs} from '../../image/rootfs.ts'
import {bytesAccess} from '../../lib/bytes.ts'
import {defined} from '../../lib/defined.ts'
import {type Content, doubtsAt, isBelow, type World} from './world.ts'

/** What is at a path of a running container. */
export interface Place {
  /** Absolute, no symlink in it: where the file is, or would be made. */
  readonly at: string
  /** What is there; its path is `at`. Absent where nothing is. */
  readonly node?: FileNode
  /** Of a file that is not the image's own. */
  readonly content?: Content
  /** Of a path that leads nowhere: whether only its last component is missing. */
  readonly isMakeable: boolean
  /** What may have made it, or replaced it. */
  readonly maybe?: {readonly by: string; readonly grade: 'made' | 'replaced'}
}

/** The files of a running container: those of the image with the changes of a world. */
export interface WorldView extends RootFs {
  readonly image: RootFs
  readonly world: World
  /** Where a path leads, and what is there. A symlink at the end is followed unless `followLast` is false. */
  place(path: string, options?: Pick<ResolveOptions, 'followLast'>): Promise<Place>
}

/** The file of the image that a copy, or a file with another mode, holds the content of. */
const originals = new WeakMap<FileNode, FileNode>()

/** The view of a world. With nothing changed it is the image itself, asked as it is. */
export function viewWorld(image: RootFs, world: World): WorldView {
  const isPlain = world.changes.size === 0 && world.doubts.length === 0
  const see = (path: string) => seeIn(image, world, path)
  const walk = (path: string, options?: Pick<ResolveOptions, 'followLast'>) => resolvePath(path, see, options)
  return {
    image,
    world,
    lookup: async path => (isPlain ? image.lookup(path) : asImage(world, await walk(path))),
    place: async (path, options) => placeOf(world, path, await walk(path, options)),
    open: async node => {
      const original = originals.get(node)
      if (original) return image.open(original)
      const change = world.changes.get(node.path)
      if (change?.kind !== 'there') return image.open(node)
      if (change.content.kind === 'text') return bytesAccess(new TextEncoder().encode(change.content.text))
      if (change.content.kind === 'file') return image.open(change.content.of)
      throw new Error(`${node.path} has no content that is known`)
    },
    files: () => image.files(),
    survey: inspection => image.survey(inspection),
  }
}

/** One path without symlinks, as the world has it; else as the image has it. */
async function seeIn(image: RootFs, {changes, budget}: World, path: string): Promise<FileNode | undefined> {
  let above = path
  for (;;) {
    budget?.charge('work', above.length / 16)
    const change = changes.get(above)
    if (change?.kind === 'gone') return undefined
    if (change?.kind === 'there') {
      if (above === path) return change.node
      if (change.content.kind !== 'tree') return undefined
      const original = await seeInImage(image, change.content.of + path.slice(above.length))
      return original && {...original, path}
    }
    if (above === '/') return seeInImage(image, path)
    above = above.slice(0, above.lastIndexOf('/')) || '/'
  }
}

/** lstat(2) by a look-up that follows: the first symlink on a way without symlinks is the path itself. */
async function seeInImage(image: RootFs, path: string): Promise<FileNode | undefined> {
  const found = await image.lookup(path)
  const [hop] = found.hops
  if (hop?.path === path) return {path, kind: 'symlink', mode: 0o777, uid: 0, gid: 0, size: 0, target: hop.target}
  return found.outcome === 'found' ? found.node : undefined
}

/**
 * A look-up as those who know images only ask for it: a copy leads to the file that it is a copy of, like a link, with
 * the copy's own permissions; what nobody knows the content of is missing, and may be there.
 */
function asImage(world: World, found: Lookup): Lookup {
  const at = found.outcome === 'found' ? found.node.path : found.at
  const maybe = maybeAt(world, at)
  if (found.outcome !== 'found') return maybe ? {...found, maybe: maybe.by} : found
  const {node, hops, through} = found
  const change = world.changes.get(node.path)
  if (change?.kind === 'there' && change.content.kind === 'unknown') {
    return {outcome: 'missing', at: node.path, hops, through, maybe: change.by}
  }
  const original = originalOf(world, node)
  const isReplaced = maybe?.grade === 'replaced'
  return {
    outcome: 'found',
    node: original ? copyOf(original, node) : node,
    hops: original && original.path !== node.path ? [...hops, {path: node.path, target: original.path}] : hops,
    through,
    ...(isReplaced ? {maybe: maybe.by} : {}),
  }
}

function copyOf(original: FileNode, {mode, uid, gid}: FileNode): FileNode {
  const copy = {...original, mode, uid, gid}
  originals.set(copy, original)
  return copy
}

/** The file of the image that a file of a changed path is a copy of. */
function originalOf({changes, budget}: World, node: FileNode): FileNode | undefined {
  const change = changes.get(node.path)
  if (change?.kind === 'there') return change.content.kind === 'file' ? change.content.of : undefined
  budget?.charge('work', changes.size)
  for (const [path, other] of changes) {
    if (other.kind === 'there' && other.content.kind === 'tree' && isBelow(node.path, path)) {
      return {...node, path: other.content.of + node.path.slice(path.length)}
    }
  }
  return undefined
}

function placeOf(world: World, path: string, found: Lookup): Place {
  if (found.outcome !== 'found') {
    const isMakeable = found.outcome === 'missing' && isLastComponent(path, found)
    const maybe = maybeAt(world, found.at)
    return {at: found.at, isMakeable, ...defined({maybe})}
  }
  const {node} = found
  const change = world.changes.get(node.path)
  const original = change ? undefined : originalOf(world, node)
  const content: Content | undefined =
    change?.kind === 'there' ? change.content : original ? {kind: 'file', of: original} : undefined
  const maybe = maybeAt(world, node.path)
  return {
    at: node.path,
    node,
    isMakeable: true,
    ...defined({content}),
    ...(maybe?.grade === 'replaced' ? {maybe} : {}),
  }
}

/**
 * Whether what is missing is the end of the path, and not a directory on the way: no
 * symlink leads there with more behind it.
 */
function isLastComponent(path: string, {hops, at}: Extract<Lookup, {outcome: 'missing'}>): boolean {
  const last = path.replace(/\/+$/, '').split('/').at(-1)
  const end = hops.at(-1)?.target.replace(/\/+$/, '').split('/').at(-1)
  const name = at.slice(at.lastIndexOf('/') + 1)
  return name === last || name === end
}

function maybeAt(world: World, at: string): Place['maybe'] {
  const doubts = doubtsAt(world, at)
  const [first] = doubts.filter(({grade}) => grade === 'replaced').concat(doubts)
  return first && {by: first.by, grade: first.grade}
}
