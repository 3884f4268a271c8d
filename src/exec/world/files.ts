import type {FileNode} from '../../image/rootfs.ts'
import {baseName, directoryOf} from '../../lib/paths.ts'
import type {Credentials} from '../credentials.ts'
import {maySearch, mayWrite} from '../permission.ts'
import {joinPath} from '../resolved-path.ts'
import {UMASK} from './attributes.ts'
import {absolutePath, after, type Call, ends, inOrder, type Outcome} from './call.ts'
import {type Symlink, targetsOf} from './symlinks.ts'
import type {Value} from './value.ts'
import {type Place, viewWorld} from './view.ts'
import {type Content, type Grade, type World, withChange, withDoubt, withFileChange, withSymlink} from './world.ts'

/** What a file is made with, before the umask. */
export const FILE_MODE = 0o666
export const DIRECTORY_MODE = 0o777

export interface WriteOptions {
  /** A file that is there keeps its owner and permissions; this is what it does not say otherwise. */
  readonly keepsMode?: boolean
  /** What is there is taken away first. */
  readonly isNew?: boolean
  /** Whose it is, where that is not the user. */
  readonly owner?: {readonly uid: number; readonly gid: number}
}

/** What is written to a path: an existing file keeps its owner and permissions, a new one gets `mode`. */
export async function writeFile(
  call: Call,
  path: string,
  content: Content,
  mode: number,
  {keepsMode = true, isNew = false, owner}: WriteOptions = {},
): Promise<Outcome> {
  const {view, user, by} = call
  const {world} = view
  const place = await view.place(path, {followLast: !isNew})
  const {node} = place
  if (node?.kind === 'directory') return ends(call, place.maybe ? 'unknown' : 'failure')
  if (node && node.kind !== 'file' && !isNew) return ends(call, 'unknown')
  if (path.endsWith('/')) return ends(call, place.maybe ? 'unknown' : 'failure')
  const existing = isNew ? undefined : node
  const directory = await directoryNodeOf(call, place)
  const permit = existing ? mayReach(user, place) && mayWrite(existing, user) : isMakeable(call, place, directory)
  if (permit === undefined || (existing && place.maybe)) return doubtfulAt(call, place.at)
  if (!permit) return ends(call, place.mode ? 'unknown' : 'failure')
  const {uid, gid} = owner ?? {uid: user.uid, gid: groupOf(user, directory)}
  const own = {path: place.at, kind: 'file', size: sizeOf(content)} as const
  const written: FileNode =
    existing && keepsMode
      ? {...own, mode: existing.mode, uid: existing.uid, gid: existing.gid}
      : {...own, mode, uid, gid}
  const change = {kind: 'there', node: written, content, by} as const
  const changed = existing ? withFileChange(world, place.at, change) : withChange(world, place.at, change)
  return {world: withNewMode(changed, call, place), status: place.maybe ? 'unknown' : 'success'}
}

/** A new directory, a symlink, or what another name had. */
export async function makeNode(
  call: Call,
  place: Place,
  node: Pick<FileNode, 'kind' | 'mode' | 'target'> & Partial<Pick<FileNode, 'uid' | 'gid' | 'size'>>,
  content: Content = {kind: 'none'},
): Promise<Outcome> {
  const {view, user, by} = call
  const {world} = view
  const directory = await directoryNodeOf(call, place)
  const permit = isMakeable(call, place, directory)
  if (permit === undefined) return doubtfulAt(call, place.at)
  if (!permit) return ends(call, place.mode ? 'unknown' : 'failure')
  const made: FileNode = {
    ...{uid: user.uid, gid: groupOf(user, directory), size: sizeOf(content)},
    ...node,
    path: place.at,
  }
  const changed = withChange(world, place.at, {kind: 'there', node: made, content, by})
  const known = node.target === undefined ? changed : withSymlink(changed, await symlinkAt(call, place.at, node.target))
  return {world: withNewMode(known, call, place), status: place.maybe ? 'unknown' : 'success'}
}

/** What is at a path is no longer there. */
export async function removeAt(call: Call, place: Place): Promise<Outcome> {
  const {view, by, user} = call
  const directory = await directoryNodeOf(call, place)
  const permit = isMakeable(call, place, directory)
  if (permit === undefined) return doubtfulAt(call, place.at)
  if (!permit || (directory && isProtected(directory, place, user)))
    return ends(call, place.mode ? 'unknown' : 'failure')
  return {world: withChange(view.world, place.at, {kind: 'gone', by}), status: 'success'}
}

/** Of the sticky bit: only who owns a file or its directory, and root, may take it away. */
function isProtected(directory: FileNode, {node}: Place, {uid}: Credentials): boolean {
  return (directory.mode & 0o1000) !== 0 && uid !== 0 && uid !== directory.uid && uid !== node?.uid
}

/**
 * Whether a name can be made or removed in its directory; undefined where that may have become another thing. What may
 * have been made there by something else is taken for a file, which is written over.
 */
function isMakeable({user}: Call, place: Place, directory: FileNode | undefined): boolean | undefined {
  if (place.maybe?.grade === 'replaced') return undefined
  if (!place.isMakeable || !directory) return place.maybe ? undefined : false
  return mayReach(user, place) && directory.kind === 'directory' && mayWrite(directory, user)
}

/** Whether a process may search all directories on the way to a place. */
export function mayReach(user: Credentials, {through}: Pick<Place, 'through'>): boolean {
  return through.every(directory => maySearch(directory, user))
}

