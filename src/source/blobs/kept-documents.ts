import type {Digest} from '../../image/digest.ts'
import type {Descriptor} from '../../image/source.ts'

/** Proven documents of one place by their digests: indexes, manifests, configs, statements. */
export interface Documents {
  /**
   * The document; `read` gives its bytes, proven, where they are not at hand. All that ask at once share one reading.
   */
  get(blob: Descriptor, read: () => Promise<Uint8Array>): Promise<Uint8Array>
}

/** In bytes. */
const ROOM = 16 * 2 ** 20
/** In bytes: a larger one would drive out too many. */
const LARGEST = 2 ** 20

/**
 * The documents of a run, so that none is read twice of one place. What is known of one place says nothing of
 * another, where it may be missing. Those that were asked for longest ago go first.
 */
export class KeptDocuments {
  readonly #room: number
  readonly #kept = new Map<string, Uint8Array>()
  readonly #running = new Map<string, Promise<Uint8Array>>()
  #size = 0

  constructor(room = ROOM) {
    this.#room = room
  }

  /** The documents of a place: a repository, by its whole name. */
  in(place: string): Documents {
    const keyOf = (digest: Digest, size: number): string => `${place} ${digest} ${size}`
    return {
      get: async (blob, read) => {
        // A descriptor that claims another size is another: reading it says that it is wrong.
        const key = keyOf(blob.digest, blob.size)
        const kept = this.#kept.get(key)
        if (kept) {
          this.#keep(key, kept)
          return kept
        }
        const running = this.#running.get(key)
        if (running) return running
        const reading = read().finally(() => this.#running.delete(key))
        this.#running.set(key, reading)
        const bytes = await reading
        this.#keep(key, bytes)
        return bytes
      },
    }
  }

  #keep(key: string, bytes: Uint8Array): void {
    if (this.#kept.delete(key)) this.#size -= bytes.length
    if (bytes.length > Math.min(LARGEST, this.#room)) return
    this.#kept.set(key, bytes)
    this.#size += bytes.length
    for (const [oldest, {length}] of this.#kept) {
      if (this.#size <= this.#room) return
      this.#kept.delete(oldest)
      this.#size -= length
    }
  }
}
