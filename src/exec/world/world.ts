import type {Cause, FileNode} from '../../image/rootfs.ts'
import {baseName, directoryOf, isBelow} from '../../lib/paths.ts'
import {type Budget, ENTRY} from '../budget.ts'
import {type Attributes, withAttributes} from './attributes.ts'
import {joinSymlinks, type Symlink} from './symlinks.ts'

/** What a file holds that was not in the image under this path, or not with these attributes. */
export type Content =
  /** `isRough`: good for looking up users and groups, and not to the letter. */
  | {readonly kind: 'text'; readonly text: string; readonly isRough?: true}
  /** A copy of this file of the image. */
  | {readonly kind: 'file'; readonly of: FileNode}
  | Tree
  /** Of a directory: what was in it is in it. */
  | {readonly kind: 'same'}
  /** Nothing: a new directory, a symlink. */
  | {readonly kind: 'none'}
  | {readonly kind: 'unknown'}

/** A directory with all that the image has below a path. */
export interface Tree {
  readonly kind: 'tree'
  readonly of: string
  /** What had been changed below that path before: by `chmod -R` and the like. */
  readonly before: readonly Recursion[]
  /** Whose the copies are, and the permissions that they lose; absent where they keep all. */
  readonly owner?: {readonly uid: number; readonly gid: number; readonly umask: number}
  /** It came over a directory that was there: what it lacks is still there. */
  readonly over?: {readonly change: Change | undefined}
}

/** What became of one path, and by what. */
export type Change =
  /** `node.path` is the path itself. */
  | {readonly kind: 'there'; readonly node: FileNode; readonly content: Content; readonly by: Cause}
  | {readonly kind: 'gone'; readonly by: Cause}

/** How little is known of a path; the last takes in all others. */
export type Grade =
  /** What the image has stands; what it lacks may be there. */
  | 'made'
  /** What there is may be gone; it is not another thing, and what is missing stays missing. */
  | 'removed'
  /** Permissions and owner may be others; what there is, is there. */
  | 'mode'
  /** It may be another thing, or gone. */
  | 'replaced'

/** What may have happened at or below a path, and by what. */
export interface Doubt {
  readonly below: string
  /** Only to files of these names, where it is said. */
  readonly names?: RegExp
  /** Only to what is in the directory itself, not further down. */
  readonly isDirect?: true
  readonly grade: Grade
  readonly by: Cause
  /**
   * What a service does in the end, for as long as it runs: it makes no files that the other services need to start.
   */
  readonly isLast?: true
  /** What another process may do at the same time: it does not stand for what the process that is followed does. */
  readonly isMeanwhile?: true
  /** What may have been made there: a symlink, or another name of a file. */
  readonly symlink?: Symlink
  readonly link?: Link
}

/** The attributes of a directory and all that is below it were changed: `chmod -R`, `chown -R`. */
export interface Recursion {
  readonly below: string
  readonly attributes: Attributes
  readonly by: Cause
}

/** Two names of one file; not `isSure`: or of two files that are alike. */
export interface Link {
  readonly names: readonly [string, string]
  readonly isSure: boolean
  readonly by: Cause
}

/**
 * How the files of a running container differ from those of its image, as far as that is known: certain changes by path
 * (no symlink in it), changes of whole trees, and doubts. A value: a new world is made of an old one.
 */
export interface World {
  readonly changes: ReadonlyMap<string, Change>
  readonly recursions: readonly Recursion[]
  readonly doubts: readonly Doubt[]
  /** Files that have two names, made by `ln`: what happens to one happens to the other. */
  readonly links: readonly Link[]
  readonly symlinks: readonly Symlink[]
  /** What following costs: the same for all worlds of one walk. */
  readonly budget?: Budget
}

export const EMPTY_WORLD: World = {changes: new Map(), recursions: [], doubts: [], links: [], symlinks: []}

/** More are not distinguished: what comes after may be anything. */
const MAX_RECURSIONS = 64

/** `isSame`: it is the same file or directory, with what is below it; else another takes its place. */
export function withChange(world: World, path: string, change: Change, isSame = false): World {
  world.budget?.charge('work', ENTRY * world.changes.size + textOf(change).length)
  world.budget?.check('files', world.changes.size + (world.changes.has(path) ? 0 : 1))
  const changes = new Map(world.changes)
  if (isSame) return {...world, changes: changes.set(path, change)}
  for (const other of changes.keys()) if (other !== path && isBelow(other, path)) changes.delete(other)
  const links = world.links.filter(({names}) => !names.some(name => isBelow(name, path)))
  const symlinks = world.symlinks.filter(({at}) => !isBelow(at, path))
  return {...world, changes: changes.set(path, change), links, symlinks}
}

/** A symlink was made, or may have been. */
export function withSymlink(world: World, symlink: Symlink): World {
  world.budget?.check('doubts', world.symlinks.length + 1)
  return {...world, symlinks: joinSymlinks(world.symlinks, [symlink])}
}

