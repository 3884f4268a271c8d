import {type ResolveOptions, resolvePath} from '../../image/resolve-path.ts'
import type {Cause, Doubtful, FileNode, Lookup, RootFs} from '../../image/rootfs.ts'
import {bytesAccess} from '../../lib/bytes.ts'
import {defined} from '../../lib/defined.ts'
import {baseName} from '../../lib/paths.ts'
import {type Listing, listDirectory} from './list-directory.ts'
import {seeIn} from './see.ts'
import {type Content, doubtsAt, type Grade, type World} from './world.ts'

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
  /** The directories on the way: each needs search permission. */
  readonly through: readonly FileNode[]
  /** What may have made it, or replaced it. */
  readonly maybe?: Doubtful
  /** What may have changed its permissions. */
  readonly mode?: Doubtful
}

/** The files of a running container: those of the image with the changes of a world. */
export interface WorldView extends RootFs {
  readonly image: RootFs
  readonly world: World
  /** Where a path leads, and what is there. A symlink at the end is followed unless `followLast` is false. */
  place(path: string, options?: Pick<ResolveOptions, 'followLast'>): Promise<Place>
  /** What is in a directory, and what may have made it otherwise; undefined where the path leads to no directory. */
  directory(path: string): Promise<Listing | undefined>
}

/** What a file of a changed path holds. */
const contents = new WeakMap<FileNode, Content>()

/** The view of a world. */
export function viewWorld(image: RootFs, world: World): WorldView {
  const see = async (path: string): Promise<FileNode | undefined> => {
    const seen = await seeIn(image, world, path)
    if (seen?.content) contents.set(seen.node, seen.content)
    return seen?.node
  }
  const isUnchanged = world.changes.size === 0 && world.recursions.length === 0
  const view: WorldView = {
    image,
    world,
    // What is as in the image is read in one go.
    lookup: async path => asImage(world, await (isUnchanged ? image.lookup(path) : resolvePath(path, see)), path),
    place: async (path, options) => placeOf(world, path, await resolvePath(path, see, options ?? {})),
    open: node => {
      const content = contents.get(node)
      if (content?.kind === 'text') return Promise.resolve(bytesAccess(new TextEncoder().encode(content.text)))
      if (content?.kind === 'unknown') throw new Error(`${node.path} has no content that is known`)
      return image.open(content?.kind === 'file' ? content.of : node)
    },
    list: async ({path}) => (await listDirectory(view, path))?.names ?? [],
    directory: path => listDirectory(view, path),
    files: () => image.files(),
    survey: inspection => image.survey(inspection),
  }
  return view
}

/**
 * A look-up as those who know images only ask for it: a copy leads to the file that it is a copy of, with the copy's
 * own permissions; a file of unknown content counts as missing, and may exist.
 */
function asImage(world: World, found: Lookup, path: string): Lookup {
  const maybe = doubtOf(world, found, path)
  if (found.outcome === 'missing') return {...found, ...defined({maybe, removedBy: removerOf(world, found.at)})}
  if (found.outcome !== 'found') return maybe ? {...found, maybe} : found
  const {node, hops, through} = found
  const content = contents.get(node)
  if (content?.kind === 'unknown') {
    const by = world.changes.get(node.path)?.by ?? {kind: 'command', name: 'the script'}
    return {outcome: 'missing', at: node.path, hops, through, maybe: {by, grade: 'replaced'}}
  }
  if (content?.kind !== 'file' || content.of.path === node.path) return {...found, ...defined({maybe})}
  const {mode, uid, gid} = node
  const copy = {...content.of, mode, uid, gid}
  contents.set(copy, content)
  const hop = {path: node.path, target: content.of.path, isCopy: true} as const
  return {outcome: 'found', node: copy, hops: [...hops, hop], through, ...defined({maybe})}
}

function removerOf({changes}: World, path: string): Cause | undefined {
  const change = changes.get(path)
  return change?.kind === 'gone' ? change.by : undefined
}

/** Whether the permissions of a directory on the way to a place may have been changed. */
export function mayBeBarred({world}: WorldView, {through}: Pick<Place, 'through'>): boolean {
  return through.some(({path}) => worst(world, path, ['mode']) !== undefined)
}

function placeOf(world: World, path: string, found: Lookup): Place {
  const {through} = found
  const maybe = doubtOf(world, found, path)
  if (found.outcome !== 'found') {
    const isMakeable = found.outcome === 'missing' && isLastComponent(path, found)
    return {at: found.at, isMakeable, through, ...defined({maybe})}
  }
  const {node} = found
  const content = contents.get(node)
  const mode = worst(world, node.path, ['replaced', 'mode'])
  return {
    at: node.path,
    node,
    isMakeable: true,
    through,
    ...defined({content: content?.kind === 'same' ? undefined : content, mode}),
    ...defined({maybe: maybe?.grade === 'replaced' ? maybe : goneOf(world, found)}),
  }
}

/**
 * Whether what is missing is the end of the path, and not a directory on the way: no symlink leads there with more
 * behind it.
 */
function isLastComponent(path: string, {hops, at}: Extract<Lookup, {outcome: 'missing'}>): boolean {
  const last = path.replace(/\/+$/, '').split('/').at(-1)
  const end = hops.at(-1)?.target.replace(/\/+$/, '').split('/').at(-1)
  const name = baseName(at)
  return name === last || name === end
}

/** What there is to doubt of a look-up: at its end, and at each symlink and directory on the way. */
function doubtOf(world: World, found: Lookup, path: string): Doubtful | undefined {
  if (world.doubts.length === 0) return undefined
  for (const {path} of found.hops) {
    const doubt = worst(world, path, ['replaced'])
    if (doubt) return doubt
  }
  for (const {path} of found.through) {
    // What comes down into a directory takes no directory's place.
    const doubt = doubtsAt(world, path, true).find(({grade, isDirect}) => grade === 'replaced' && !isDirect)
    if (doubt) return {by: doubt.by, grade: 'replaced'}
  }
  if (found.outcome === 'missing') return worst(world, missingPath(found.at, path), ['replaced', 'made'], false)
  if (found.outcome !== 'found') return worst(world, found.at, ['replaced'])
  const own = worst(world, found.node.path, ['replaced'])
  if (own) return own
  for (const {path} of [found.node, ...found.through]) {
    const mode = worst(world, path, ['mode'])
    if (mode) return mode
  }
  return goneOf(world, found)
}

/** What may have removed what is found, or something on the way. */
function goneOf(world: World, {node, hops, through}: Extract<Lookup, {outcome: 'found'}>): Doubtful | undefined {
  for (const {path} of [node, ...hops, ...through]) {
    const gone = worst(world, path, ['removed'])
    if (gone) return gone
  }
  return undefined
}

/** What is missing of a path of which only a directory on the way is known to be: without symlinks, the path itself. */
function missingPath(at: string, path: string): string {
  return path.startsWith(`${at}/`) && !/\/\.{1,2}(\/|$)/.test(path) ? path.replace(/\/+/g, '/').replace(/\/$/, '') : at
}

function worst(world: World, path: string, grades: readonly Grade[], isThere = true): Doubtful | undefined {
  const doubts = doubtsAt(world, path, isThere)
  for (const grade of grades) {
    const doubt = doubts.find(one => one.grade === grade)
    if (doubt) return {by: doubt.by, grade}
  }
  return undefined
}
