import {SourceError} from '../errors.ts'
import type {Digest} from '../image/digest.ts'
import type {RandomAccess} from '../lib/bytes.ts'
import {type Compression, decompress} from '../lib/decompress.ts'
import {FormatError} from '../lib/format-error.ts'
import {readTar, type TarEntry} from '../lib/tar.ts'
import {sparseAccess} from '../lib/tar-sparse.ts'
import {applyEntry, growingLayer} from './apply-entry.ts'
import {isProgram, type KeptContents, likelyPart} from './contents.ts'
import type {LayerBlob} from './layer-blob.ts'
import {PartReader, type TarPart} from './layer-parts.ts'
import {type LayerDirectory, type LayerFile, pathComponents} from './layer-tree.ts'
import {type Rehearsal, rehearse, START, takeParts} from './rehearsal.ts'

/** What the layers of one image share. */
export interface LayerContext {
  readonly kept: KeptContents
  /** Paths, without the slash at the start, that somebody is looking for: kept when they come by, whatever they are. */
  readonly wanted: ReadonlySet<string>
  readonly rehearsal?: Rehearsal | undefined
}

/** In bytes: a file of more than this is never in memory as a whole, only the window around what was asked for last. */
export const WHOLE_FILE_LIMIT = 256 * 2 ** 20
/** In bytes. */
const WINDOW = 16 * 2 ** 20
/** In bytes. */
const SCRATCH = 2 ** 20
/** Engines have no limit. What has more entries is no image. */
const ENTRY_LIMIT = 5_000_000
/** In bytes, of the tar. There is none for the ratio: a file of zeros in zstd is 30 000 to 1, and what streams by fills no memory. */
const TAR_LIMIT = 64 * 2 ** 30

/**
 * One layer: not touched until it is asked for, then read once to its end, which proves its digest. What stays in memory is its tree and the contents that
 * are likely to be asked for. For any other, the blob is passed over again, once for all that ask at the same time.
 */
export class Layer {
  readonly #blob: LayerBlob
  readonly #context: LayerContext
  readonly #name: string
  readonly #parts: PartReader
  readonly #wholes = new Map<LayerFile, Promise<Uint8Array>>()
  #tree: Promise<LayerDirectory> | undefined
  /** Where a program is rehearsed with while the layer comes by. */
  #scratch = new Uint8Array()
  #compression: Compression | undefined

  constructor(blob: LayerBlob, index: number, context: LayerContext) {
    this.#blob = blob
    this.#context = context
    this.#name = `layer ${index} (${blob.digest})`
    this.#parts = new PartReader(() => decompress(blob.stream()))
  }

  get digest(): Digest {
    return this.#blob.digest
  }

  /** The layer's own tree; throws a SourceError where the layer is not there, not what its digest says, or no layer. */
  tree(): Promise<LayerDirectory> {
    this.#tree ??= this.#explained(() => this.#readTree())
    return this.#tree
  }

