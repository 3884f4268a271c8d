import {concatBytes, type RandomAccess} from './bytes.ts'

/** Bytes to be read one after the other: a stream that only goes on, or a file in which parts are jumped over. */
export interface ByteInput {
  /** In bytes from the start. */
  readonly position: number
  /** The next `length` bytes, fewer only where the input ends. */
  take(length: number): Promise<Uint8Array>
  /** What is at hand of the next bytes: at least one and at most `limit`; none where the input ends. */
  next(limit: number): Promise<Uint8Array>
  /**
   * The same where all of them are at hand; undefined, and nothing done, where they are not. A tar of
   * many small files is read by this alone.
   */
  takeAtHand(length: number): Uint8Array | undefined
  /** The same as `take`, without going on: what is requested next begins where this did. */
  peek(length: number): Uint8Array | Promise<Uint8Array>
  /** The same as `peek` where all of them are at hand; undefined where they are not. */
  peekAtHand(length: number): Uint8Array | undefined
  /** Leaves out `length` bytes; fewer only where the input ends. Answers how many. */
  skip(length: number): Promise<number>
  /** Leaves out `length` bytes where they are at hand; false, and nothing done, where they are not. */
  skipAtHand(length: number): boolean
  /** Reads what is left and forgets it. */
  drain(): Promise<void>
  /** Ends the stream behind. */
  close(): Promise<void>
}

const NOTHING = new Uint8Array()
/** In bytes: what is read at once of a file. Small neighbours come with it. */
const WINDOW = 32 * 1024

/** Reads what streams by. `onChunk` gets the size of every chunk that arrives, in bytes. */
export function streamInput(chunks: AsyncIterable<Uint8Array>, onChunk?: (size: number) => void): ByteInput {
  const source = chunks[Symbol.asyncIterator]()
  let held: Uint8Array = NOTHING
  let at = 0
  let position = 0
  let ended = false

  /** Makes sure that a byte is at hand; false at the end. */
  const fill = async (): Promise<boolean> => {
    while (at === held.length) {
      if (ended) return false
      const result = await source.next()
      if (result.done) {
        ended = true
        return false
      }
      onChunk?.(result.value.length)
      hold(result.value)
    }
    return true
  }
  const hold = (chunk: Uint8Array): void => {
    // Parts of a Buffer are Buffers, which take several times as long to make.
    held = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    at = 0
  }
  const pull = (limit: number): Uint8Array => {
    const part = held.subarray(at, Math.min(held.length, at + limit))
    at += part.length
    position += part.length
    return part
  }
  const peekAtHand = (length: number): Uint8Array | undefined =>
    held.length - at >= length ? held.subarray(at, at + length) : undefined
  /** Makes one piece of what is at hand and what comes. */
  const gather = async (length: number): Promise<Uint8Array> => {
    while (held.length - at < length && !ended) {
      const result = await source.next()
      if (result.done) {
        ended = true
        break
      }
      onChunk?.(result.value.length)
      hold(at === held.length ? result.value : concatBytes([held.subarray(at), result.value]))
    }
    return held.subarray(at, Math.min(held.length, at + length))
  }
  return {
    get position() {
      return position
    },
    async take(length) {
      if (held.length - at >= length) return pull(length)
      const parts: Uint8Array[] = []
      let missing = length
      while (missing > 0 && (await fill())) {
        const part = pull(missing)
        parts.push(part)
        missing -= part.length
      }
      return concatBytes(parts)
    },
    async next(limit) {
      return limit > 0 && (await fill()) ? pull(limit) : NOTHING
    },
    takeAtHand: length => (held.length - at >= length ? pull(length) : undefined),
    peek: length => peekAtHand(length) ?? gather(length),
    peekAtHand,
    skipAtHand(length) {
      if (held.length - at < length) return false
      at += length
      position += length
      return true
    },
    async skip(length) {
      let missing = length
      while (missing > 0 && (at < held.length || (await fill()))) missing -= pull(missing).length
      return length - missing
    },
    async drain() {
      do {
        position += held.length - at
        at = held.length
      } while (await fill())
    },
    async close() {
      if (!ended) await source.return?.()
      ended = true
      at = held.length
    },
  }
}

/** Reads a file; what is skipped is not touched. */
export function accessInput(file: RandomAccess): ByteInput {
  let window: Uint8Array = NOTHING
  let windowStart = 0
  let position = 0

  const next = async (limit: number): Promise<Uint8Array> => {
    if (position < windowStart || position >= windowStart + window.length) {
      window = await file.read(position, WINDOW)
      windowStart = position
    }
    const from = position - windowStart
    const part = window.subarray(from, Math.min(window.length, from + limit))
    position += part.length
    return part
  }
  return {
    get position() {
      return position
    },
    async take(length) {
      const parts: Uint8Array[] = []
      let missing = length
      while (missing > 0) {
        const part = await next(missing)
        if (part.length === 0) break
        parts.push(part)
        missing -= part.length
      }
      return concatBytes(parts)
    },
    next,
    takeAtHand: () => undefined,
    peek: length => file.read(position, length),
    peekAtHand: () => undefined,
    skipAtHand: () => false,
    async skip(length) {
      const skipped = Math.min(length, Math.max(0, file.size - position))
      position += skipped
      return skipped
    },
    drain: async () => undefined,
    close: async () => undefined,
  }
}
