import {setImmediate} from 'node:timers/promises'
import {streamInput} from '../../lib/byte-input.ts'
import {FormatError} from '../../lib/format-error.ts'

/** A part of a layer's tar, in bytes. */
export interface TarPart {
  readonly offset: number
  readonly length: number
}

/** In bytes: what one pass reads at most into memory, unless a single part is larger. */
const PASS_LIMIT = 256 * 2 ** 20

type Open = () => AsyncIterable<Uint8Array>

interface Request {
  readonly part: TarPart
  readonly open: Open
  readonly resolve: (bytes: Uint8Array) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Reads parts out of a stream that can only be passed over from its start. Whoever asks while a pass is under way
 * shares the next one.
 */
export class PartReader {
  #waiting: Request[] = []
  #running = false

  /** `open` begins the same stream for all; one of those that ask for it begins it. */
  read(part: TarPart, open: Open): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({part, open, resolve, reject})
      if (!this.#running) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#running = true
    // Those that ask at the same time get here a few promises apart.
    await setImmediate()
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch()
      const [first] = batch
      if (!first) break
      try {
        const found = await readParts(
          first.open(),
          batch.map(({part}) => part),
        )
        for (const [index, {resolve}] of batch.entries()) resolve(found[index] ?? new Uint8Array())
      } catch (thrown) {
        for (const {reject} of batch) reject(thrown)
      }
    }
    this.#running = false
  }

  /** In the order of the tar, none reaching into the next; the others wait for one more pass. */
  #nextBatch(): Request[] {
    const batch: Request[] = []
    const later: Request[] = []
    let end = 0
    let size = 0
    for (const request of this.#waiting.sort((a, b) => a.part.offset - b.part.offset)) {
      const {offset, length} = request.part
      if (batch.length > 0 && (offset < end || size + length > PASS_LIMIT)) later.push(request)
      else {
        batch.push(request)
        end = offset + length
        size += length
      }
    }
    this.#waiting = later
    return batch
  }
}

/** The stream is read to its end: only then are its bytes proven. */
async function readParts(chunks: AsyncIterable<Uint8Array>, parts: readonly TarPart[]): Promise<readonly Uint8Array[]> {
  const input = streamInput(chunks)
  try {
    const found: Uint8Array[] = []
    for (const {offset, length} of parts) {
      await input.skip(offset - input.position)
      const bytes = new Uint8Array(length)
      for (let filled = 0; filled < length; ) {
        const chunk = await input.next(length - filled)
        if (chunk.length === 0) throw new FormatError('malformed', 'shorter than on the first reading')
        bytes.set(chunk, filled)
        filled += chunk.length
      }
      found.push(bytes)
    }
    await input.drain()
    return found
  } finally {
    await input.close()
  }
}
