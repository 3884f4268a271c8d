import {SourceError} from '../../errors.ts'
import type {FileNode} from '../../image/rootfs.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {DEFAULT_LIMITS} from '../../lib/limits.ts'
import type {TarEntry} from '../../lib/tar-entry.ts'
import {sortByName} from '../../lib/tar-name.ts'
import {type NamelessFileOptions, namelessFile} from '../archive/spool.ts'
import type {OpenedFile} from '../file-access.ts'
import type {DockerCli} from './docker-cli.ts'
import {isEngineFile} from './engine-files.ts'
import {nodeOf} from './entry-node.ts'
import {readStart, visitTar} from './tar-stream.ts'

/** A file as `docker cp` shows it, with the first part of its content. */
export interface SeenFile {
  readonly node: FileNode
  readonly head: Uint8Array
}

/** In bytes: what is kept of a file when it is first seen. Headers, interpreters and small libraries fit. */
const HEAD_KEPT = 256 * 1024
/** In bytes: what a further reading asks for at least. */
const READ_AHEAD = 4 * 1024 * 1024

/**
 * Looks at one path of a container that is not running; the last component is not followed, links before it are (by the
 * daemon). The stream is ended as soon as what is needed of it is in: that of a directory would go on with everything
 * below it. Undefined where nothing is there; `cannot-copy` where the engine does not copy it though it may be there,
 * or copies nothing out of this container.
 */
export async function seeFile(
  cli: DockerCli,
  container: string,
  path: string,
): Promise<SeenFile | 'cannot-copy' | undefined> {
  // No file has such a name, and no command such an argument.
  if (path.includes('\0')) return undefined
  return copyFrom(cli, ['cp', `${container}:${path}`, '-'], async entry => {
    const node = nodeOf(entry, path)
    return {node, head: node.kind === 'file' ? await readStart(entry, HEAD_KEPT) : new Uint8Array()}
  })
}

/** What is in a directory, and the files below it that were kept as they came by. */
export interface SeenDirectory {
  /** In the order of their bytes. */
  readonly names: readonly string[]
  /** By their paths. */
  readonly files: ReadonlyMap<string, SeenFile>
}

/** In bytes: what is kept of the files of a directory that came by. */
const DIRECTORY_KEPT = 16 * 1024 * 1024

/**
 * Reads a directory of a container that is not running. `docker cp` gives all that is below it: small files are kept,
 * so that looking at them costs nothing more.
 */
export async function seeDirectory(
  cli: DockerCli,
  container: string,
  path: string,
  limits = DEFAULT_LIMITS,
): Promise<SeenDirectory | 'cannot-copy'> {
  const files = new Map<string, SeenFile>()
  const names = new Set<string>()
  let kept = 0
  const visit = async (entry: TarEntry): Promise<'more'> => {
    const below = entry.name
      .split('/')
      .filter(name => name !== '')
      .slice(1)
    const [name] = below
    if (name === undefined) return 'more'
    const at = `${path}/${below.join('/')}`
    if (entry.kind !== 'hard-link' && isEngineFile(nodeOf(entry, at))) return 'more'
    names.add(name)
    // The size of a hard link is that of its file, which may lie elsewhere.
    if (entry.kind === 'hard-link' || entry.size > HEAD_KEPT || kept + entry.size > DIRECTORY_KEPT) return 'more'
    const node = nodeOf(entry, at)
    files.set(at, {node, head: node.kind === 'file' ? await readStart(entry, HEAD_KEPT) : new Uint8Array()})
    kept += entry.size
    return 'more'
  }
  const outcome = await visitTar(cli, ['cp', `${container}:${path}`, '-'], visit, limits)
  if (outcome.ended === 'failed' && CANNOT_COPY.test(outcome.stderr)) return 'cannot-copy'
  if (outcome.ended === 'failed') throw outcome.error
  return {names: sortByName([...names], name => name), files}
}

