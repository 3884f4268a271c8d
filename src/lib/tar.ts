import {accessInput, type ByteInput, streamInput} from './byte-input.ts'
import type {RandomAccess} from './bytes.ts'
import {FormatError} from './format-error.ts'
import {BLOCK, cString, isZeroBlock, parseTarHeader, type TarHeader} from './tar-header.ts'
import {decodeName} from './tar-name.ts'
import {type PaxRecords, parseDecimal, parsePax} from './tar-pax.ts'
import type {SparseRegion} from './tar-sparse.ts'
import {readSparse, type SparseFile} from './tar-sparse-read.ts'

export const TAR_ENTRY_KINDS = [
  'file',
  'hard-link',
  'symlink',
  'character-device',
  'block-device',
  'directory',
  'fifo',
  /** Of a type that no engine unpacks. */
  'other',
] as const
export type TarEntryKind = (typeof TAR_ENTRY_KINDS)[number]

/** One entry of a tar, its extended headers read. */
export interface TarEntry {
  /** As it is written (`./a//b/` stays that), in the form of decodeName, which loses no byte. */
  readonly name: string
  readonly kind: TarEntryKind
  /** The type's character in the header. */
  readonly type: string
  /** Permission bits, 0o7777. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** In bytes, of the file; 0 for all but files. */
  readonly size: number
  /** What a link points to, as written, in the form of decodeName; empty for all others. */
  readonly linkName: string
  /** Of a device; 0, 0 for all others. */
  readonly device: {readonly major: number; readonly minor: number}
  /** Extended attributes (SCHILY.xattr), `security.capability` for one. */
  readonly xattrs: ReadonlyMap<string, Uint8Array>
  /** Where the entry's first header starts in the tar, in bytes. */
  readonly offset: number
  /** Where its content lies in the tar. That of a sparse file is its regions only. */
  readonly content: {readonly offset: number; readonly length: number}
  /**
   * The parts of a sparse file that are in the tar: see sparseAccess. Undefined for a file that is there as a whole.
   */
  readonly sparse: readonly SparseRegion[] | undefined
  /**
   * The first bytes of the content as it lies in the tar, `length` or all of a shorter one, while nothing of `body` is
   * read. They belong to the reader behind, as the chunks of `body` do.
   */
  start(length: number): Uint8Array | Promise<Uint8Array>
  /** The same where it is at hand; undefined where it has to be waited for. */
  startAtHand(length: number): Uint8Array | undefined
  /**
   * The content as it lies in the tar, once, and only until the next entry is asked for; what is not read is skipped.
   * The chunks belong to the reader behind: copy what is kept, or 256 KiB stay for a few bytes.
   */
  body(): AsyncGenerator<Uint8Array, void, undefined>
}

/**
 * Walks a tar that streams by, as Go's archive/tar does, with which engines read layers: v7, ustar, PAX, GNU long
 * names, base-256, all four sparse formats. What Go refuses, this refuses with a FormatError that tells the offset: a
 * wrong checksum, a tar that is cut off inside an entry, a lone zero block in the middle. A link with a size has no
 * body, a global PAX header is read and not applied, the two zero blocks at the end may be missing, and what stands
 * behind them is read and forgotten. Ending the iteration early ends the stream behind.
 */
export function readTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry, void, undefined> {
  return walk(streamInput(chunks))
}

/** The same for a tar in a file; bodies that nobody reads are jumped over. */
export function readTarFile(file: RandomAccess): AsyncGenerator<TarEntry, void, undefined> {
  return walk(accessInput(file))
}

/** In bytes: extended headers that are larger are refused, by Go's archive/tar too. */
export const EXTENDED_HEADER_LIMIT = 1024 * 1024

/** What the extended headers before an entry say of it. */
interface Extension {
  readonly pax: PaxRecords
  readonly longName: Uint8Array | undefined
  readonly longLink: Uint8Array | undefined
}

const NO_EXTENSION: Extension = {pax: new Map(), longName: undefined, longLink: undefined}

