import {SourceError} from '../../errors.ts'
import type {FileNode, Inspection} from '../../image/rootfs.ts'
import {formatSize} from '../../lib/format-size.ts'
import {DEFAULT_LIMITS, type Limits} from '../../lib/limits.ts'
import {boundOf} from '../../lib/over-limit.ts'
import type {TarEntry} from '../../lib/tar-entry.ts'
import {sortByName} from '../../lib/tar-name.ts'
import {KeptParts, type LayerFile, LayerPool, SIZES, StreamInspector, TreeRoom, takeRoom} from '../../rootfs/index.ts'
import type {Progress} from '../progress.ts'
import type {TakeContent} from './container-files.ts'
import type {DockerCli} from './docker-cli.ts'
import {isEngineFile} from './engine-files.ts'
import {nodeOf} from './entry-node.ts'
import {visitTar} from './tar-stream.ts'

/** One file of an export; names of one file share what is known of its content. */
export interface ExportedFile {
  readonly node: FileNode
  /** Of regular files. */
  readonly content: LayerFile | undefined
}

/** What went by in one `docker export`. */
export interface Export<T> {
  /** By their paths. */
  readonly files: ReadonlyMap<string, ExportedFile>
  /** The content of a regular file, between two offsets, where that was kept. */
  part(content: LayerFile, offset: number, end: number): Uint8Array | undefined
  /** Contents that the inspection has to be made on in another way, and what takes them. */
  readonly missed: StreamInspector<T>['missed']
  readonly inspector: StreamInspector<T>
  /** Counts memory that is kept of it. Throws where the image takes more than its limit. */
  keep(size: number): void
}

/** `limits`: DEFAULT_LIMITS where nothing is said. */
interface ExportOptions<T> {
  readonly inspection?: Inspection<T> | undefined
  readonly progress: Progress | undefined
  readonly limits?: Limits | undefined
}

/**
 * Reads every file of a container from one `docker export` stream; keeps what may be needed of programs and
 * settings, and inspects the rest as it is read.
 */
export async function exportFiles<T>(
  cli: DockerCli,
  container: string,
  {inspection, progress, limits}: ExportOptions<T>,
): Promise<Export<T>> {
  const files = new Map<string, ExportedFile>()
  const {context} = new LayerPool()
  const kept = new KeptParts()
  const room = new TreeRoom(boundOf(limits ?? DEFAULT_LIMITS, 'image-tree-bytes'))
  const keep = (size: number): void => takeRoom(room, size)
  const inspector = new StreamInspector<T>({context, kept, inspection, onKeep: keep})
  const visit = async (entry: TarEntry): Promise<'more'> => {
    progress?.(() => `docker export: ${formatSize(entry.offset)} read`)
    const path = pathOf(entry.name)
    if (!files.has(path)) keep(SIZES.exported + path.length)
    const linked = entry.kind === 'hard-link' ? files.get(pathOf(entry.linkName)) : undefined
    const node = nodeOf(entry, path, linked?.node)
    const content = entry.kind === 'file' ? contentOf(entry) : linked?.content
    files.set(path, {node, content})
    if (entry.kind === 'file' && content) await inspector.take(content, entry, true)
    return 'more'
  }
  const outcome = await visitTar(cli, ['export', container], visit, limits)
  if (outcome.ended === 'failed') throw outcome.error
  inspector.end()
  return {
    files,
    part: (content, offset, end) =>
      context.demanded.get(content)?.subarray(offset, end) ?? kept.get(content, offset, end),
    missed: inspector.missed,
    inspector,
    keep,
  }
}

/** What is taken of the content of a regular file of an export, by one more `docker export` down to it. */
export async function exportedContent<T>(
  cli: DockerCli,
  container: string,
  path: string,
  take: TakeContent<T>,
): Promise<T> {
  const found: T[] = []
  const outcome = await visitTar(cli, ['export', container], async entry => {
    if (entry.kind !== 'file' || pathOf(entry.name) !== path) return 'more'
    found.push(await take(entry))
    return 'enough'
  })
  if (outcome.ended === 'failed') throw outcome.error
  const [content] = found
  if (content !== undefined) return content
  throw new SourceError('unavailable', `docker export has no ${path}, and had it before`)
}

/** In the order of the paths' bytes; what the engine itself has put there is no part of the image. */
export function sortedFiles({files}: Export<unknown>): readonly ExportedFile[] {
  const ofImage = [...files.values()].filter(({node}) => !isEngineFile(node))
  return sortByName(ofImage, ({node}) => node.path)
}

function pathOf(name: string): string {
  return `/${name.replace(/^(\.?\/)+/, '').replace(/\/+$/, '')}`
}

function contentOf({mode, uid, gid, size, content, sparse}: TarEntry): LayerFile {
  const packed = sparse && {length: content.length, regions: sparse}
  return {kind: 'file', owner: {mode, uid, gid}, size, target: undefined, offset: content.offset, sparse: packed}
}
