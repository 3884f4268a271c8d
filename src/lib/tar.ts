import {accessInput, type ByteInput, streamInput} from './byte-input.ts'
import type {RandomAccess} from './bytes.ts'
import {FormatError} from './format-error.ts'
import {cutOff, padding, readBody, readStart, skipTo} from './tar-content.ts'
import {entryKind, type TarEntry, type TarEntryKind} from './tar-entry.ts'
import {
  type Extension,
  extend,
  isExtension,
  NO_EXTENSION,
  paxNumber,
  paxText,
  readExtension,
  xattrs,
} from './tar-extension.ts'
import {BLOCK, isZeroBlock, parseTarHeader, type TarHeader} from './tar-header.ts'
import {decodeName} from './tar-name.ts'
import {readSparse, type SparseFile} from './tar-sparse-read.ts'

/**
 * Walks a tar that streams by, as Go's archive/tar does, with which engines read layers: v7, ustar, PAX, GNU long
 * names, base-256, all four sparse formats. What Go refuses, this refuses with a FormatError with the offset: a
 * wrong checksum, a tar that is cut off inside an entry, a lone zero block in the middle. A link with a size has no
 * body, a global PAX header is read and not applied, the two zero blocks at the end may be missing, and what stands
 * behind them is read and forgotten. Ending the iteration early ends the stream behind.
 */
export function readTar(chunks: AsyncIterable<Uint8Array>, end?: TarEnd): AsyncGenerator<TarEntry, void, undefined> {
  return walk(streamInput(chunks), end)
}

/** How a tar ends whose writer always writes the end marker: one without it was cut off. */
export interface TarEnd {
  /** In bytes: what may follow it. */
  readonly rest: number
}

/** The same for a tar in a file; bodies that nobody reads are jumped over. */
export function readTarFile(file: RandomAccess): AsyncGenerator<TarEntry, void, undefined> {
  return walk(accessInput(file))
}

async function* walk(input: ByteInput, expected?: TarEnd): AsyncGenerator<TarEntry, void, undefined> {
  try {
    let extension = NO_EXTENSION
    let start = 0
    for (;;) {
      const offset = input.position
      if (extension === NO_EXTENSION) start = offset
      const ready = input.takeAtHand(BLOCK)
      const block = ready && ready[0] !== 0 ? ready : await readHeaderBlock(input, ready)
      if (block === 'cut off' && extension !== NO_EXTENSION) throw cutOff(start, 'an extended header')
      if (block === 'cut off' && expected !== undefined) throw cutOff(offset, 'the end marker')
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
    await forgetRest(input, expected)
  } finally {
    await input.close()
  }
}

/** Reads what stands behind the end, which proves a layer's digest; a FormatError where that does not end itself. */
async function forgetRest(input: ByteInput, expected: TarEnd | undefined): Promise<void> {
  if (expected === undefined) return input.drain()
  const {rest} = expected
  const offset = input.position
  if ((await input.skip(rest + 1)) <= rest) return
  throw new FormatError('malformed', `more than ${rest} bytes follow the end of the tar at offset ${offset}`)
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
    xattrs: xattrs(pax),
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
