import type {ByteInput} from './byte-input.ts'
import {concatBytes} from './bytes.ts'
import {FormatError} from './format-error.ts'
import {type Bound, fixedBound, overLimit, tellLimit} from './over-limit.ts'

/** The largest window that node's decoder takes. */
const WINDOW = fixedBound('zstd-window-bytes')

/**
 * A zstd stream in pieces of which none reaches from one frame into the next, skippable frames left out: for a decoder
 * that can do one frame at a time. Node 24's stops silently behind the first frame that ends inside a write
 * (https://github.com/nodejs/node/issues/64741), and takes a stream that is cut off for a whole one
 * (https://github.com/nodejs/node/issues/64592); this throws a FormatError. Only the headers of frames and blocks are
 * looked at, RFC 8878 §3.1. More small frames than `bound` throw, too:
 *
 *     frame     := magic 28 b5 2f fd · descriptor 1 · [window 1] · [dictionary 0-4] · [content size 0-8] · block+
 *                  · [checksum 4]
 *     block     := little-endian 3: last 1 bit, type 2 bits, size 21 bits · content
 *     skippable := magic 50..5f 2a 4d 18 · size 4 · content
 */
export async function* zstdFrames(input: ByteInput, bound: Bound): AsyncGenerator<Uint8Array, void, undefined> {
  for (let frames = 0; ; frames += 1) {
    const offset = input.position
    const magic = await input.take(4)
    if (magic.length === 0) return
    if (frames - offset / USUAL_FRAME >= bound.most)
      throw overLimit(bound, most => `zstd stream: beyond one frame for each KiB it has more than ${most}`)
    if (magic.length < 4) throw cutOff(offset)
    if (isSkippable(magic)) {
      const size = readLittleEndian(await exactly(input, 4, offset))
      if ((await input.skip(size)) < size) throw cutOff(offset)
      continue
    }
    if (!isFrame(magic)) throw new FormatError('malformed', `zstd stream: no frame at offset ${offset}`)
    const {parts, checksum} = await readFrameHeader(input, magic, offset)
    let piece = parts
    let held = 0
    for (let last = false; !last; ) {
      const block = await readBlock(input, checksum, offset)
      last = block.last
      piece.push(...block.parts)
      held += block.size
      if (held < PIECE && !last) continue
      yield concatBytes(piece)
      piece = []
      held = 0
    }
  }
}

/** Whether a zstd stream may start with these bytes, of which there must be four. */
export function isZstd(head: Uint8Array): boolean {
  return isFrame(head) || isSkippable(head)
}

/** In bytes: pieces grow to about this size, so that the decoder is not called for every block header. */
const PIECE = 128 * 1024
/** In bytes: a frame for each so many is what a stream may have in any number. */
const USUAL_FRAME = 1024
const RLE_BLOCK = 1
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const
const DICTIONARY_BYTES = [0, 1, 2, 4] as const

interface FrameHeader {
  readonly parts: Uint8Array[]
  /** In bytes, of what stands behind the last block. */
  readonly checksum: number
}

async function readFrameHeader(input: ByteInput, magic: Uint8Array, offset: number): Promise<FrameHeader> {
  const descriptor = await exactly(input, 1, offset)
  const flags = descriptor[0] ?? 0
  const singleSegment = (flags & 0x20) !== 0
  const contentSize = CONTENT_SIZE_BYTES[((flags >> 6) & 3) as 0 | 1 | 2 | 3] || (singleSegment ? 1 : 0)
  const dictionary = DICTIONARY_BYTES[(flags & 3) as 0 | 1 | 2 | 3]
  const rest = await exactly(input, (singleSegment ? 0 : 1) + dictionary + contentSize, offset)
  if (!singleSegment) checkWindow(rest[0] ?? 0, offset)
  return {parts: [magic, descriptor, rest], checksum: (flags & 4) === 0 ? 0 : 4}
}

interface Block {
  readonly parts: readonly Uint8Array[]
  /** In bytes, of its content and, where it is the last, the checksum behind it. */
  readonly size: number
  readonly last: boolean
}

async function readBlock(input: ByteInput, checksum: number, offset: number): Promise<Block> {
  const header = await exactly(input, 3, offset)
  const bits = readLittleEndian(header)
  const last = (bits & 1) === 1
  const content = ((bits >> 1) & 3) === RLE_BLOCK ? 1 : bits >> 3
  const size = content + (last ? checksum : 0)
  const parts = [header]
  for (let left = size; left > 0; ) {
    const chunk = await input.next(left)
    if (chunk.length === 0) throw cutOff(offset)
    parts.push(chunk)
    left -= chunk.length
  }
  return {parts, size, last}
}

/** `exponent 5 bits, mantissa 3 bits`: 2^(10 + exponent) bytes and as many eighths more. */
function checkWindow(window: number, offset: number): void {
  const size = 2 ** (10 + (window >> 3)) * (1 + (window & 7) / 8)
  if (size <= WINDOW.most) return
  const what = `zstd frame at offset ${offset}: a window of ${size / 2 ** 20} MiB`
  throw new FormatError(
    'unsupported',
    tellLimit(WINDOW, most => `${what}, expected at most ${most}`),
  )
}

function isFrame(magic: Uint8Array): boolean {
  return magic[0] === 0x28 && magic[1] === 0xb5 && magic[2] === 0x2f && magic[3] === 0xfd
}

function isSkippable(magic: Uint8Array): boolean {
  return ((magic[0] ?? 0) & 0xf0) === 0x50 && magic[1] === 0x2a && magic[2] === 0x4d && magic[3] === 0x18
}

async function exactly(input: ByteInput, length: number, offset: number): Promise<Uint8Array> {
  const bytes = await input.take(length)
  if (bytes.length < length) throw cutOff(offset)
  return bytes
}

function readLittleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0)
}

function cutOff(offset: number): FormatError {
  return new FormatError('malformed', `zstd stream: cut off in the frame at offset ${offset}`)
}
