import type {Transform} from 'node:stream'
import {createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress} from 'node:zlib'
import {type ByteInput, streamInput} from './byte-input.ts'
import {startsWith} from './byte-view.ts'
import {concatBytes} from './bytes.ts'
import {FormatError} from './format-error.ts'
import {DEFAULT_LIMITS} from './limits.ts'
import {type Bound, boundOf, overLimit} from './over-limit.ts'
import {isZstd, zstdFrames} from './zstd-frames.ts'

export const COMPRESSIONS = ['none', 'gzip', 'zstd'] as const
export type Compression = (typeof COMPRESSIONS)[number]

export interface DecompressOptions {
  /** Called before the first chunk with what the bytes themselves say. */
  readonly onCompression?: (compression: Compression) => void
  /** Told of every chunk that comes in, in bytes. */
  readonly onChunk?: (size: number) => void
  /** Given every chunk of the content before it goes out. */
  readonly onContent?: (chunk: Uint8Array) => void
  /** What unpacks to more is refused. */
  readonly limit?: Bound
  /** `zstd-frames`, where it may have been raised. */
  readonly frames?: Bound
}

/**
 * The content of a stream that is compressed in whichever way its first bytes say: gzip of several members, zstd of
 * several frames, or none at all. One that is cut off, or goes on with something else, throws a FormatError; so do xz
 * and bzip2, which are not read. The stream is always read to its end, behind which a check of its digest may wait,
 * and ending the iteration early ends the stream behind.
 */
export async function* decompress(
  chunks: AsyncIterable<Uint8Array>,
  {onCompression, onChunk, onContent, limit, frames = FRAMES}: DecompressOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const input = streamInput(chunks, onChunk)
  let decoding: Decoding | undefined
  let size = 0
  try {
    const compression = sniffCompression(await input.peek(HEAD))
    onCompression?.(compression)
    decoding = compression === 'none' ? undefined : startDecoding(input, compression, frames)
    for await (const chunk of decoding?.decoder ?? plainPieces(input)) {
      size += chunk.length
      if (limit && size > limit.most) throw overLimit(limit, most => `it unpacks to more than ${most}`)
      onContent?.(chunk)
      yield chunk
    }
    await decoding?.end()
  } catch (thrown) {
    throw thrown instanceof FormatError || !decoding ? thrown : decoding.explain(thrown)
  } finally {
    await decoding?.stop()
    await input.close()
  }
}

/**
 * What the first bytes of a stream say; ten are enough. Throws a FormatError for a
 * compression that is known and not read.
 */
export function sniffCompression(head: Uint8Array): Compression {
  if (startsWith(head, [0x1f, 0x8b])) return 'gzip'
  if (isZstd(head)) return 'zstd'
  const foreign = FOREIGN.find(({magic}) => startsWith(head, magic))
  if (foreign) throw new FormatError('unsupported', `compressed with ${foreign.name}, which is not read`)
  return 'none'
}

/** In bytes. Node's own 16 KiB halve the speed; what waits for the decoder lets the other end go on meanwhile. */
const CHUNK = 256 * 1024
/** The decoder goes on, in a thread of its own, while what it gave is looked at. */
const DECODER = {
  chunkSize: CHUNK,
  writableHighWaterMark: 4 * CHUNK,
  // Chunk by chunk: several that wait would be copied into one.
  readableObjectMode: true,
  readableHighWaterMark: 4,
}
const HEAD = 10
const FRAMES = boundOf(DEFAULT_LIMITS, 'zstd-frames')
/** Pieces that wait for the decoder: frames of a few bytes come by the million, and each holds some hundred here. */
const WAITING = 256
const EMPTIED = Symbol('no piece waits')
const NONE = new Uint8Array()

const FOREIGN = [
  {name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]},
  // "BZh", the level, and pi: the first three alone could be the name of a tar's first file.
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(level => ({
    name: 'bzip2',
    magic: [0x42, 0x5a, 0x68, 0x30 + level, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
  })),
] as const

