import {SourceError} from '../errors.ts'
import type {FileNode, Hop, Lookup} from '../image/rootfs.ts'
import {nameLength} from '../lib/tar-name.ts'
import {findInTree} from './apply-entry.ts'
import type {Layer} from './layer.ts'
import {
  childPath,
  directoryNode,
  fileNode,
  type MergedDirectory,
  type MergedFile,
  type MergedLink,
  mergedRoot,
} from './merged.ts'

/** The layers up to one of them, as they are stacked. */
export interface View {
  readonly layers: readonly Layer[]
  readonly top: number
}

export interface ResolveOptions {
  /** Whether a symlink at the end is followed, as stat(2) does, or found itself, as lstat(2) does. */
  readonly followLast: boolean
  /** Told each path that the last component may turn out to be, before any layer is asked. */
  readonly onTarget?: (path: string) => void
}

export interface Resolution {
  readonly lookup: Lookup
  /** What was found where it is no directory. */
  readonly file: MergedFile | undefined
}

/** The kernel's MAXSYMLINKS: 40 are followed, the next is ELOOP. */
const MAX_LINKS = 40
const NAME_MAX = 255
/** With the NUL at the end. */
const PATH_MAX = 4096

/** Resolves an absolute path as path_resolution(7) and fs/namei.c do, with the root as the only way up. */
export async function resolve({layers, top}: View, path: string, options: ResolveOptions): Promise<Resolution> {
  if (!path.startsWith('/')) throw new Error(`lookup of a relative path: ${path}`)
  const hops: Hop[] = []
  const through: FileNode[] = []
  const ended = (outcome: Exclude<Lookup['outcome'], 'found'>, at: string): Resolution => ({
    lookup: {outcome, at, hops, through},
    file: undefined,
  })
  // getname() looks at the length before anything else.
  if (nameLength(path) >= PATH_MAX) return ended('name-too-long', path)
  options.onTarget?.(path)
  const root = await mergedRoot(layers, top)
  let directory = root
  let file: MergedFile | undefined
  let here = '/'
  let rest = components(path)
  while (rest.length > 0) {
    const [name = '', ...behind] = rest
    rest = behind
    if (file) return ended('not-a-directory', here)
    if (name === '') continue
    if (through.at(-1)?.path !== directory.path) through.push(directoryNode(directory))
    if (name === '.') continue
    if (name === '..') {
      directory = directory.parent ?? root
      here = directory.path
      continue
    }
    const at = childPath(directory, name)
    if (nameLength(name) > NAME_MAX) return ended('name-too-long', at)
    const child = await directory.child(name)
    if (!child) return ended('missing', at)
    here = at
    if (child.kind === 'directory') {
      directory = child.directory
      continue
    }
    const found = child.kind === 'file' ? child : await bindLink(layers, child, at)
    if (found.node.kind !== 'symlink' || (rest.length === 0 && !options.followLast)) {
      file = found
      continue
    }
    const target = found.node.target ?? ''
    if (hops.length >= MAX_LINKS) return ended('too-many-links', at)
    hops.push({path: at, target})
    if (target === '') return ended('missing', at)
    if (nameLength(target) >= PATH_MAX) return ended('name-too-long', at)
    if (target.startsWith('/')) directory = root
    here = directory.path
    rest = [...components(target), ...rest]
    options.onTarget?.(target.startsWith('/') ? `/${rest.join('/')}` : `${directory.path}/${rest.join('/')}`)
  }
  return {lookup: {outcome: 'found', node: file ? fileNode(here, file) : directoryNode(directory), hops, through}, file}
}

/**
 * The file that a hard link was bound to when its layer was put upon those below: theirs, as they were then. A link that stands before its target
 * in its own tar takes that, where the layers below have none. Throws a SourceError where there is neither, or a directory: no engine unpacks such a layer.
 */
export async function bindLink(
  layers: readonly Layer[],
  link: MergedLink,
  path: string,
  chain: readonly string[] = [],
): Promise<MergedFile> {
  const {layer, target} = link
  const below = layer > 0 ? await resolve({layers, top: layer - 1}, `/${target}`, {followLast: false}) : undefined
  if (below?.file) return {...below.file, layer}
  const own = await layers[layer]?.tree()
  const later = below?.lookup.outcome === 'found' || !own ? undefined : findInTree(own, target)
  if (later?.kind === 'hard-link' && !chain.includes(later.target)) {
    return bindLink(layers, {...link, target: later.target}, path, [...chain, later.target])
  }
  if (later && later.kind !== 'hard-link' && later.kind !== 'directory')
    return {kind: 'file', node: later, layer, contentLayer: layer}
  const what =
    later?.kind === 'directory' || below?.lookup.outcome === 'found' ? 'which is a directory' : 'which is not there'
  throw new SourceError(
    'malformed',
    `layer ${layer} (${layers[layer]?.digest}): ${JSON.stringify(path)} is a hard link to ${JSON.stringify(target)}, ${what}`,
  )
}

/** `/a//b/` -> `a`, `b`, and an empty one for the slash at the end, which asks for a directory. */
function components(path: string): string[] {
  const names = path.split('/').filter(name => name !== '')
  return path.endsWith('/') ? [...names, ''] : names
}
