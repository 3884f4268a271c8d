import type {RandomAccess} from '../../lib/bytes.ts'
import type {Limits} from '../../lib/limits.ts'
import {sparseAccess} from '../../lib/tar-sparse.ts'
import {type LayerFile, packedLength} from '../tree/layer-tree.ts'
import {type ContentCache, KeptParts} from './contents.ts'
import type {LayerBlob} from './layer-blob.ts'
import type {LayerContext} from './layer-context.ts'
import {PartReader, type TarPart} from './layer-parts.ts'
import {readProven, unpackLayer} from './layer-pass.ts'

/** In bytes: a file of more than this is never in memory as a whole, only the window around what was requested last. */
export const WHOLE_FILE_LIMIT = 256 * 2 ** 20
/** In bytes. */
const WINDOW = 16 * 2 ** 20

/**
 * The contents of a layer's files: what was kept while the layer came by, then by seeking, where that can be done; for
 * anything else the blob is passed over again, once for all that ask at the same time.
 */
export class LayerContents {
  /** What was kept. */
  readonly kept = new KeptParts()
  readonly #demanded: ContentCache
  readonly #limits: Limits
  readonly #isSeekable: (blob: LayerBlob) => boolean
  readonly #parts = new PartReader()
  readonly #wholes = new Map<LayerFile, Promise<Uint8Array>>()

  /** `isSeekable`: whether the tar itself is in the blob, whose bytes are proven. */
  constructor({demanded, limits}: Pick<LayerContext, 'demanded' | 'limits'>, isSeekable: (blob: LayerBlob) => boolean) {
    this.#demanded = demanded
    this.#limits = limits
    this.#isSeekable = isSeekable
  }

  /** The content of a regular file of the layer's tree. */
  open(blob: LayerBlob, file: LayerFile): RandomAccess {
    const {kind, offset: start, sparse, size} = file
    if (kind !== 'file') throw new Error(`a ${kind} has no content`)
    const length = packedLength(file)
    let window: TarPart & {readonly bytes: Uint8Array} = {offset: 0, length: 0, bytes: new Uint8Array()}
    const packed: RandomAccess = {
      size: length,
      read: async (offset, count) => {
        const end = Math.min(length, offset + count)
        if (offset < 0 || end <= offset) return new Uint8Array()
        const kept = this.#demanded.get(file)?.subarray(offset, end) ?? this.kept.get(file, offset, end)
        if (kept) return kept
        if (blob.access && this.#isSeekable(blob)) return (await blob.access()).read(start + offset, end - offset)
        if (length <= WHOLE_FILE_LIMIT)
          return (await this.#whole(blob, file, {offset: start, length})).subarray(offset, end)
        if (offset < window.offset || end > window.offset + window.length) {
          const part = {offset, length: Math.min(length - offset, Math.max(WINDOW, end - offset))}
          const bytes = await this.#readPart(blob, {...part, offset: start + offset})
          window = {...part, bytes}
        }
        return window.bytes.subarray(offset - window.offset, end - window.offset)
      },
    }
    return sparse ? sparseAccess(packed, sparse.regions, size) : packed
  }

  #whole(blob: LayerBlob, file: LayerFile, part: TarPart): Promise<Uint8Array> {
    const running = this.#wholes.get(file)
    if (running) return running
    const reading = this.#readPart(blob, part)
      .then(bytes => {
        this.#demanded.keep(file, bytes)
        return bytes
      })
      .finally(() => this.#wholes.delete(file))
    this.#wholes.set(file, reading)
    return reading
  }

  #readPart(blob: LayerBlob, part: TarPart): Promise<Uint8Array> {
    return readProven(blob, this.#limits, () => this.#parts.read(part, () => unpackLayer(blob, this.#limits)))
  }
}
