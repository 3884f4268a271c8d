import type {Prefetch, Span} from '../../binary/prefetch.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import type {TarEntry} from '../../lib/tar-entry.ts'

/** Bytes of a file's content as they lie in the tar. */
export interface Part {
  readonly offset: number
  readonly bytes: Uint8Array
}

const MIB = 2 ** 20
/** In bytes: of larger programs the start and some parts are at hand. */
export const START = 8 * MIB
/** In bytes, of all parts of one file. */
const SPANS_LIMIT = 4 * MIB
/** In bytes: section headers and the names of sections are at the end of a file. */
const TAIL = MIB / 2
/** In bytes, of one file: a reader that searches through all of it is not served from memory. */
const KEPT_LIMIT = MIB
/** In bytes: what is nearer to each other is kept as one. */
const GAP = 64

/**
 * Takes what of a file is to be at hand from the tar as it streams by; the start goes
 * into `scratch`, which has room for it.
 */
export async function takeParts(entry: TarEntry, prefetch: Prefetch, scratch: Uint8Array): Promise<readonly Part[]> {
  const {length} = entry.content
  const start: Part = {offset: 0, bytes: scratch.subarray(0, Math.min(length, START))}
  let parts: readonly Part[] = [start]
  let at = 0
  if (length === 0) return parts
  for await (const chunk of entry.body()) {
    fillParts(parts, at, chunk)
    const before = at
    at += chunk.length
    if (length <= START || before >= START || at < START) continue
    const spans = await prefetch.spans(accessParts([start], length))
    parts = [start, ...planParts(spans, length)]
    fillParts(parts.slice(1), before, chunk)
  }
  return parts
}

/**
 * Reads ahead in what is at hand of a file. Gives the parts that were read, to be copied before the next file comes.
 */
export async function runPrefetch(
  parts: readonly Part[],
  length: number,
  path: string,
  prefetch: Prefetch,
): Promise<readonly Part[]> {
  const reads: {readonly from: number; readonly to: number}[] = []
  let size = 0
  const file = accessParts(parts, length)
  const recorded: RandomAccess = {
    size: length,
    read: async (offset, count) => {
      const bytes = await file.read(offset, count)
      size += bytes.length
      if (size <= KEPT_LIMIT && bytes.length > 0) reads.push({from: offset, to: offset + bytes.length})
      return bytes
    },
  }
  // What was read until something was not at hand is worth as much.
  await ifAtHand(() => prefetch.read(recorded, path))
  return mergeReads(reads).flatMap(({from, to}) => partsBetween(parts, from, to))
}

const MISSED = new Error('not at hand')

/** Reads of what accessParts gives, as far as that goes. */
export async function ifAtHand<R>(read: () => Promise<R>): Promise<{readonly result: R} | 'not at hand'> {
  try {
    return {result: await read()}
  } catch (thrown) {
    if (thrown === MISSED) return 'not at hand'
    throw thrown
  }
}

/** A file of which only some parts are at hand; reading any other throws what ifAtHand waits for. */
export function accessParts(parts: readonly Part[], size: number): RandomAccess {
  return {
    size,
    read: async (offset, length) => {
      const end = Math.min(size, offset + length)
      if (offset < 0 || end <= offset) return new Uint8Array()
      const part = parts.find(one => one.offset <= offset && end <= one.offset + one.bytes.length)
      if (!part) throw MISSED
      return part.bytes.subarray(offset - part.offset, end - part.offset)
    },
  }
}

/** Room for what is behind the start: the parts that were requested, as far as there is room for them, and the tail. */
function planParts(spans: readonly Span[], length: number): readonly Part[] {
  let room = SPANS_LIMIT
  const behind = spans.filter(({offset, length: size}) => {
    if (offset < 0 || size <= 0 || offset + size <= START || offset + size > length || size > room) return false
    room -= size
    return true
  })
  const tail = {offset: length - Math.min(TAIL, length - START), length: Math.min(TAIL, length - START)}
  return [...behind, tail].map(({offset, length: size}) => {
    const from = Math.max(offset, START)
    return {offset: from, bytes: new Uint8Array(offset + size - from)}
  })
}

function fillParts(parts: readonly Part[], at: number, chunk: Uint8Array): void {
  for (const {offset, bytes} of parts) {
    const from = Math.max(at, offset)
    const to = Math.min(at + chunk.length, offset + bytes.length)
    if (from < to) bytes.set(chunk.subarray(from - at, to - at), from - offset)
  }
}

function mergeReads(reads: readonly {readonly from: number; readonly to: number}[]) {
  const merged: {from: number; to: number}[] = []
  for (const {from, to} of reads.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last && from <= last.to + GAP) last.to = Math.max(last.to, to)
    else merged.push({from, to})
  }
  return merged
}

/** What is at hand between two offsets; two reads that were merged may be of parts that are not next to each other. */
function partsBetween(parts: readonly Part[], from: number, to: number): readonly Part[] {
  return parts.flatMap(({offset, bytes}) => {
    const start = Math.max(from, offset)
    const end = Math.min(to, offset + bytes.length)
    return start < end ? [{offset: start, bytes: bytes.subarray(start - offset, end - offset)}] : []
  })
}