async function* walk(input: ByteInput): AsyncGenerator<TarEntry, void, undefined> {
  try {
    let extension = NO_EXTENSION
    let start = 0
    for (;;) {
      const offset = input.position
      if (extension === NO_EXTENSION) start = offset
      const ready = input.takeAtHand(BLOCK)
      const block = ready && ready[0] !== 0 ? ready : await readHeaderBlock(input, ready)
      if (block === 'cut off' && extension !== NO_EXTENSION) throw cutOff(start, 'an extended header')
      if (typeof block === 'string') break
      const header = parseTarHeader(block, offset)
      if (isExtension(header.type)) {
        extension = extend(extension, header, await readExtension(input, header, offset), offset)
        continue
      }
      const place = placeEntry(input, header, extension, start)
      // Only these can be sparse; all others are read without waiting.
      const sparse =
        place.kind === 'file' && (header.type === 'S' || extension.pax.size > 0)
          ? await readSparse(input, {block, header, pax: extension.pax, stored: place.stored, offset: start})
          : undefined
      const {entry, end} = readEntry(input, header, extension, place, sparse)
      extension = NO_EXTENSION
      yield entry
      if (!input.skipAtHand(end - input.position)) await skipTo(input, end, entry)
    }
    await input.drain()
  } finally {
    await input.close()
  }
}

/** A header, or how the archive ends: at its zero blocks, or where the bytes do. */
async function readHeaderBlock(
  input: ByteInput,
  ready: Uint8Array | undefined,
): Promise<Uint8Array | 'ended' | 'cut off'> {
  const offset = input.position - (ready?.length ?? 0)
  const block = ready ?? (await input.take(BLOCK))
  if (block.length === 0) return 'cut off'
  if (block.length < BLOCK) throw cutOff(offset, 'a header')
  if (!isZeroBlock(block)) return block
  const second = await input.take(BLOCK)
  if (second.length === 0) return 'ended'
  if (second.length < BLOCK) throw cutOff(offset, 'the end marker')
  if (isZeroBlock(second)) return 'ended'
  throw new FormatError('malformed', `tar header at offset ${offset}: a zero block in the middle`)
}

function isExtension(type: string): boolean {
  return type === 'x' || type === 'g' || type === 'L' || type === 'K'
}

async function readExtension(input: ByteInput, header: TarHeader, offset: number): Promise<Uint8Array> {
  if (header.size > EXTENDED_HEADER_LIMIT) {
    throw new FormatError(
      'malformed',
      `tar header at offset ${offset}: an extended header of ${header.size} bytes, expected at most ${EXTENDED_HEADER_LIMIT}`,
    )
  }
  const body = await input.take(header.size)
  if (body.length < header.size) throw cutOff(offset, 'an extended header')
  await input.skip(padding(header.size))
  return body
}

function extend(before: Extension, header: TarHeader, body: Uint8Array, offset: number): Extension {
  if (header.type === 'L') return {...before, longName: cString(body, 0, body.length)}
  if (header.type === 'K') return {...before, longLink: cString(body, 0, body.length)}
  const pax = parsePax(body)
  if (!pax) throw new FormatError('malformed', `PAX header at offset ${offset}: a record is malformed`)
  // Engines read global headers with Go's archive/tar, which applies them to nothing (git archive puts a comment
  // there).
  return header.type === 'g' ? before : {...before, pax}
}

/** What is known of an entry before its body, or the sparse map before that, is read. */
interface EntryPlace {
  readonly offset: number
  readonly name: string
  readonly kind: TarEntryKind
  /** In bytes, of what follows in the tar. */
  readonly stored: number
  /** Where the next header is. */
  readonly end: number
}

function placeEntry(input: ByteInput, header: TarHeader, {pax, longName}: Extension, offset: number): EntryPlace {
  const name = decodeName(longName ?? paxText(pax, 'path') ?? header.name)
  const kind = entryKind(header.type, name)
  const hasBody = kind === 'file' || kind === 'other'
  const stored = hasBody ? (paxNumber(pax, 'size', offset) ?? header.size) : 0
  return {offset, name, kind, stored, end: input.position + stored + padding(stored)}
}

