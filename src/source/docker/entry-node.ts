import {SourceError} from '../../errors.ts'
import type {FileKind, FileNode} from '../../image/rootfs.ts'
import {defined} from '../../lib/defined.ts'
import {fileCapability, type TarEntry, type TarEntryKind} from '../../lib/tar-entry.ts'

/**
 * The file that an entry of a tar of the engine's stands for. A hard link has the size and the capability of the file
 * that it is a name of, `linked`.
 */
export function nodeOf(entry: TarEntry, path: string, linked?: FileNode): FileNode {
  const kind = fileKindOf(entry.kind, path)
  const {mode, uid, gid} = entry
  const capability = fileCapability(entry) ?? linked?.capability
  return {
    ...{path, kind, mode, uid, gid, size: linked?.size ?? entry.size},
    ...(kind === 'symlink' ? {target: entry.linkName} : {}),
    ...defined({capability}),
  }
}

const KINDS: Readonly<Record<TarEntryKind, FileKind | undefined>> = {
  file: 'file',
  'hard-link': 'file',
  symlink: 'symlink',
  'character-device': 'character-device',
  'block-device': 'block-device',
  directory: 'directory',
  fifo: 'fifo',
  other: undefined,
}

/** The kind of file that a tar entry of the engine's stands for. */
function fileKindOf(kind: TarEntryKind, path: string): FileKind {
  const known = KINDS[kind]
  if (known === undefined) throw new SourceError('malformed', `docker gave ${path} as an entry of an unknown type`)
  return known
}