/** Further readings of a regular file. */
export interface FileReading {
  /** The first bytes, as many as are asked for. */
  start(node: FileNode, length: number): Promise<Uint8Array>
  /** Bytes of a file of which not all is to be in memory. */
  part(node: FileNode, offset: number, length: number): Promise<Uint8Array>
}

/** In bytes: the start of a file that may be in memory. */
export const START_HELD = 64 * 1024 * 1024

/**
 * The content of a regular file: from what is kept of it, else by one more reading up to where it is needed; what is
 * far behind the start of a large file is not read by way of memory.
 */
export function fileContent({node, head}: SeenFile, reading: FileReading): RandomAccess {
  let kept: Promise<Uint8Array> = Promise.resolve(head)
  const upTo = async (end: number): Promise<Uint8Array> => {
    const bytes = await kept
    if (bytes.length >= end) return bytes
    const wanted = Math.max(end, READ_AHEAD, bytes.length * 2)
    kept = reading.start(node, Math.min(node.size, START_HELD, wanted))
    return kept
  }
  return {
    size: node.size,
    read: async (offset, length) => {
      const end = Math.min(offset + length, node.size)
      if (offset < 0 || length <= 0 || offset >= end) return new Uint8Array()
      if (end > START_HELD) return reading.part(node, offset, end - offset)
      return (await upTo(end)).subarray(offset, end)
    },
  }
}

/** What is made of the content of a file as it is read. */
export type TakeContent<T> = (entry: TarEntry) => Promise<T>

/** Takes the first bytes of a file. */
export function takeStart({path}: FileNode, length: number): TakeContent<Uint8Array> {
  return async entry => {
    const bytes = await readStart(entry, length)
    if (bytes.length < length) throw tooShort(path, bytes.length, length)
    return bytes
  }
}

/** Takes a file whole, into one without a name. */
export function takeWhole({path, size}: FileNode, options: NamelessFileOptions): TakeContent<OpenedFile> {
  return async entry => {
    const file = await namelessFile(entry.body(), options)
    if (file.size === size) return file
    await file.close()
    throw tooShort(path, file.size, size)
  }
}

function tooShort(path: string, got: number, expected: number): SourceError {
  return new SourceError('unavailable', `docker gave ${got} bytes of ${path}, expected ${expected}`)
}

/** What is taken of the content of a regular file, by `docker cp -L`. */
export async function copiedContent<T>(
  cli: DockerCli,
  container: string,
  {path}: FileNode,
  take: TakeContent<T>,
): Promise<T | 'cannot-copy'> {
  const copied = await copyFrom(cli, ['cp', '-L', `${container}:${path}`, '-'], take)
  if (copied !== undefined) return copied
  throw new SourceError('unavailable', `docker cp of ${path} found nothing, and had before`)
}

/** Runs `docker cp … -` and reads the first entry of the tar that it prints. */
async function copyFrom<T>(
  cli: DockerCli,
  args: readonly string[],
  read: (entry: TarEntry) => Promise<T>,
): Promise<T | 'cannot-copy' | undefined> {
  const seen: T[] = []
  const outcome = await visitTar(cli, args, async entry => {
    seen.push(await read(entry))
    return 'enough'
  })
  if (outcome.ended === 'enough') return seen[0]
  if (outcome.ended === 'whole')
    throw new SourceError('unavailable', `docker ${args.join(' ')} printed an empty archive`)
  if (/could not find the file|no such file or directory/i.test(outcome.stderr)) return undefined
  if (CANNOT_COPY.test(outcome.stderr)) return 'cannot-copy'
  throw outcome.error
}

/**
 * Of a volume that is not an absolute path, or a dangling symlink, which moby's daemon/containerfs_linux.go mounts for
 * each copy; and of a symlink that leads back to itself, which the engine follows to look at it.
 */
const CANNOT_COPY = /make destination relative|mkdirat .*: file exists|evalSymlinksInScope: too many links/
