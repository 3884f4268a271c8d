import {SourceError} from '../../errors.ts'
import type {FileNode, Inspection, RootFs, Surveyed} from '../../image/rootfs.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {DEFAULT_LIMITS, type Limits} from '../../lib/limits.ts'
import {boundOf} from '../../lib/over-limit.ts'
import {sortByName} from '../../lib/tar-name.ts'
import {resolvePath} from '../../rootfs/index.ts'
import type {Progress} from '../progress.ts'
import {
  copiedContent,
  type FileReading,
  fileContent,
  type SeenFile,
  seeDirectory,
  seeFile,
  type TakeContent,
  takeStart,
  takeWhole,
} from './container-files.ts'
import type {DockerCli} from './docker-cli.ts'
import {type Export, type ExportedFile, exportedContent, exportFiles, sortedFiles} from './exported-files.ts'
import {type CopyWhole, LargeFiles, type LargeFilesOptions} from './large-files.ts'

/** The root directory: `docker cp` of it would stream the whole image. */
const ROOT: FileNode = {path: '/', kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0}
const NOTHING = new Uint8Array()

export interface ContainerRootFsOptions extends Omit<LargeFilesOptions, 'bound'> {
  readonly progress?: Progress | undefined
  readonly limits?: Limits | undefined
}

export interface ContainerRootFs extends RootFs {
  /** Removes what was copied to disk. */
  close(): Promise<void>
}

/**
 * The root filesystem of a container that is never started. What was seen once is not read again: before the whole
 * of it was exported, path by path, and from then on out of the export, but for contents that were not kept. Where the
 * engine copies nothing out of the container, all comes from exports.
 */
export function containerRootFs(
  cli: DockerCli,
  container: string,
  {progress, limits = DEFAULT_LIMITS, ...spooling}: ContainerRootFsOptions,
): ContainerRootFs {
  const large = new LargeFiles({...spooling, bound: boundOf(limits, 'container-file-bytes')})
  const seen = new Map<string, Promise<SeenFile | 'cannot-copy' | undefined>>()
  const listed = new Map<string, ReturnType<typeof seeDirectory>>()
  let canCopy = true
  const exports = new Map<string, Promise<Export<unknown>>>()
  let exported: Export<unknown> | undefined

  const readExport = (key: string, inspection?: Inspection<unknown>): Promise<Export<unknown>> => {
    const known = exports.get(key)
    if (known) return known
    const reading = exportFiles(cli, container, {inspection, progress, limits}).then(async read => {
      exported = read
      // One after the other: each is a docker cp.
      for (const missed of read.missed.splice(0)) {
        await read.inspector.takeLate(missed, open(read, {path: `/${missed.path}`, content: missed.file}))
      }
      return read
    })
    exports.set(key, reading)
    reading.catch(() => exports.delete(key))
    return reading
  }
  const readingBy = (take: <T>(file: FileNode, taking: TakeContent<T>) => Promise<T>): FileReading => ({
    start: (file, length) => take(file, takeStart(file, length)),
    part: (file, offset, length) => {
      const copy: CopyWhole = options => take(file, takeWhole(file, options))
      return large.read(file, copy, offset, length)
    },
  })
  const open = (
    read: Export<unknown>,
    {path, content}: {readonly path: string; readonly content: ExportedFile['content']},
  ): RandomAccess => {
    const node = read.files.get(path)?.node
    if (!content || !node) throw new Error(`${path} was not given by this root filesystem`)
    const take = async <T>(file: FileNode, taking: TakeContent<T>): Promise<T> => {
      const copied = canCopy ? await copiedContent(cli, container, file, taking) : 'cannot-copy'
      if (copied !== 'cannot-copy') return copied
      canCopy = false
      return exportedContent(cli, container, firstName(read, content), taking)
    }
    const rest = fileContent({node, head: NOTHING}, readingBy(take))
    return {
      size: node.size,
      read: async (offset, length) =>
        read.part(content, offset, Math.min(offset + length, node.size)) ?? rest.read(offset, length),
    }
  }
  const see = async (path: string): Promise<FileNode | undefined> => {
    if (path === '/') return ROOT
    if (exported) return exported.files.get(path)?.node
    const alone = await seeAlone(path)
    return alone === 'cannot-copy' ? (await exportAll()).files.get(path)?.node : alone?.node
  }
  const copyOf = async <T>(file: FileNode, taking: TakeContent<T>): Promise<T> => {
    const copied = await copiedContent(cli, container, file, taking)
    if (copied === 'cannot-copy')
      throw new SourceError('unavailable', `docker cp of ${file.path} failed, and had not before`)
    return copied
  }
  const seeAlone = (path: string): Promise<SeenFile | 'cannot-copy' | undefined> => {
    const known = seen.get(path) ?? seeFile(cli, container, path)
    seen.set(path, known)
    return known
  }
  const exportAll = (): Promise<Export<unknown>> => {
    canCopy = false
    return readExport('')
  }
  return {
    lookup: path => resolvePath(path, see),
    open: async ({path}) => {
      if (exported) return open(exported, {path, content: exported.files.get(path)?.content})
      const found = await seeAlone(path)
      if (found === undefined) throw new Error(`${path} was not given by this root filesystem`)
      if (found !== 'cannot-copy') return fileContent(found, readingBy(copyOf))
      const read = await exportAll()
      return open(read, {path, content: read.files.get(path)?.content})
    },
    list: async ({path}) => {
      if (exported || path === '/') return namesIn(exported ?? (await readExport('')), path)
      const known = listed.get(path) ?? seeDirectory(cli, container, path, limits)
      listed.set(path, known)
      const directory = await known
      if (directory === 'cannot-copy') return namesIn(await exportAll(), path)
      for (const [at, file] of directory.files) if (!seen.has(at)) seen.set(at, Promise.resolve(file))
      return directory.names
    },
    async *files() {
      for (const {node} of sortedFiles(exported ?? (await readExport('')))) yield node
    },
    async *survey<T>(inspection: Inspection<T>): AsyncGenerator<Surveyed<T>, void, undefined> {
      // What an inspection makes is known by its id, so it is of the type that the one with this id makes.
      const read = (await readExport(`inspection ${inspection.id}`, inspection)) as Export<T>
      for (const {node, content} of sortedFiles(read))
        yield {node, result: content && read.inspector.results.get(content)}
    },
    keep: size => exported?.keep(size),
    close: () => large.close(),
  }
}

function namesIn(read: Export<unknown>, directory: string): readonly string[] {
  const start = directory === '/' ? '/' : `${directory}/`
  const names = sortedFiles(read).flatMap(({node: {path}}) => {
    const name = path.startsWith(start) ? path.slice(start.length) : ''
    return name === '' || name.includes('/') ? [] : name
  })
  return sortByName(names, name => name)
}

/** The name under which a file of several names has its content in the export. */
function firstName({files}: Export<unknown>, content: ExportedFile['content']): string {
  for (const [path, file] of files) if (file.content === content) return path
  throw new Error('a content that is not of this export')
}
