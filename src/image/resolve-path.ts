import {LIMITS} from '../lib/limits.ts'
import {nameLength} from '../lib/tar-name.ts'
import type {FileNode, Hop, Lookup} from './rootfs.ts'

/**
 * What is at a path in which no symlink, no `.` and no `..` is; undefined where there is nothing. A symlink is seen
 * itself.
 */
export type See = (path: string) => Promise<FileNode | undefined>

export interface ResolveOptions {
  /**
   * Whether a symlink at the end is followed, as stat(2) does, or found itself, as lstat(2) does. Followed where
   * nothing is said.
   */
  readonly followLast?: boolean
  /** Called with each path that the whole may resolve to, before it is looked up. */
  readonly onTarget?: (path: string) => void
}

/** The kernel's MAXSYMLINKS: 40 are followed, the next is ELOOP. */
const MAX_LINKS = LIMITS['path-links'].most
const NAME_MAX = LIMITS['name-bytes'].most
/** With the NUL at the end. */
const PATH_MAX = LIMITS['path-bytes'].most

/** Resolves an absolute path as path_resolution(7) and fs/namei.c do; absolute links and `..` stay below the root. */
export async function resolvePath(path: string, see: See, options: ResolveOptions = {}): Promise<Lookup> {
  if (!path.startsWith('/')) throw new Error(`lookup of a relative path: ${path}`)
  const {followLast = true, onTarget} = options
  const hops: Hop[] = []
  const through: FileNode[] = []
  const ended = (outcome: Exclude<Lookup['outcome'], 'found'>, at: string): Lookup => ({outcome, at, hops, through})
  // getname() looks at the length before anything else.
  if (nameLength(path) >= PATH_MAX) return ended('name-too-long', path)
  onTarget?.(path)
  const root = await see('/')
  if (!root) return ended('missing', '/')
  /** The directories down to where we are, which may be a file at the end. */
  let trail: readonly FileNode[] = [root]
  let rest = components(path)
  while (rest.length > 0) {
    const [name = '', ...behind] = rest
    rest = behind
    const here = trail.at(-1) ?? root
    if (here.kind !== 'directory') return ended('not-a-directory', here.path)
    if (name === '') continue
    if (through.at(-1)?.path !== here.path) through.push(here)
    if (name === '.') continue
    if (name === '..') {
      if (trail.length > 1) trail = trail.slice(0, -1)
      continue
    }
    const at = here.path === '/' ? `/${name}` : `${here.path}/${name}`
    if (nameLength(name) > NAME_MAX) return ended('name-too-long', at)
    const node = await see(at)
    if (!node) return ended('missing', at)
    if (node.kind !== 'symlink' || (rest.length === 0 && !followLast)) {
      trail = [...trail, node]
      continue
    }
    const target = node.target ?? ''
    if (hops.length >= MAX_LINKS) return ended('too-many-links', at)
    hops.push({path: at, target})
    if (target === '') return ended('missing', at)
    if (nameLength(target) >= PATH_MAX) return ended('name-too-long', at)
    if (target.startsWith('/')) trail = [root]
    rest = [...components(target), ...rest]
    onTarget?.(`${target.startsWith('/') ? '' : here.path}/${rest.join('/')}`)
  }
  return {outcome: 'found', node: trail.at(-1) ?? root, hops, through}
}

/** `/a//b/` -> `a`, `b`, and an empty one for the slash at the end, which asks for a directory. */
function components(path: string): string[] {
  const names = path.split('/').filter(name => name !== '')
  return path.endsWith('/') ? [...names, ''] : names
}
