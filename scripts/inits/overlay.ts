import type {FileNode, RootFs} from '../../src/image/rootfs.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'

/** A root filesystem with further files in directories that it has, by their paths without symlinks. */
export function withFiles(
  below: RootFs,
  files: ReadonlyMap<string, {readonly content: Uint8Array; readonly mode: number}>,
): RootFs {
  const nodeOf = (path: string): FileNode | undefined => {
    const file = files.get(path)
    return file && {path, kind: 'file', mode: file.mode, uid: 0, gid: 0, size: file.content.length}
  }
  return {
    ...below,
    lookup: async path => {
      const found = await below.lookup(path)
      const node = found.outcome === 'missing' && found.at === path ? nodeOf(path) : undefined
      return node ? {outcome: 'found', node, hops: found.hops, through: found.through} : found
    },
    open: async node => {
      const file = files.get(node.path)
      return file ? bytesAccess(file.content) : below.open(node)
    },
  }
}
