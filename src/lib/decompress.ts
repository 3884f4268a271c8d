import type {Transform} from 'node:stream'
import {createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress} from 'node:zlib'
import {type ByteInput, streamInput} from './byte-input.ts'
import {startsWith} from './byte-view.ts'
import {concatBytes} from './bytes.ts'
import {FormatError} from './format-error.ts'
import {isZstd, zstdFrames} from './zstd-frames.ts'

export const COMPRESSIONS = ['none', 'gzip', 'zstd'] as const
export type Compression = (typeof COMPRESSIONS)[number]

export interface DecompressOptions {
  /** Called before the first chunk with what the bytes themselves say. */
  readonly onCompression?: (compression: Compression) => void
}

/**
 * The content of a stream that is compressed in whichever way its first bytes say: gzip of several members, zstd of
 * several frames, or none at all. One that is cut off, or goes on with something else, throws a FormatError; so do xz
 * and bzip2, which are not read. The stream is always read to its end, behind which a check of its digest may wait, and
 * ending the iteration early ends the stream behind.
 */
export async function* decompress(
  chunks: AsyncIterable<Uint8Array>,
  options: DecompressOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const input = streamInput(chunks)
  try {
    const head = await input.take(HEAD)
    const compression = sniffCompression(head)
    options.onCompression?.(compression)
    const whole = rest(head, input)
    switch (compression) {
      case 'none':
        yield* whole
        return
      case 'gzip':
        yield* pump(whole, createGunzip(DECODER), 'gzip')
        return
      case 'zstd':
        yield* pump(zstdFrames(whole), createZstdDecompress(DECODER), 'zstd')
        return
    }
  } finally {
    await input.close()
  }
}

/**
 * What the first bytes of a stream say; ten tell everything. Throws a FormatError for a
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

const FOREIGN = [
  {name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]},
  // "BZh", the level, and pi: the first three alone could be the name of a tar's first file.
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(level => ({
    name: 'bzip2',
    magic: [0x42, 0x5a, 0x68, 0x30 + level, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
  })),
] as const

/** Goes on in pieces that a decoder is worth calling for. */
async function* rest(head: Uint8Array, input: ByteInput): AsyncGenerator<Uint8Array, void, undefined> {
  let piece = [head]
  let held = head.length
  for (;;) {
    const chunk = await input.next(Number.MAX_SAFE_INTEGER)
    piece.push(chunk)
    held += chunk.length
    if (held >= CHUNK || chunk.length === 0) {
      if (held > 0) yield concatBytes(piece)
      piece = []
      held = 0
    }
    if (chunk.length === 0) return
  }
}

/**
 * Drives a decoder of node:zlib. Input goes in only as fast as output is taken; whatever
 * happens, both ends are closed when this ends.
 */
async function* pump(
  input: AsyncIterable<Uint8Array>,
  decoder: Gunzip | ZstdDecompress,
  format: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  let abandoned = true
  let failure: {readonly thrown: unknown} | undefined
  let fed = 0
  // Zeros may stand behind the last gzip member. Zlib ends there and looks no further; anything else is no padding.
  const checkRest = (rest: Uint8Array): void => {
    if (rest.some(byte => byte !== 0))
      failure ??= {thrown: new FormatError('malformed', `${format} stream: junk behind its end`)}
  }
  const feed = async (): Promise<void> => {
    for await (const chunk of input) {
      fed += chunk.length
      const end = fed
      if (decoder.readableEnded || decoder.destroyed) {
        if (abandoned) return
        checkRest(chunk)
        continue
      }
      const taken = (error?: Error | null): void => {
        if (!error) checkRest(chunk.subarray(Math.max(0, chunk.length - (end - decoder.bytesWritten))))
      }
      if (!decoder.write(chunk, taken)) await writable(decoder)
    }
    decoder.end()
  }
  const feeding = feed().catch((thrown: unknown) => {
    failure = {thrown}
    decoder.destroy()
  })
  try {
    for await (const chunk of decoder) yield chunk
    abandoned = false
  } catch (thrown) {
    // What went wrong with the input is the cause of what the decoder says.
    if (!failure) throw new FormatError('malformed', `${format} stream: ${messageOf(thrown)}`, {cause: thrown})
  } finally {
    decoder.destroy()
    await feeding
  }
  if (failure) throw failure.thrown
}

/** Waits until the decoder takes more, or will never take any. */
function writable(decoder: Transform): Promise<void> {
  return new Promise(resolve => {
    if (decoder.destroyed || !decoder.writableNeedDrain) return resolve()
    const done = (): void => {
      decoder.off('drain', done)
      decoder.off('close', done)
      resolve()
    }
    decoder.on('drain', done)
    decoder.on('close', done)
  })
}

function messageOf(thrown: unknown): string {
  const hasMessage = typeof thrown === 'object' && thrown !== null && 'message' in thrown
  return hasMessage ? String(thrown.message) : String(thrown)
}
