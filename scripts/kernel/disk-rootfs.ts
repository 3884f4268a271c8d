import {lstat, open, readdir, readlink} from 'node:fs/promises'
import {join} from 'node:path'
import type {FileKind, FileNode, Hop, Lookup, RootFs} from '../../src/image/rootfs.ts'

/**
 * A directory of this machine as a root filesystem: for comparing the model with
 * what is installed. No whole-image scan.
 */
export function diskRootfs(root: string): RootFs {
  return {
    lookup: path => lookup(root, path),
    open: async node => {
      const at = join(root, node.path)
      return {
        size: node.size,
        read: async (offset, length) => {
          if (offset < 0 || length <= 0 || offset >= node.size) return new Uint8Array()
          const file = await open(at)
          try {
            const buffer = new Uint8Array(Math.min(length, node.size - offset))
            const {bytesRead} = await file.read(buffer, 0, buffer.length, offset)
            return buffer.subarray(0, bytesRead)
          } finally {
            await file.close()
          }
        },
      }
    },
    list: async ({path}) =>
      (await readdir(join(root, path))).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    files: async function* () {
      yield* []
      throw new Error('a directory of this machine is not scanned')
    },
    survey: async function* () {
      yield* []
      throw new Error('a directory of this machine is not scanned')
    },
  }
}

async function lookup(root: string, path: string): Promise<Lookup> {
  const hops: Hop[] = []
  const through: FileNode[] = []
  let here = await nodeAt(root, '/')
  let rest = path.split('/').filter(name => name !== '')
  while (rest.length > 0) {
    const [name = '', ...after] = rest
    rest = after
    if (here?.kind !== 'directory') return {outcome: 'not-a-directory', at: here?.path ?? '/', hops, through}
    through.push(here)
    if (name === '.') continue
    const at = name === '..' ? join(here.path, '..') : join(here.path, name)
    const next = await nodeAt(root, at)
    if (!next) return {outcome: 'missing', at, hops, through}
    if (next.kind !== 'symlink') {
      here = next
      continue
    }
    const target = next.target ?? ''
    if (hops.length >= 40) return {outcome: 'too-many-links', at, hops, through}
    hops.push({path: at, target})
    if (target.startsWith('/')) here = await nodeAt(root, '/')
    rest = [...target.split('/').filter(part => part !== ''), ...rest]
  }
  return here ? {outcome: 'found', node: here, hops, through} : {outcome: 'missing', at: path, hops, through}
}

/** What is at a path itself, no link followed; undefined where there is nothing. */
export async function nodeAt(root: string, path: string): Promise<FileNode | undefined> {
  const found = await lstat(join(root, path)).catch(() => undefined)
  if (!found) return undefined
  const kind: FileKind = found.isDirectory()
    ? 'directory'
    : found.isSymbolicLink()
      ? 'symlink'
      : found.isFile()
        ? 'file'
        : found.isFIFO()
          ? 'fifo'
          : found.isSocket()
            ? 'socket'
            : found.isBlockDevice()
              ? 'block-device'
              : 'character-device'
  const target = kind === 'symlink' ? await readlink(join(root, path)) : undefined
  const {mode, uid, gid} = found
  const size = kind === 'file' ? found.size : 0
  return {path, kind, mode: mode & 0o7777, uid, gid, size, ...(target === undefined ? {} : {target})}
}