/** A file is changed that keeps its names: so is what they lead to. */
export function withFileChange(world: World, path: string, change: Change & {readonly kind: 'there'}): World {
  let changed = withChange(world, path, change, true)
  for (const {name, isSure} of otherNames(world, path)) {
    const {node, by} = change
    changed = isSure
      ? withChange(changed, name, {...change, node: {...node, path: name}}, true)
      : withDoubt(changed, {below: name, grade: 'replaced', by})
  }
  return changed
}

/** All below a directory, and itself, gets other attributes. */
export function withRecursion(world: World, recursion: Recursion): World {
  const {below, attributes, by} = recursion
  if (world.recursions.length >= MAX_RECURSIONS) return withDoubt(world, {below, grade: 'mode', by})
  world.budget?.charge('work', ENTRY * (world.changes.size + world.links.length))
  const changes = new Map(world.changes)
  for (const [path, change] of changes) {
    if (change.kind !== 'there' || !isBelow(path, below)) continue
    const node = withAttributes(change.node, attributes)
    if (!node) return withDoubt(world, {below, grade: 'mode', by})
    changes.set(path, {...change, node})
  }
  const changed: World = {...world, changes, recursions: [...world.recursions, recursion]}
  return withOtherNames(changed, {below, grade: 'mode', by})
}

export function withDoubt(world: World, doubt: Doubt): World {
  const {below, grade, by} = doubt
  const doubted = addDoubt(withNames(world, doubt), doubt)
  if (doubted.links.length === 0 || (grade !== 'mode' && grade !== 'replaced')) return doubted
  return withOtherNames(doubted, {below, grade, by})
}

/** The permissions of one file are known again. */
export function withKnownMode(world: World, path: string): World {
  const doubts = world.doubts.filter(({below, grade, isMeanwhile}) => isMeanwhile || grade !== 'mode' || below !== path)
  return doubts.length === world.doubts.length ? world : {...world, doubts}
}

/** With the symlink, or the second name of a file, that there may be. */
function withNames(world: World, {symlink, link}: Doubt): World {
  if (symlink) return withSymlink(world, symlink)
  if (!link || world.links.some(({names}) => names.every(name => link.names.includes(name)))) return world
  return {...world, links: [...world.links, {...link, isSure: false}]}
}

function addDoubt(world: World, doubt: Doubt): World {
  world.budget?.charge('work', world.doubts.length)
  const isKnown = world.doubts.some(
    other =>
      other === doubt ||
      (other.names === undefined &&
        (other.isMeanwhile === undefined || doubt.isMeanwhile) &&
        (other.isLast === undefined || doubt.isLast) &&
        (other.isDirect === undefined || (doubt.isDirect && doubt.below === other.below)) &&
        isBelow(doubt.below, other.below) &&
        (other.grade === doubt.grade || other.grade === 'replaced')),
  )
  if (isKnown) return world
  world.budget?.check('doubts', world.doubts.length + 1)
  return {...world, doubts: [...world.doubts, doubt]}
}

/** What may have happened to files by one of their names may have happened by the others. */
function withOtherNames(world: World, {below, grade, by}: Pick<Doubt, 'below' | 'grade' | 'by'>): World {
  const named = new Set(world.links.flatMap(({names}) => names.filter(name => isBelow(name, below))))
  const others = [...named].flatMap(name => otherNames(world, name)).filter(({name}) => !isBelow(name, below))
  return others.reduce<World>((changed, {name}) => addDoubt(changed, {below: name, grade, by}), world)
}

/** All other names of a file. */
function otherNames(world: World, path: string): readonly {readonly name: string; readonly isSure: boolean}[] {
  const found = new Map([[path, true]])
  for (const [name, isSure] of found) {
    world.budget?.charge('work', world.links.length)
    for (const link of world.links) {
      const other = link.names.find(one => one !== name)
      if (link.names.includes(name) && other !== undefined && !found.has(other)) found.set(other, isSure && link.isSure)
    }
  }
  return [...found].slice(1).map(([name, isSure]) => ({name, isSure}))
}

/**
 * The doubts that bear on a path: what may have happened there or above it, and of what is missing also what may have
 * been made below it.
 */
export function doubtsAt(world: World, path: string, isThere: boolean): readonly Doubt[] {
  world.budget?.charge('work', world.doubts.length)
  return world.doubts.filter(({below, names, isDirect}) => {
    if (!isThere && isBelow(below, path)) return true
    if (names !== undefined && !names.test(baseName(path))) return false
    return isDirect ? path !== below && directoryOf(path) === below : isBelow(path, below)
  })
}

/** What is written to a file, where that is known. */
export function textOf(change: Change): string {
  return change.kind === 'there' && change.content.kind === 'text' ? change.content.text : ''
}