  /** The content of a regular file of the tree. */
  open(file: LayerFile): RandomAccess {
    const {content, size} = file
    if (!content) throw new Error(`a ${file.kind} has no content`)
    const {length} = content
    let window: TarPart & {readonly bytes: Uint8Array} = {offset: 0, length: 0, bytes: new Uint8Array()}
    const packed: RandomAccess = {
      size: length,
      read: async (offset, count) => {
        const end = Math.min(length, offset + count)
        if (offset < 0 || end <= offset) return new Uint8Array()
        const kept = this.#context.kept.get(file, offset, end)
        if (kept) return kept
        if (this.#seekable && this.#blob.access) {
          return (await this.#blob.access()).read(content.offset + offset, end - offset)
        }
        if (length <= WHOLE_FILE_LIMIT) return (await this.#whole(file, content)).subarray(offset, end)
        if (offset < window.offset || end > window.offset + window.length) {
          const part = {offset, length: Math.min(length - offset, Math.max(WINDOW, end - offset))}
          const bytes = await this.#explained(() => this.#parts.read({...part, offset: content.offset + offset}))
          window = {...part, bytes}
        }
        return window.bytes.subarray(offset - window.offset, end - window.offset)
      },
    }
    return content.sparse ? sparseAccess(packed, content.sparse, size) : packed
  }

  get #seekable(): boolean {
    return this.#blob.access !== undefined && this.#compression === 'none'
  }

  async #readTree(): Promise<LayerDirectory> {
    if (this.#blob.mediaType.endsWith('+encrypted')) {
      throw new SourceError('unsupported', `${this.#name} is encrypted (${this.#blob.mediaType})`, {
        hint: 'Verify the image before its layers are encrypted.',
      })
    }
    const growing = growingLayer()
    const onCompression = (compression: Compression): void => {
      this.#compression = compression
    }
    let entries = 0
    for await (const entry of readTar(limited(decompress(this.#blob.stream(), {onCompression})))) {
      entries += 1
      if (entries > ENTRY_LIMIT) throw new FormatError('unsupported', `more than ${ENTRY_LIMIT} entries`)
      const file = applyEntry(growing, entry)
      if (file && !this.#seekable) await this.#keep(file, entry)
    }
    this.#scratch = new Uint8Array()
    return growing.root
  }

  async #keep(file: LayerFile, entry: TarEntry): Promise<void> {
    const {kept, wanted} = this.#context
    const {length} = entry.content
    const path = pathComponents(entry.name).join('/')
    if (wanted.has(path) && length <= WHOLE_FILE_LIMIT) {
      kept.demanded.keep(file, await copyStart(entry, length))
      return
    }
    const {rehearsal} = this.#context
    if (rehearsal && isProgram(path, entry.mode) && !entry.sparse) {
      if (kept.rehearsed.room === 0) return
      const room = Math.min(length, START)
      if (this.#scratch.length < room) this.#scratch = new Uint8Array(Math.max(room, SCRATCH))
      const atHand = await takeParts(entry, rehearsal, this.#scratch)
      kept.rehearsed.keep(file, await rehearse(atHand, length, path, rehearsal))
      return
    }
    const part = likelyPart(kept, path, entry)
    if (part) part.cache.keep(file, await copyStart(entry, part.length))
  }

  #whole(file: LayerFile, part: TarPart): Promise<Uint8Array> {
    const running = this.#wholes.get(file)
    if (running) return running
    const reading = this.#explained(() => this.#parts.read(part))
      .then(bytes => {
        this.#context.kept.demanded.keep(file, bytes)
        return bytes
      })
      .finally(() => this.#wholes.delete(file))
    this.#wholes.set(file, reading)
    return reading
  }

  /** Says which layer it was. Bytes that make no sense are first asked whether they are the right ones at all. */
  async #explained<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read()
    } catch (thrown) {
      if (!(thrown instanceof FormatError)) throw thrown
      for await (const _ of this.#blob.stream());
      throw new SourceError(thrown.code, `${this.#name}: ${thrown.message}`, {cause: thrown})
    }
  }
}

async function* limited(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > TAR_LIMIT) throw new FormatError('unsupported', `unpacks to more than ${TAR_LIMIT} bytes`)
    yield chunk
  }
}

/** The first `length` bytes of an entry's content, or all of a shorter one, in memory of their own. */
async function copyStart(entry: TarEntry, length: number): Promise<Uint8Array> {
  return fill(new Uint8Array(Math.min(length, entry.content.length)), entry)
}

/** Fills `bytes` with the start of an entry's content. */
async function fill(bytes: Uint8Array, entry: TarEntry): Promise<Uint8Array> {
  let filled = 0
  if (bytes.length === 0) return bytes
  for await (const chunk of entry.body()) {
    const part = chunk.subarray(0, bytes.length - filled)
    bytes.set(part, filled)
    filled += part.length
    if (filled === bytes.length) break
  }
  return bytes
}
