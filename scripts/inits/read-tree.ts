import {lstat, readdir, readFile, readlink} from 'node:fs/promises'
import {join} from 'node:path'
import type {MemoryEntry, MemoryTree} from '../../__tests__/support/memory-rootfs.ts'

/** A directory of this machine as a tree of literals: what a case adds to it can be laid over it. */
export async function readTree(root: string): Promise<MemoryTree> {
  const tree: Record<string, MemoryEntry> = {}
  const walk = async (path: string): Promise<void> => {
    for (const name of await readdir(join(root, path))) {
      const own = `${path}/${name}`
      const stat = await lstat(join(root, own))
      const common = {mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid}
      if (stat.isDirectory()) {
        tree[own] = {kind: 'directory', ...common}
        await walk(own)
      } else if (stat.isSymbolicLink()) tree[own] = {link: await readlink(join(root, own))}
      else if (stat.isFile()) tree[own] = {content: await readFile(join(root, own)), ...common}
    }
  }
  await walk('')
  return tree
}
