import {errorCode, messageOf, SourceError} from '../../errors.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {sniffCompression} from '../../lib/decompress.ts'
import {FormatError} from '../../lib/format-error.ts'
import {DEFAULT_LIMITS, type Limits} from '../../lib/limits.ts'
import {type Bound, boundOf, fixedBound, overLimit} from '../../lib/over-limit.ts'
import {readTarFile} from '../../lib/tar.ts'
import type {TarEntry} from '../../lib/tar-entry.ts'
import {sparseAccess} from '../../lib/tar-sparse.ts'
import type {LayerPool} from '../../rootfs/index.ts'
import {checkSize} from '../blobs/verified.ts'
import {type OpenedFile, openFile} from '../file-access.ts'
import {spool} from './spool.ts'

/** An archive's files by their names, read by seeking. */
export interface ArchiveFile {
  has(name: string): boolean
  /** Whether several entries of the tar have the name; the last counts. */
  isRepeated(name: string): boolean
  /** A file, links to it followed inside the archive; undefined where there is none. */
  file(name: string): RandomAccess | undefined
  /** A small file whole: a list of images, unless another limit is given; undefined where there is none. */
  small(name: string, limit?: Bound): Promise<Uint8Array | undefined>
  close(): Promise<void>
}

export interface ArchiveOptions {
  /** For messages: as the user wrote it. */
  readonly reference: string
  readonly file: string
  /** Where an archive that is compressed as a whole is unpacked to, into a file without a name. */
  readonly temporary: string
  readonly signal: AbortSignal
  /** The layers of the run; where there is none, those of the archive are its own. */
  readonly layers?: LayerPool | undefined
  readonly limits?: Limits | undefined
}

type Member = {readonly kind: 'file'; readonly access: RandomAccess} | {readonly kind: 'link'; readonly target: string}

const LINKS = fixedBound('archive-links')

/**
 * Opens an archive and reads its headers; bodies are jumped over. Of several entries with one name the last counts.
 * Throws a SourceError where there is no tar, or a broken one.
 */
export async function openArchive(options: ArchiveOptions): Promise<ArchiveFile> {
  return archiveIn(await openTar(options), options.reference, options.limits)
}

/** The same of a tar that is open already; it is closed with the archive, or here where it cannot be read. */
export async function archiveIn(
  opened: OpenedFile,
  reference: string,
  limits: Limits = DEFAULT_LIMITS,
): Promise<ArchiveFile> {
  try {
    const {members, repeated} = await readMembers(opened, boundOf(limits, 'archive-entries'))
    const find = (name: string): RandomAccess | undefined => {
      let member = members.get(cleanName(name))
      for (let links = 0; member?.kind === 'link' && links < LINKS.most; links += 1) member = members.get(member.target)
      return member?.kind === 'file' ? member.access : undefined
    }
    return {
      has: name => find(name) !== undefined,
      isRepeated: name => repeated.has(cleanName(name)),
      file: find,
      small: async (name, limit = fixedBound('manifest-bytes')) => {
        const file = find(name)
        if (file) checkSize(limit, `${reference}: ${name}`, file.size)
        return file?.read(0, file.size)
      },
      close: () => opened.close(),
    }
  } catch (thrown) {
    await opened.close()
    throw explained(reference, thrown)
  }
}

/** The tar itself: the file, or what it unpacks to where all of it is compressed. */
async function openTar({
  reference,
  file,
  temporary,
  signal,
  limits = DEFAULT_LIMITS,
}: ArchiveOptions): Promise<OpenedFile> {
  let opened: OpenedFile
  try {
    opened = await openFile(file)
  } catch (thrown) {
    const code = errorCode(thrown)
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw explained(reference, thrown)
    throw new SourceError('not-found', `${reference}: ${file} is not there`, {
      hint: 'Check the path of the archive, and that the step that writes it has run.',
      cause: thrown,
    })
  }
  try {
    if (sniffCompression(await opened.read(0, 10)) === 'none') return opened
    const bounds = {
      limit: boundOf(limits, 'archive-bytes'),
      excess: boundOf(limits, 'image-excess-bytes'),
      frames: boundOf(limits, 'zstd-frames'),
    }
    const unpacked = await spool(opened, {folder: temporary, signal, ...bounds})
    await opened.close()
    return unpacked
  } catch (thrown) {
    await opened.close()
    throw explained(reference, thrown)
  }
}

interface Members {
  readonly members: ReadonlyMap<string, Member>
  readonly repeated: ReadonlySet<string>
}

async function readMembers(file: RandomAccess, bound: Bound): Promise<Members> {
  const members = new Map<string, Member>()
  const repeated = new Set<string>()
  let entries = 0
  for await (const entry of readTarFile(file)) {
    if (++entries > bound.most) throw overLimit(bound, most => `it has more than ${most} entries`)
    const name = cleanName(entry.name)
    const member = memberOf(entry, name, file)
    if (!member) continue
    if (members.has(name)) repeated.add(name)
    members.set(name, member)
  }
  return {members, repeated}
}

function memberOf(entry: TarEntry, name: string, file: RandomAccess): Member | undefined {
  const {kind, content, sparse, size, linkName} = entry
  switch (kind) {
    case 'file': {
      const packed = section(file, content.offset, content.length)
      return {kind: 'file', access: sparse ? sparseAccess(packed, sparse, size) : packed}
    }
    // Docker before 25 wrote a layer that it had written before as a symlink to it: `../ID/layer.tar`.
    case 'symlink':
      return {kind: 'link', target: cleanName(linkName.startsWith('/') ? linkName : `${name}/../${linkName}`)}
    case 'hard-link':
      return {kind: 'link', target: cleanName(linkName)}
    default:
      return undefined
  }
}

function section(file: RandomAccess, start: number, size: number): RandomAccess {
  return {
    size,
    read: async (offset, length) =>
      offset < 0 || length <= 0 || offset >= size
        ? new Uint8Array()
        : file.read(start + offset, Math.min(length, size - offset)),
  }
}

/** `./a//b/../c` -> `a/c`. Names are keys only: no path of this machine is ever made of one. */
function cleanName(name: string): string {
  const parts: string[] = []
  for (const part of name.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}

/** Says which archive cannot be read, and why. */
function explained(reference: string, thrown: unknown): unknown {
  const options = {cause: thrown}
  if (thrown instanceof FormatError) {
    const {code, message, hint} = thrown
    return new SourceError(code, `${reference} cannot be read as an archive: ${message}`, {...options, hint})
  }
  const code = errorCode(thrown)
  if (code === undefined || thrown instanceof SourceError) return thrown
  return new SourceError('unavailable', `${reference}: ${messageOf(thrown)}`, {
    ...options,
    ...(code === 'EISDIR' ? {hint: 'It is a directory: an OCI image layout is read as oci:DIR.'} : {}),
  })
}
