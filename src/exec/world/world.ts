import type {Cause, FileNode} from '../../image/rootfs.ts'
import {baseName, directoryOf} from '../../lib/paths.ts'
import {type Budget, ENTRY} from '../budget.ts'
import {type Attributes, withAttributes} from './attributes.ts'

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
  /** What following costs: the same for all worlds of one walk. */
  readonly budget?: Budget
}

export const EMPTY_WORLD: World = {changes: new Map(), recursions: [], doubts: [], links: []}

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
  return {...world, changes: changes.set(path, change), links}
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
  const doubted = addDoubt(world, doubt)
  if (world.links.length === 0 || (grade !== 'mode' && grade !== 'replaced')) return doubted
  return withOtherNames(doubted, {below, grade, by})
}

function addDoubt(world: World, doubt: Doubt): World {
  world.budget?.charge('work', world.doubts.length)
  const isKnown = world.doubts.some(
    other =>
      other.names === undefined &&
      (other.isLast === undefined || doubt.isLast) &&
      (other.isDirect === undefined || (doubt.isDirect && doubt.below === other.below)) &&
      isBelow(doubt.below, other.below) &&
      (other.grade === doubt.grade || other.grade === 'replaced'),
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

/** After one of two ways: what differs between them may be either. */
export function joinWorlds(a: World, b: World): World {
  if (a === b) return a
  const changes = new Map<string, Change>()
  const isLonger = b.recursions.length > a.recursions.length
  const [fewer, more] = isLonger ? [a.recursions, b.recursions] : [b.recursions, a.recursions]
  const shared = fewer.findIndex((one, index) => one !== more[index])
  const recursions = shared < 0 ? fewer : fewer.slice(0, shared)
  let joined: World = {...a, changes, recursions, links: joinLinks(a.links, b.links)}
  a.budget?.charge('work', ENTRY * (a.changes.size + b.changes.size))
  for (const doubt of b.doubts) joined = withDoubt(joined, doubt)
  for (const {below, by} of [...a.recursions, ...b.recursions].filter(one => !recursions.includes(one))) {
    joined = withDoubt(joined, {below, grade: 'mode', by})
  }
  for (const path of new Set([...a.changes.keys(), ...b.changes.keys()])) {
    const one = a.changes.get(path)
    const other = b.changes.get(path)
    const either = one ?? other
    if (one !== undefined && (one === other || sameChange(one, other, a.budget))) changes.set(path, one)
    else if (either) joined = withDoubt(joined, {below: path, grade: 'replaced', by: either.by})
  }
  return joined
}

function joinLinks(one: World['links'], other: World['links']): World['links'] {
  if (one === other) return one
  const isIn = (links: World['links'], {names}: Link) =>
    links.some(link => link.isSure && names.every(name => link.names.includes(name)))
  const all = [...one, ...other.filter(link => !one.includes(link))]
  return all.map(link => (isIn(one, link) && isIn(other, link) ? link : {...link, isSure: false}))
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

/** Whether a path is a directory or below it. */
export function isBelow(path: string, directory: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`)
}

function sameChange(one: Change, other: Change | undefined, budget: Budget | undefined): boolean {
  budget?.charge('work', textOf(one).length + (other ? textOf(other).length : 0))
  return JSON.stringify(one) === JSON.stringify(other)
}

function textOf(change: Change): string {
  return change.kind === 'there' && change.content.kind === 'text' ? change.content.text : ''
}
