import type {FileNode} from '../../../image/rootfs.ts'
import {isBelow} from '../../../lib/paths.ts'
import {mayRead, maySearch} from '../../permission.ts'
import {
  type Arguments,
  absolutePath,
  after,
  type Call,
  ends,
  hasOption,
  inOrder,
  type Outcome,
  optionValue,
} from '../call.ts'
import {doubtfulAt, doubtfulRemoval, doubtfulWord, makeNode} from '../files.ts'
import type {Value} from '../value.ts'
import type {Place} from '../view.ts'
import {type Change, type Content, type Tree, type World, withChange, withDoubt, withSymlink} from '../world.ts'

/** One file to another name, `target`, which may have a slash at its end. */
export type Transfer = (call: Call, source: Place, target: string) => Promise<Outcome>

/** `cp`, `mv`, `install`: each source into the directory that is the last operand, or under its name. */
export async function transfer(call: Call, parsed: Arguments, keepsLinks: boolean, run: Transfer): Promise<Outcome> {
  const into = optionValue(parsed, 't', 'target-directory')
  const sources = into === undefined ? parsed.operands.slice(0, -1) : parsed.operands
  const word = into ?? parsed.operands.at(-1)
  if (sources.length === 0 || word === '') return ends(call, 'failure')
  const target = absolutePath(call, word)
  if (target === undefined) {
    const world = (await doubtfulWord(call, word)).world
    return inOrder(after(call, world), sources, (source, inner) => doubtfulSource(inner, source))
  }
  return inOrder(call, sources, async (operand, inner) => {
    const unsure = (at: string) => doubtful(inner, at, operand)
    const there = await inner.view.place(target)
    const isDirectory = there.node?.kind === 'directory' && !hasOption(parsed, 'T', 'no-target-directory')
    // A directory that may have been made or mounted: the file is in it, or has its name.
    if (!isDirectory && there.maybe && (target.endsWith('/') || sources.length > 1)) return unsure(there.at)
    if (there.maybe?.grade === 'replaced') return unsure(there.at)
    if (operand === '') return ends(inner, 'failure')
    const path = absolutePath(inner, operand)
    if (path === undefined) return unsure(there.at)
    if (!isDirectory && (sources.length > 1 || into !== undefined)) return ends(inner, 'failure')
    const name = isDirectory ? `${target.replace(/\/+$/, '')}/${lastName(path)}` : target
    const source = await inner.view.place(path, {followLast: !keepsLinks || path.endsWith('/')})
    // rename(2) of a symlink with a slash behind it.
    if (inner.name === 'mv' && (await isLinkWithSlash(inner, path))) return ends(inner, 'failure')
    if (source.maybe) return unsure((await inner.view.place(name)).at)
    if (!source.node) {
      const {at} = await inner.view.place(name)
      return {...ends(inner, 'failure'), given: [{below: at, grade: 'replaced', by: inner.by}]}
    }
    if (!source.through.every(directory => maySearch(directory, inner.user))) {
      return source.mode ? unsure((await inner.view.place(name)).at) : ends(inner, 'failure')
    }
    return run(inner, source, name)
  })
}

async function isLinkWithSlash({view}: Call, path: string): Promise<boolean> {
  const bare = path.replace(/\/+$/, '')
  return bare !== path && (await view.place(bare || '/', {followLast: false})).node?.kind === 'symlink'
}

/** What may have come to a path; where it is moved, it may no longer be where it was. */
async function doubtful(call: Call, at: string, source: Value | undefined): Promise<Outcome> {
  return doubtfulSource(after(call, doubtfulAt(call, at).world), source)
}

async function doubtfulSource(call: Call, source: Value | undefined): Promise<Outcome> {
  if (call.name !== 'mv') return ends(call, 'unknown')
  const path = absolutePath(call, source)
  if (path === undefined) return doubtfulRemoval(call, source ?? '')
  return doubtfulAt(call, (await call.view.place(path, {followLast: false})).at)
}

