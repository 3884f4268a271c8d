import type {DecompressOptions} from '../../lib/decompress.ts'
import {type Bound, overLimit} from '../../lib/over-limit.ts'

/** Programs and texts are packed to a third or a tenth; zeros in gzip to a thousandth, in zstd to a 30,000th. */
const USUAL_RATIO = 200

/**
 * What the layers of an image unpack to beyond any usual ratio, in all passes over them together. It fills no memory
 * and takes time: a blob of some MiB could take hours.
 */
export class Excess {
  readonly #bound: Bound
  #bytes = 0

  constructor(bound: Bound) {
    this.#bound = bound
  }

  /** Counts one pass: gives what to call for the bytes of the blob, and of the tar, as they arrive. */
  countPass(): Required<Pick<DecompressOptions, 'onChunk' | 'onContent'>> {
    let read = 0
    let unpacked = 0
    let counted = 0
    return {
      onChunk: size => {
        read += size
      },
      onContent: ({length}) => {
        unpacked += length
        const beyond = unpacked - USUAL_RATIO * read
        if (beyond <= counted) return
        this.#bytes += beyond - counted
        counted = beyond
        if (this.#bytes > this.#bound.most) {
          const what = `more than ${USUAL_RATIO} bytes for each one that is packed`
          throw overLimit(this.#bound, most => `it unpacks to ${what}, and those beyond are more than ${most}`)
        }
      },
    }
  }
}
