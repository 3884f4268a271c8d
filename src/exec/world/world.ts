import type {FileNode} from '../../image/rootfs.ts'
import {type Budget, check, ENTRY} from '../budget.ts'

/** What a file holds that was not in the image under this path. */
export type Content =
  | {readonly kind: 'text'; readonly text: string}
  /** A copy of this file of the image. */
  | {readonly kind: 'file'; readonly of: FileNode}
  /** A directory with all that the image has below this path. */
  | {readonly kind: 'tree'; readonly of: string}
  | {readonly kind: 'unknown'}

/** What became of one path: `by` says through what, for the report: `cp in /entrypoint.sh`. */
export type Change =
  /** `node.path` is the path itself. */
  | {readonly kind: 'there'; readonly node: FileNode; readonly content: Content; readonly by: string}
  | {readonly kind: 'gone'; readonly by: string}

/** What may have happened at or below a path, and by what. */
export interface Doubt {
  readonly below: string
  /** Only files of these names, where it is said. */
  readonly names?: RegExp
  /**
   * `made`: what the image has stands, what it lacks may be there. `replaced`: what it has may be another thing, too.
   */
  readonly grade: 'made' | 'replaced'
  readonly by: string
}

/**
 * How the files of a running container differ from those of its image, as far as that is known: certain changes by path
 * (no symlink in it), and doubts. A value: a new world is made of an old one.
 */
export interface World {
  readonly changes: ReadonlyMap<string, Change>
  readonly doubts: readonly Doubt[]
  /** What following costs: the same for all worlds of one walk. */
  readonly budget?: Budget
}

export const EMPTY_WORLD: World = {changes: new Map(), doubts: []}

export function withChange(world: World, path: string, change: Change): World {
  world.budget?.charge('work', ENTRY * world.changes.size + textOf(change).length)
  check('entries', world.changes.size + (world.changes.has(path) ? 0 : 1))
  const changes = new Map(world.changes)
  // What was below a directory goes with it.
  for (const other of changes.keys()) if (other !== path && isBelow(other, path)) changes.delete(other)
  return {...world, changes: changes.set(path, change)}
}

export function withDoubt(world: World, doubt: Doubt): World {
  world.budget?.charge('work', world.doubts.length)
  const isKnown = world.doubts.some(
    other =>
      other.names === undefined &&
      isBelow(doubt.below, other.below) &&
      (other.grade === doubt.grade || other.grade === 'replaced'),
  )
  if (!isKnown) check('doubts', world.doubts.length + 1)
  return isKnown ? world : {...world, doubts: [...world.doubts, doubt]}
}

/** After one of two ways: what differs between them may be either. */
export function joinWorlds(a: World, b: World): World {
  if (a === b) return a
  const changes = new Map<string, Change>()
  let joined: World = {...a, changes}
  a.budget?.charge('work', ENTRY * (a.changes.size + b.changes.size))
  for (const doubt of b.doubts) joined = withDoubt(joined, doubt)
  for (const path of new Set([...a.changes.keys(), ...b.changes.keys()])) {
    const one = a.changes.get(path)
    const other = b.changes.get(path)
    if (one !== undefined && (one === other || sameChange(one, other, a.budget))) changes.set(path, one)
    else joined = withDoubt(joined, {below: path, grade: 'replaced', by: (one ?? other)?.by ?? ''})
  }
  return joined
}

/**
 * The doubts that bear on a path: what may have been made or replaced there, above it or (of what is missing) below it.
 */
export function doubtsAt(world: World, path: string): readonly Doubt[] {
  world.budget?.charge('work', world.doubts.length)
  return world.doubts.filter(
    ({below, names}) =>
      (isBelow(path, below) || isBelow(below, path)) && (names === undefined || names.test(nameOf(path))),
  )
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

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
