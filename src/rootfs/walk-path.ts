import type {FileNode, Hop, Lookup} from '../image/rootfs.ts'
import {nameLength} from '../lib/tar-name.ts'

/** The kernel's MAXSYMLINKS: include/linux/namei.h. */
const MAX_LINKS = 40
/** In bytes: NAME_MAX, and PATH_MAX with its final NUL. */
const NAME_MAX = 255
const PATH_MAX = 4096

/**
 * Resolves a path as path_resolution(7) and the kernel's fs/namei.c do, in a root that nothing leaves: absolute links start at it, `..` stops at
 * it. `nodeAt` gives the file at an absolute path whose parents are directories and no links, itself not followed.
 */
export async function resolvePath(
  path: string,
  nodeAt: (path: string) => Promise<FileNode | undefined>,
): Promise<Lookup> {
  const hops: Hop[] = []
  const through: FileNode[] = []
  const trail = {hops, through}
  if (!path.startsWith('/')) throw new Error(`lookup of a relative path: ${path}`)
  if (nameLength(path) >= PATH_MAX) return {outcome: 'name-too-long', at: path, ...trail}
  const root = await nodeAt('/')
  if (root === undefined) return {outcome: 'missing', at: '/', ...trail}
  const parents: FileNode[] = []
  let here = root
  // What is still to be walked. A trailing slash leaves an empty last component, which asks for a directory.
  let rest = path.split('/').slice(1)
  while (rest.length > 0) {
    const name = rest[0] ?? ''
    rest = rest.slice(1)
    if (here.kind !== 'directory') return {outcome: 'not-a-directory', at: here.path, ...trail}
    if (name === '') continue
    if (through.at(-1)?.path !== here.path) through.push(here)
    if (name === '.') continue
    if (name === '..') {
      here = parents.pop() ?? root
      continue
    }
    const at = here.path === '/' ? `/${name}` : `${here.path}/${name}`
    if (nameLength(name) > NAME_MAX) return {outcome: 'name-too-long', at, ...trail}
    const node = await nodeAt(at)
    if (node === undefined) return {outcome: 'missing', at, ...trail}
    if (node.kind !== 'symlink') {
      parents.push(here)
      here = node
      continue
    }
    const target = node.target ?? ''
    hops.push({path: at, target})
    if (hops.length > MAX_LINKS) return {outcome: 'too-many-links', at, ...trail}
    // No file system stores an empty link; the kernel would say ENOENT.
    if (target === '') return {outcome: 'missing', at, ...trail}
    rest = [...target.split('/'), ...rest]
    if (target.startsWith('/')) {
      parents.length = 0
      here = root
    }
  }
  return {outcome: 'found', node: here, ...trail}
}
