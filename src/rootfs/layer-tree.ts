import type {FileKind} from '../image/rootfs.ts'
import type {SparseRegion} from '../lib/tar-sparse.ts'

/** Where a file's bytes are in the tar of its layer. */
export interface StoredContent {
  /** In the tar, in bytes. */
  readonly offset: number
  readonly length: number
  readonly sparse: readonly SparseRegion[] | undefined
}

/** What a layer has at one path. */
export type LayerNode = LayerFile | LayerDirectory | LayerLink

/** All but directories. Hard links of one layer share one of these. */
export interface LayerFile {
  readonly kind: Exclude<FileKind, 'directory'>
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** In bytes; 0 for all but regular files. */
  readonly size: number
  /** Of a symlink, as written. */
  readonly target: string | undefined
  /** Of a regular file. */
  readonly content: StoredContent | undefined
}

/**
 * A hard link whose target the layer did not have before it: the layers below have it, or what comes later in the same
 * one.
 */
export interface LayerLink {
  readonly kind: 'hard-link'
  /** As written. */
  readonly target: string
}

/** Grows while the layer's tar is read, and stays as it is from then on. */
export interface LayerDirectory {
  readonly kind: 'directory'
  mode: number
  uid: number
  gid: number
  readonly children: Map<string, LayerNode>
  /** Names that this layer takes away from the layers below, and only from them. */
  whiteouts: Set<string> | undefined
  /** Nothing of the layers below is seen in this directory. */
  opaque: boolean
}

/** A directory that no entry of the layer describes: engines make it 0755, root's. */
export function impliedDirectory(): LayerDirectory {
  return {kind: 'directory', mode: 0o755, uid: 0, gid: 0, children: new Map(), whiteouts: undefined, opaque: false}
}

/** Every file below a directory; one that has several names as often. */
export function* treeFiles(root: LayerDirectory): Generator<LayerFile, void, undefined> {
  const open = [root]
  for (let directory = open.pop(); directory; directory = open.pop()) {
    for (const child of directory.children.values()) {
      if (child.kind === 'directory') open.push(child)
      else if (child.kind !== 'hard-link') yield child
    }
  }
}

/** What a path leads to inside one layer. */
export interface TreePlace {
  readonly directory: LayerDirectory
  readonly name: string
}

/**
 * The directory that a path's last component is in, symlinks on the way followed inside this layer alone and never out
 * of it. Engines unpack a layer into a directory of its own (containerd's applyNaive with fs.RootPath, moby's Unpack in
 * a chroot), which the kernel stacks upon the others later: a symlink of a lower layer is not there to be followed.
 * `make` says whether missing directories are made. Undefined where one is missing, or is no directory, and for the
 * root itself.
 */
export function placeInTree(root: LayerDirectory, path: readonly string[], make: boolean): TreePlace | undefined {
  const name = path.at(-1)
  if (name === undefined) return undefined
  // What is still to be walked, the next step last.
  const steps = path.slice(0, -1).reverse()
  const trail = [root]
  let links = 0
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    const here = trail.at(-1) ?? root
    if (step === '..') {
      if (trail.length > 1) trail.pop()
      continue
    }
    let child = here.children.get(step)
    if (!child && make) {
      child = impliedDirectory()
      here.children.set(step, child)
    }
    if (child?.kind === 'directory') trail.push(child)
    else if (child?.kind === 'symlink' && links < LINK_LIMIT) {
      const target = child.target ?? ''
      links += 1
      if (target.startsWith('/')) trail.length = 1
      const parts = target.split('/').filter(part => part !== '' && part !== '.')
      steps.push(...parts.reverse())
    } else return undefined
  }
  return {directory: trail.at(-1) ?? root, name}
}

/**
 * A path's components as Go's path.Clean leaves them: no empty ones, no dots, and `..` only takes back what stands
 * before it.
 */
export function pathComponents(path: string): string[] {
  const parts = path.split('/')
  if (parts.every(part => part !== '' && part !== '.' && part !== '..')) return parts
  const names: string[] = []
  for (const part of parts) {
    if (part === '..') names.pop()
    else if (part !== '' && part !== '.') names.push(part)
  }
  return names
}

/** As in containerd's fs.RootPath. */
const LINK_LIMIT = 255
