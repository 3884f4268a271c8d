import {SourceError} from '../../errors.ts'
import type {FileKind, FileNode} from '../../image/rootfs.ts'
import type {TarEntryKind} from '../../lib/tar.ts'
import {compareNames} from '../../lib/tar-name.ts'
import type {DockerCli} from './cli.ts'
import {visitTar} from './tar-stream.ts'

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
export function fileKindOf(kind: TarEntryKind, path: string): FileKind {
  const known = KINDS[kind]
  if (known === undefined) throw new SourceError('malformed', `docker gave ${path} as an entry of an unknown type`)
  return known
}

/** Every file of a container, from one `docker export` stream, in the order of the paths' bytes. */
export async function* exportedFiles(cli: DockerCli, container: string): AsyncGenerator<FileNode> {
  const nodes = new Map<string, FileNode>()
  const outcome = await visitTar(cli, ['export', container], async entry => {
    const path = `/${entry.name.replace(/^(\.?\/)+/, '').replace(/\/+$/, '')}`
    const kind = fileKindOf(entry.kind, path)
    const linked = entry.kind === 'hard-link' ? nodes.get(`/${entry.linkName.replace(/^(\.?\/)+/, '')}`) : undefined
    const {mode, uid, gid} = entry
    const size = linked?.size ?? entry.size
    nodes.set(path, {path, kind, mode, uid, gid, size, ...(kind === 'symlink' ? {target: entry.linkName} : {})})
    return 'more'
  })
  if (outcome.ended === 'failed') throw outcome.error
  yield* [...nodes.values()].sort((a, b) => compareNames(a.path, b.path))
}