/** The next bytes in a piece that a decoder is worth calling for; none at the end. */
async function nextPiece(input: ByteInput): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for (let held = 0; held < CHUNK; ) {
    const chunk = await input.next(Number.MAX_SAFE_INTEGER)
    if (chunk.length === 0) break
    parts.push(chunk)
    held += chunk.length
  }
  return concatBytes(parts)
}

/** What is not compressed; an iterator by hand, for one generator more would cost every byte of the stream. */
function plainPieces(input: ByteInput): AsyncIterable<Uint8Array> {
  const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    const piece = await nextPiece(input)
    return piece.length === 0 ? {done: true, value: undefined} : {done: false, value: piece}
  }
  return {[Symbol.asyncIterator]: () => ({next})}
}

/** A decoder of node:zlib that is fed. */
interface Decoding {
  readonly decoder: Gunzip | ZstdDecompress
  /** Waits until the input is read to its end. Throws where something is wrong with it. */
  end(): Promise<void>
  /** Whatever the decoder threw, or what was wrong with its input before. */
  explain(thrown: unknown): unknown
  /** Closes both ends. */
  stop(): Promise<void>
}

/** Input goes in only as fast as output is taken. */
function startDecoding(input: ByteInput, format: 'gzip' | 'zstd', bound: Bound): Decoding {
  const decoder = format === 'gzip' ? createGunzip(DECODER) : createZstdDecompress(DECODER)
  const frames = format === 'gzip' ? undefined : zstdFrames(input, bound)
  const next = async (): Promise<Uint8Array> => (frames ? (await frames.next()).value : await nextPiece(input)) ?? NONE
  let abandoned = true
  let failure: {readonly thrown: unknown} | undefined
  let fed = 0
  let waiting = 0
  // Zeros may stand behind the last gzip member. Zlib ends there and looks no further; anything else is not padding.
  const checkRest = (rest: Uint8Array): void => {
    if (rest.some(byte => byte !== 0))
      failure ??= {thrown: new FormatError('malformed', `${format} stream: junk behind its end`)}
  }
  const feed = async (): Promise<void> => {
    for (let chunk = await next(); chunk.length > 0; chunk = await next()) {
      fed += chunk.length
      const piece = chunk
      const end = fed
      if (decoder.readableEnded || decoder.destroyed) {
        if (abandoned) return
        checkRest(piece)
        continue
      }
      const taken = (error?: Error | null): void => {
        waiting -= 1
        if (waiting === 0) decoder.emit(EMPTIED)
        if (!error) checkRest(piece.subarray(Math.max(0, piece.length - (end - decoder.bytesWritten))))
      }
      waiting += 1
      if (!decoder.write(piece, taken)) await until(decoder, 'drain', () => !decoder.writableNeedDrain)
      else if (waiting >= WAITING) await until(decoder, EMPTIED, () => waiting === 0)
    }
    decoder.end()
  }
  const feeding = feed().catch((thrown: unknown) => {
    failure = {thrown}
    decoder.destroy()
  })
  const stop = async (): Promise<void> => {
    decoder.destroy()
    await feeding
  }
  return {
    decoder,
    end: async () => {
      abandoned = false
      await stop()
      if (failure) throw failure.thrown
    },
    explain: thrown =>
      failure
        ? failure.thrown
        : new FormatError('malformed', `${format} stream: ${messageOf(thrown)}`, {cause: thrown}),
    stop,
  }
}

/** Waits for an event of the decoder, unless it is there already, or until the decoder takes nothing any more. */
function until(decoder: Transform, event: string | symbol, isThere: () => boolean): Promise<void> {
  return new Promise(resolve => {
    if (decoder.destroyed || isThere()) return resolve()
    const done = (): void => {
      decoder.off(event, done)
      decoder.off('close', done)
      resolve()
    }
    decoder.on(event, done)
    decoder.on('close', done)
  })
}

function messageOf(thrown: unknown): string {
  const hasMessage = typeof thrown === 'object' && thrown !== null && 'message' in thrown
  return hasMessage ? String(thrown.message) : String(thrown)
}