function readEntry(
  input: ByteInput,
  header: TarHeader,
  {pax, longLink}: Extension,
  {offset, name, kind, stored, end}: EntryPlace,
  sparse: SparseFile | undefined,
): {readonly entry: TarEntry; readonly end: number} {
  const isLink = kind === 'hard-link' || kind === 'symlink'
  const isDevice = kind === 'character-device' || kind === 'block-device'
  const content = sparse?.content ?? {offset: input.position, length: stored}
  const entry: TarEntry = {
    name: sparse?.name ?? name,
    kind,
    type: header.type,
    mode: header.mode & 0o7777,
    uid: paxNumber(pax, 'uid', offset) ?? header.uid,
    gid: paxNumber(pax, 'gid', offset) ?? header.gid,
    size: sparse?.size ?? (kind === 'file' ? stored : 0),
    linkName: isLink ? decodeName(longLink ?? paxText(pax, 'linkpath') ?? header.linkName) : '',
    device: isDevice ? {major: header.major, minor: header.minor} : NO_DEVICE,
    xattrs: pax.size === 0 ? NO_XATTRS : xattrs(pax),
    offset,
    content,
    sparse: sparse?.regions,
    start: length => readStart(input, content, length),
    startAtHand: length => input.peekAtHand(Math.min(length, content.length)),
    body: () => readBody(input, content),
  }
  return {entry, end: sparse ? content.offset + content.length + padding(content.length) : end}
}

const NO_DEVICE = {major: 0, minor: 0}
const NO_XATTRS: ReadonlyMap<string, Uint8Array> = new Map()

function readStart(input: ByteInput, content: TarEntry['content'], limit: number): Uint8Array | Promise<Uint8Array> {
  if (input.position !== content.offset) throw new Error('the start of a tar entry was asked for too late')
  const length = Math.min(limit, content.length)
  const start = input.peek(length)
  if (start instanceof Uint8Array && start.length === length) return start
  return Promise.resolve(start).then(bytes => {
    if (bytes.length < length) throw cutOff(content.offset, 'a body')
    return bytes
  })
}

async function* readBody(input: ByteInput, content: TarEntry['content']): AsyncGenerator<Uint8Array, void, undefined> {
  if (input.position !== content.offset)
    throw new Error('the body of a tar entry was read twice, or after the next entry')
  const end = content.offset + content.length
  while (input.position < end) {
    const chunk = await input.next(end - input.position)
    if (chunk.length === 0) throw cutOff(content.offset, 'a body')
    yield chunk
  }
}

/** Goes on to the next header. The padding behind the last body may be missing. */
async function skipTo(input: ByteInput, end: number, entry: TarEntry): Promise<void> {
  const rest = entry.content.offset + entry.content.length - input.position
  if (rest > 0 && (await input.skip(rest)) < rest)
    throw cutOff(entry.offset, `the body of ${JSON.stringify(entry.name)}`)
  await input.skip(end - input.position)
}

function entryKind(type: string, name: string): TarEntryKind {
  switch (type) {
    case '\0':
      // Before there was a type for directories, a slash at the end said it.
      return name.endsWith('/') ? 'directory' : 'file'
    case '0':
    case '7':
    case 'S':
      return 'file'
    case '1':
      return 'hard-link'
    case '2':
      return 'symlink'
    case '3':
      return 'character-device'
    case '4':
      return 'block-device'
    case '5':
      return 'directory'
    case '6':
      return 'fifo'
    default:
      return 'other'
  }
}

/** An empty value takes the record back. */
function paxText(pax: PaxRecords, key: string): Uint8Array | undefined {
  const value = pax.get(key)
  return value && value.length > 0 ? value : undefined
}

function paxNumber(pax: PaxRecords, key: string, offset: number): number | undefined {
  const value = paxText(pax, key)
  if (!value) return undefined
  const number = parseDecimal(value)
  if (number === undefined) throw new FormatError('malformed', `PAX header at offset ${offset}: ${key} is no number`)
  return number
}

const XATTR = 'SCHILY.xattr.'

function xattrs(pax: PaxRecords): ReadonlyMap<string, Uint8Array> {
  const found = [...pax].filter(([key]) => key.startsWith(XATTR))
  return found.length === 0 ? NO_XATTRS : new Map(found.map(([key, value]) => [key.slice(XATTR.length), value.slice()]))
}

/**
 * A file's capabilities (security.capability), in hexadecimal; undefined where it has
 * none, or more bytes than any kernel takes.
 */
export function fileCapability({kind, xattrs}: Pick<TarEntry, 'kind' | 'xattrs'>): string | undefined {
  const value = kind === 'file' && xattrs.size > 0 ? xattrs.get('security.capability') : undefined
  return value === undefined || value.length > CAPABILITY_LIMIT ? undefined : Buffer.from(value).toString('hex')
}

/** In bytes: XATTR_CAPS_SZ_3 of include/uapi/linux/capability.h. */
const CAPABILITY_LIMIT = 24

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK
}

function cutOff(offset: number, what: string): FormatError {
  return new FormatError('malformed', `tar is cut off inside ${what} at offset ${offset}`)
}
