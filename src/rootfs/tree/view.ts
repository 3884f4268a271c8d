import {SourceError} from '../../errors.ts'
import {type ResolveOptions, resolvePath} from '../../image/resolve-path.ts'
import type {FileNode, Lookup} from '../../image/rootfs.ts'
import type {StackedLayer} from '../content/stacked-layer.ts'
import {findInTree} from './apply-entry.ts'
import {directoryNode, fileNode, type MergedDirectory, type MergedFile, type MergedLink, mergedRoot} from './merged.ts'

/** The layers up to one of them, as they are stacked. */
export interface View {
  readonly layers: readonly StackedLayer[]
  readonly top: number
}

export interface Resolution {
  readonly lookup: Lookup
  /** What was found where it is not a directory. */
  readonly file: MergedFile | undefined
}

/** Resolves an absolute path in the merged tree. */
export async function resolveIn(view: View, path: string, options: ResolveOptions): Promise<Resolution> {
  const directories = new Map<string, MergedDirectory>()
  const files = new Map<string, MergedFile>()
  // A path is seen only after the directory that it is in.
  const see = async (at: string): Promise<FileNode | undefined> => {
    if (at === '/') {
      const root = await mergedRoot(view.layers, view.top)
      directories.set('/', root)
      return directoryNode(root)
    }
    const slash = at.lastIndexOf('/')
    const child = await directories.get(at.slice(0, slash) || '/')?.child(at.slice(slash + 1))
    if (!child) return undefined
    if (child.kind === 'directory') {
      directories.set(at, child.directory)
      return directoryNode(child.directory)
    }
    const file = child.kind === 'file' ? child : await bindLink(view.layers, child, at)
    files.set(at, file)
    return fileNode(at, file)
  }
  const lookup = await resolvePath(path, see, options)
  return {lookup, file: lookup.outcome === 'found' ? files.get(lookup.node.path) : undefined}
}

/** The names in a directory of the merged tree. Its path has no symlink in it. */
export async function namesIn({layers, top}: View, path: string): Promise<string[]> {
  let directory = await mergedRoot(layers, top)
  for (const name of path.split('/').slice(path === '/' ? 2 : 1)) {
    const child = await directory.child(name)
    if (child?.kind !== 'directory') throw new Error(`${path} is not a directory of this root filesystem`)
    directory = child.directory
  }
  return directory.names()
}

/** Of hard links that stand before each other; no engine unpacks even one. */
const MOST_LINKS = 8

/**
 * The file that a hard link was bound to when its layer was put upon those below: theirs, as it was then. A link that
 * stands before its target in its own tar takes that, where the layers below have none. Throws a SourceError where
 * there is neither, or a directory: no engine unpacks such a layer.
 */
export async function bindLink(
  layers: readonly StackedLayer[],
  link: MergedLink,
  path: string,
  links = 1,
): Promise<MergedFile> {
  const {layer, target, hidden = false} = link
  const below =
    layer > 0 && !hidden ? await resolveIn({layers, top: layer - 1}, `/${target}`, {followLast: false}) : undefined
  if (below?.file) return {...below.file, layer}
  const isThere = below?.lookup.outcome === 'found'
  const own = await layers[layer]?.tree()
  const later = own && !isThere ? findInTree(own, target) : undefined
  if (later?.kind === 'hard-link' && links < MOST_LINKS) {
    return bindLink(layers, {...later, layer}, path, links + 1)
  }
  if (later && later.kind !== 'hard-link' && later.kind !== 'directory') {
    return {kind: 'file', node: later, layer, contentLayer: layer}
  }
  const what = isThere || later?.kind === 'directory' ? 'which is a directory' : 'which is not there'
  throw new SourceError(
    'malformed',
    `layer ${layer} (${layers[layer]?.digest}): ${JSON.stringify(path)} is a hard link to ${JSON.stringify(target)}, ${what}`,
  )
}
