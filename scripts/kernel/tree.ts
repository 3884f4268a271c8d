import {chmod, chown, lchown, mkdir, symlink, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import type {MemoryEntry, MemoryTree} from '../../__tests__/support/memory-rootfs.ts'

/** A FIFO or a device, which the helper makes. */
export interface SpecialFile {
  readonly command: 'mkfifo' | 'mknod'
  readonly path: string
  readonly mode: number
}

/** Writes a tree of literals below `root`, with its owners and modes; what only the helper can make is told. */
export async function writeTree(root: string, tree: MemoryTree): Promise<readonly SpecialFile[]> {
  const special: SpecialFile[] = []
  const directories: (() => Promise<void>)[] = []
  for (const path of Object.keys(tree).sort()) {
    const entry = tree[path]
    if (entry === undefined) continue
    const at = join(root, path)
    await mkdir(dirname(at), {recursive: true})
    const given = plain(entry)
    const kind = given.kind ?? (given.link === undefined ? 'file' : 'symlink')
    const {uid = 0, gid = 0} = given
    if (kind === 'symlink') {
      await symlink(given.link ?? '', at)
      await lchown(at, uid, gid)
    } else if (kind === 'directory') {
      await mkdir(at, {recursive: true})
      directories.push(async () => {
        await chown(at, uid, gid)
        await chmod(at, given.mode ?? 0o755)
      })
    } else if (kind === 'file') {
      await writeFile(at, given.content ?? '')
      if (uid !== 0 || gid !== 0) await chown(at, uid, gid)
      await chmod(at, given.mode ?? 0o644)
    } else special.push({command: kind === 'fifo' ? 'mkfifo' : 'mknod', path, mode: given.mode ?? 0o644})
  }
  for (const finish of directories) await finish()
  return special
}

function plain(entry: MemoryEntry): Exclude<MemoryEntry, string | Uint8Array> {
  return typeof entry === 'string' || entry instanceof Uint8Array ? {content: entry} : entry
}