/** Whether the content of a file can be read, as far as that is certain. */
export function isReadable({user}: Call, {node, mode}: Place): boolean | undefined {
  if (node && mayRead(node, user)) return mode && user.uid !== 0 ? undefined : true
  return mode ? undefined : false
}

/** What a copy of a file or a symlink holds: it is a copy of what that is a copy of. */
export function contentOf({node, content}: Place): Content {
  if (content) return content
  return node?.kind === 'file' ? {kind: 'file', of: node} : {kind: 'none'}
}

/**
 * A directory with all that is in it, under another name. `owner` is whose the copies are, where they do not keep their
 * own. `isOver`: there is a directory of that name, and what it has stays where nothing comes over it.
 */
export function plantTree(
  {view: {world}, by}: Call,
  source: Place,
  target: Place,
  {owner, isOver}: {readonly owner: Tree['owner']; readonly isOver: boolean},
): World | undefined {
  const {node} = source
  const changesBelow = [...world.changes].filter(([path]) => path !== source.at && isBelow(path, source.at))
  const hasOwnChanges = [...world.changes.keys()].some(path => path !== target.at && isBelow(path, target.at))
  if (!node || (isOver && hasOwnChanges) || isBelow(target.at, source.at)) return undefined
  const under = world.changes.get(target.at)
  const isCopyOfImage = source.content === undefined
  if (!isCopyOfImage && source.content?.kind !== 'none' && source.content?.kind !== 'tree') return undefined
  const content: Content = isCopyOfImage
    ? {kind: 'tree', of: source.at, before: world.recursions}
    : (source.content ?? {kind: 'none'})
  const owned: Content = content.kind === 'tree' && owner ? {...content, owner} : content
  const whole: Content = isOver && owned.kind === 'tree' ? {...owned, over: {change: under}} : owned
  const made = isOver && target.node ? target.node : {...ownedNode(node, owner), path: target.at}
  let planted =
    isOver && whole.kind === 'none'
      ? world
      : withChange(world, target.at, {kind: 'there', node: made, content: whole, by}, isOver)
  for (const [path, change] of changesBelow) {
    planted = withChange(
      planted,
      target.at + path.slice(source.at.length),
      renamed(change, source.at, target.at, owner),
    )
  }
  for (const {at, to} of world.symlinks.filter(symlink => isBelow(symlink.at, source.at))) {
    planted = withSymlink(planted, {at: target.at + at.slice(source.at.length), to, by})
  }
  for (const doubt of world.doubts) {
    const isWithin = isBelow(doubt.below, source.at)
    if (!isWithin && !isBelow(source.at, doubt.below)) continue
    const below = isWithin ? target.at + doubt.below.slice(source.at.length) : target.at
    planted = withDoubt(planted, {...doubt, below})
  }
  return planted
}

function ownedNode(node: NonNullable<Place['node']>, owner: Tree['owner']): NonNullable<Place['node']> {
  return owner ? {...node, uid: owner.uid, gid: owner.gid, mode: node.mode & ~owner.umask & 0o777} : node
}

function renamed(change: Change, from: string, to: string, owner: Tree['owner']): Change {
  if (change.kind === 'gone') return change
  return {...change, node: {...ownedNode(change.node, owner), path: to + change.node.path.slice(from.length)}}
}

export function lastName(path: string): string {
  return path.replace(/\/+$/, '').split('/').at(-1) ?? ''
}

/** Another name of a file. */
export async function makeLink(call: Call, place: Place, original: Place, node: FileNode): Promise<Outcome> {
  const made = await makeNode(call, place, node, contentOf(original))
  const {links} = made.world
  if (made.status === 'failure') return made
  const link = {names: [original.at, place.at], isSure: made.status === 'success', by: call.by} as const
  return {...made, world: {...made.world, links: [...links, link]}}
}

/** What may be another name of a file now. */
export async function doubtfulLink(call: Call, at: string, source: string): Promise<Outcome> {
  const {world, status} = doubtfulAt(call, at)
  const path = absolutePath(call, source)
  if (path === undefined) return {world, status}
  const original = await call.view.place(path)
  return {world: {...world, links: [...world.links, {names: [original.at, at], isSure: false, by: call.by}]}, status}
}