async function directoryNodeOf({view}: Call, {at}: Place): Promise<FileNode | undefined> {
  return (await view.place(directoryOf(at))).node
}

/** The group of a new file: of a directory with the set-group-ID bit its own, as in System V. */
function groupOf(user: Credentials, directory: FileNode | undefined): number {
  return directory && (directory.mode & 0o2000) !== 0 ? directory.gid : user.gid
}

/** A file that is written over one that may have existed keeps its unknown permissions. */
function withNewMode(world: World, {umask, by}: Call, {maybe, at}: Place): World {
  const isUncertain = umask === undefined || maybe !== undefined
  return isUncertain ? withDoubt(world, {below: at, grade: 'mode', by}) : world
}

function sizeOf(content: Content): number {
  if (content.kind === 'text') return new TextEncoder().encode(content.text).length
  return content.kind === 'file' ? content.of.size : 0
}

/** The permissions of what is made with this mode. */
export function masked({umask = UMASK}: Pick<Call, 'umask'>, mode: number): number {
  return mode & ~umask
}

/**
 * A thing that only the run knows happened at a path; and where that leads, if a symlink may have been made there. By
 * the name of a symlink itself only the symlink is removed.
 */
export function doubtfulAt({view, by}: Pick<Call, 'view' | 'by'>, path: string, grade: Grade = 'replaced'): Outcome {
  const {symlinks, budget} = view.world
  const through = grade === 'removed' ? symlinks.filter(({at}) => at !== path) : symlinks
  const world = [path, ...targetsOf(through, path, budget)].reduce(
    (doubted, below) => withDoubt(doubted, {below, grade, by}),
    view.world,
  )
  return {world, status: 'unknown'}
}

/** There may be a symlink now, or another thing. */
export async function doubtfulSymlink(call: Call, at: string, target: string): Promise<Outcome> {
  const {world, status} = doubtfulAt(call, at)
  return {world: target === '' ? world : withSymlink(world, await symlinkAt(call, at, target)), status}
}

/** A symlink, and where it leads from its directory. */
async function symlinkAt({view, by}: Call, at: string, target: string): Promise<Symlink> {
  const path = target.startsWith('/') ? target : joinPath(directoryOf(at), target)
  return {at, to: (await view.place(path)).at, by}
}

/** Something may have been created in an unknown place. */
export function doubtfulAnywhere({view, by, isLast}: Pick<Call, 'view' | 'by'> & {isLast?: boolean}): Outcome {
  const doubt = {below: '/', grade: 'made', by} as const
  return {world: withDoubt(view.world, isLast ? {...doubt, isLast} : doubt), status: 'unknown'}
}

/** Something may have been removed: with a pattern in its directory, otherwise in an unknown place. */
export async function doubtfulRemoval(call: Call, word: Value): Promise<Outcome> {
  if (typeof word === 'string' && word !== '') return doubtfulInSomeDirectory(call, word)
  const below = typeof word === 'object' ? absolutePath(call, word.below) : undefined
  const at = below === undefined ? '/' : (await call.view.place(below)).at
  return doubtfulAt(call, at, 'removed')
}

/** The same of a word that may name what changes: of a pattern it is known in which directory. */
export async function doubtfulWord(call: Call, word: Value | undefined, grade: Grade = 'replaced'): Promise<Outcome> {
  const path = absolutePath(call, word)
  if (path !== undefined) return doubtfulAt(call, (await call.view.place(path)).at, grade)
  const oneOf = typeof word === 'object' ? word.oneOf : undefined
  if (oneOf) return inOrder(call, oneOf, (one, inner) => doubtfulWord(inner, one, grade))
  if (typeof word === 'object' && word.perhaps) {
    const {perhaps, ...anything} = word
    return inOrder(call, [...perhaps, anything], (one, inner) => doubtfulWord(inner, one, grade))
  }
  const below = typeof word === 'object' ? absolutePath(call, word.below) : undefined
  if (below !== undefined) return doubtfulAt(call, (await call.view.place(below)).at, grade)
  if (grade !== 'replaced') return doubtfulAt(call, '/', grade)
  return typeof word === 'string' && word !== '' ? doubtfulInSomeDirectory(call, word) : doubtfulAnywhere(call)
}

/** The same of a name in a directory that only the run knows, and of what the other words name, if it is one itself. */
function doubtfulInSomeDirectory(call: Call, word: string): Outcome {
  const {view, by, words} = call
  const named = [word, ...words].filter(one => typeof one === 'string' && one !== '' && !one.startsWith('-'))
  const names = named.map(one => baseName(String(one).replace(/\/+$/, '')).replaceAll(/[^\w]/g, '\\$&'))
  const doubt = {below: '/', names: new RegExp(`^(?:${names.join('|')})$`), grade: 'replaced', by} as const
  return doubtfulAnywhere({...call, view: viewWorld(view.image, withDoubt(view.world, doubt))})
}

/** A call that is not understood: what its words name may have been replaced, and anything made. */
export async function doubtfulCall(call: Call): Promise<Outcome> {
  let {world} = doubtfulAnywhere(call)
  for (const word of call.words) {
    const named = typeof word === 'string' ? word.replace(/^--?[\w-]+=/, '') : word
    if (typeof named === 'string' && (named === '' || named.startsWith('-'))) continue
    if (typeof named === 'object' && named.below === undefined) continue
    ;({world} = await doubtfulWord(after(call, world), named))
  }
  return {world, status: 'unknown'}
}
