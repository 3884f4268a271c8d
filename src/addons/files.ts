import type {FileNode, RootFs} from '../image/rootfs.ts'
import {readWhole} from '../lib/bytes.ts'

/** The regular file at a path, wherever links on it lead; undefined where there is none. */
export async function fileAt(files: Pick<RootFs, 'lookup'>, path: string): Promise<FileNode | undefined> {
  const found = await files.lookup(path)
  return found.outcome === 'found' && found.node.kind === 'file' ? found.node : undefined
}

/** The text of a file without a byte order mark; undefined where it has more than `limit` bytes. */
export async function readText(
  files: Pick<RootFs, 'open'>,
  node: FileNode,
  limit: number,
): Promise<string | undefined> {
  if (node.size > limit) return undefined
  const bytes = await readWhole(await files.open(node), limit)
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes)
}

/** The text of the file at a path; undefined where there is none, or it has more than `limit` bytes. */
export async function readTextAt(
  files: Pick<RootFs, 'lookup' | 'open'>,
  path: string,
  limit: number,
): Promise<string | undefined> {
  const node = await fileAt(files, path)
  return node && readText(files, node, limit)
}

/** The names in a directory, in the order of their bytes; none where it is not one. */
export async function namesIn(files: Pick<RootFs, 'lookup' | 'list'>, directory: string): Promise<readonly string[]> {
  const found = await files.lookup(directory)
  return found.outcome === 'found' && found.node.kind === 'directory' ? files.list(found.node) : []
}
