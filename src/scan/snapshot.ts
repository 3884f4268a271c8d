import type {FileNode, RootFs} from '../image/rootfs.ts'
import {resolvePath} from '../rootfs/index.ts'

/** A tree that was walked once and is read from memory afterwards. */
export interface Snapshot {
  /** Takes in a file of the walk. Regular files count only where a loader or a shell may look for them. */
  add(node: FileNode): void
  /** Counts memory, in bytes, that a scan keeps of a file beside it. */
  keep(size: number): void
  /** Looks up in what was taken in; what is opened is opened in the root filesystem behind. */
  readonly rootfs: RootFs
}

/** In bytes: a node that is kept, beside the letters of its path. */
const NODE = 300
const ROOT: FileNode = {path: '/', kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0}

/**
 * So that a thousand programs can look for their libraries without asking an engine,
 * or a layer, a hundred thousand times.
 */
export function createSnapshot(rootfs: RootFs): Snapshot {
  const nodes = new Map<string, FileNode>([['/', ROOT]])
  return {
    keep: size => rootfs.keep?.(size),
    add: node => {
      if (!nodes.has(node.path)) rootfs.keep?.(NODE + node.path.length)
      nodes.set(node.path, node)
    },
    rootfs: {
      lookup: path => resolvePath(path, async at => nodes.get(at)),
      open: file => rootfs.open(file),
      list: directory => rootfs.list(directory),
      files: () => rootfs.files(),
      survey: inspection => rootfs.survey(inspection),
    },
  }
}
