import {Buffer} from 'node:buffer'
import type {FileKind} from '../../image/rootfs.ts'
import {LIMITS} from '../../lib/limits.ts'
import type {SparseRegion} from '../../lib/tar-sparse.ts'

/** Who may do what with a file. The files of a layer share few of these. */
export interface Owner {
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Of a regular file, in hexadecimal: its extended attribute security.capability. */
  readonly capability?: string
}

/** What of a sparse file is in the tar: its regions, one behind the other. */
export interface PackedContent {
  /** In bytes. */
  readonly length: number
  readonly regions: readonly SparseRegion[]
}

/** What a layer has at one path. */
export type LayerNode = LayerFile | LayerDirectory | LayerLink

/** All but directories. Hard links of one layer share one of these. There may be a million: what is here counts. */
export interface LayerFile {
  readonly kind: Exclude<FileKind, 'directory'>
  /** Of the last entry that named the file: engines give a hard link's to the file itself. */
  owner: Owner
  /** In bytes; 0 for all but regular files. */
  readonly size: number
  /** Of a symlink, as written. */
  readonly target: string | undefined
  /** Where the content of a regular file is in the tar, in bytes. */
  readonly offset: number
  /** Of a sparse file. */
  readonly sparse: PackedContent | undefined
}

/** How much of a regular file is in the tar, in bytes. */
export function packedLength({size, sparse}: LayerFile): number {
  return sparse?.length ?? size
}

/**
 * A hard link whose target the layer did not have before it: the layers below have it, or what comes later in the same
 * one.
 */
export interface LayerLink {
  readonly kind: 'hard-link'
  /** As written. */
  readonly target: string
  /** The layer had taken the target away from the layers below before it came to the link, so theirs is not meant. */
  readonly hidden?: true
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

export interface Walking {
  readonly make?: (parent: LayerDirectory, name: string) => void
  readonly follow?: (names: number) => void
}

/**
 * The directory that a path's last component is in, symlinks on the way followed inside this layer alone and never out
 * of it. Engines unpack a layer into a directory of its own (containerd's applyNaive with fs.RootPath, moby's Unpack in
 * a chroot), which the kernel stacks upon the others later: a symlink of a lower layer is not there to be followed.
 * `make` is called for each missing directory before it is made; without it none is. `follow` is called
 * for each symlink that is followed, and how many names it stands for. Undefined where a directory is
 * missing, or is none, and for the root itself.
 */
export function placeInTree(
  root: LayerDirectory,
  path: readonly string[],
  {make, follow}: Walking = {},
): TreePlace | undefined {
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
      make(here, step)
      child = impliedDirectory()
      here.children.set(ownString(step), child)
    }
    if (child?.kind === 'directory') trail.push(child)
    else if (child?.kind === 'symlink' && links < LINK_LIMIT) {
      const target = child.target ?? ''
      links += 1
      if (target.startsWith('/')) trail.length = 1
      const parts = target.split('/').filter(part => part !== '' && part !== '.')
      follow?.(parts.length)
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
  if (isCleanPath(path)) return parts
  const names: string[] = []
  for (const part of parts) {
    if (part === '..') names.pop()
    else if (part !== '' && part !== '.') names.push(part)
  }
  return names
}

/** A part of a string keeps all of it in memory: here the path of every file. */
export function ownString(part: string): string {
  return part.length < 13 || !/^[\x00-\x7f]*$/.test(part) ? part : Buffer.from(part, 'latin1').toString('latin1')
}

/** Whether a path is as pathComponents would write it, without a slash at its ends. */
export function isCleanPath(path: string): boolean {
  return !/(?:^|\/)\.{0,2}(?:\/|$)/.test(path)
}

/** The same, the way that pathComponents reads it. */
export function cleanPath(path: string): string {
  return isCleanPath(path) ? path : pathComponents(path).join('/')
}

/** As in containerd's fs.RootPath. */
const LINK_LIMIT = LIMITS['entry-links'].most
