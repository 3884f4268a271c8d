import type {Inspection} from '../../image/rootfs.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {settleAll} from '../../lib/cleanup.ts'
import {createLimiter} from '../../lib/concurrency.ts'
import {type Compression, decompress} from '../../lib/decompress.ts'
import {FormatError} from '../../lib/format-error.ts'
import {readTar, type TarEntry} from '../../lib/tar.ts'
import {sparseAccess} from '../../lib/tar-sparse.ts'
import {applyEntry, growingLayer} from '../tree/apply-entry.ts'
import {type LayerDirectory, type LayerFile, packedLength, treeFiles} from '../tree/layer-tree.ts'
import {KeptParts} from './contents.ts'
import type {LayerBlob} from './layer-blob.ts'
import type {LayerContext} from './layer-context.ts'
import {PartReader, type TarPart} from './layer-parts.ts'
import {decodeRecord, encodeRecord} from './layer-record.ts'
import {type Found, StreamInspector} from './stream-inspector.ts'

/** In bytes: a file of more than this is never in memory as a whole, only the window around what was asked for last. */
export const WHOLE_FILE_LIMIT = 256 * 2 ** 20
/** In bytes. */
const WINDOW = 16 * 2 ** 20
/** Engines have no limit. What has more entries is no image. */
const ENTRY_LIMIT = 5_000_000
/**
 * In bytes, of the tar. There is none for the ratio: a file of zeros in zstd is 30 000 to
 * 1, and what streams by fills no memory.
 */
const TAR_LIMIT = 64 * 2 ** 30
/** How many files are read at once that the pass could not serve: they share one more. */
const LATE_AT_ONCE = 32
/** In bytes, an estimate. */
const ENTRY_MEMORY = 250

/**
 * One layer, by its digest: not touched until it is asked for, then read once to its end, which proves its digest. What
 * stays in memory is its tree, what an inspection found, and the contents that are likely to be asked for. For any
 * other, the blob is passed over again, once for all that ask at the same time. Each caller names the blob that it has:
 * images may share a layer. Bytes that make no sense are thrown as FormatErrors.
 */
export class Layer {
  readonly #context: LayerContext
  readonly #kept = new KeptParts()
  readonly #parts = new PartReader()
  readonly #wholes = new Map<LayerFile, Promise<Uint8Array>>()
  readonly #found = new Map<string, Promise<Found<unknown>>>()
  /** What was found, as far as that is done: in this run, or in one before. */
  readonly #recorded = new Map<string, Found<unknown>>()
  /** Where the blob was seen to be. */
  readonly #origins = new Map<object | undefined, Promise<void>>()
  /** Where the blob was read to its end. */
  readonly #proven = new Set<object | undefined>()
  #recording: Promise<void> = Promise.resolve()
  #readFrom: object | undefined
  #tree: Promise<LayerDirectory> | undefined
  #compression: Compression | undefined
  #entries = 0
  #hasFailed = false

  constructor(context: LayerContext) {
    this.#context = context
  }

  /** Whether it cannot be read from where the first that asked for it has it. */
  hasFailed(): boolean {
    return this.#hasFailed
  }

  /** Whether it was begun to be read for another, whose failure says nothing of this blob. */
  isReadElsewhere({origin}: LayerBlob): boolean {
    return this.#tree !== undefined && this.#readFrom !== origin
  }

  /** In bytes, an estimate of what it holds. */
  get memory(): number {
    return this.#entries * ENTRY_MEMORY * (1 + this.#found.size) + this.#kept.size
  }

  /** The layer's own tree; throws where the layer is not there, not what its digest says, or no layer. */
  tree(blob: LayerBlob): Promise<LayerDirectory> {
    if (this.#tree) return this.#seen(blob, this.#tree)
    return this.#readFirst(blob)
  }

  /** What an inspection finds in the regular files of the tree. */
  async inspect<T>(blob: LayerBlob, inspection: Inspection<T>): Promise<Found<T>> {
    const known = this.#found.get(inspection.id)
    // What an inspection makes is known by its id, so it is of the type that the one with this id makes.
    if (known) return this.#seen(blob, known as Promise<Found<T>>)
    const passing = new StreamInspector<T>({context: this.#context, kept: this.#kept, inspection})
    const tree = this.#tree ? this.tree(blob) : this.#readFirst(blob, passing)
    const found = tree.then(
      root => (this.#recorded.get(inspection.id) as Found<T>) ?? this.#inspectTree(blob, root, passing, inspection.id),
    )
    this.#found.set(inspection.id, found)
    found.catch(() => this.#found.delete(inspection.id))
    return found
  }

  /** The content of a regular file of the tree. */
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
        const kept = this.#context.demanded.get(file)?.subarray(offset, end) ?? this.#kept.get(file, offset, end)
        if (kept) return kept
        if (this.#canSeek(blob) && blob.access) return (await blob.access()).read(start + offset, end - offset)
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

  /** Gives back the room that its contents take; for a layer that nobody uses. */
  forget(): void {
    this.#kept.forget()
  }

  #canSeek({access, origin}: LayerBlob): boolean {
    return access !== undefined && this.#compression === 'none' && this.#proven.has(origin)
  }

  /** Whether contents are worth keeping in memory: where they cannot be sought in later, or are to be recorded. */
  #keeps({access}: LayerBlob): boolean {
    return access === undefined || this.#compression !== 'none' || this.#context.records !== undefined
  }

  /** What was read of another's blob holds for this one too, where it is there at all. */
  async #seen<R>(blob: LayerBlob, reading: Promise<R>): Promise<R> {
    const result = await reading
    const probed = this.#origins.get(blob.origin) ?? blob.probe?.()
    if (probed) this.#origins.set(blob.origin, probed)
    await probed
    return result
  }

  #readFirst(blob: LayerBlob, passing?: StreamInspector<unknown>): Promise<LayerDirectory> {
    this.#readFrom = blob.origin
    this.#tree = this.#begin(blob, passing)
    this.#tree.catch(() => {
      this.#hasFailed = true
    })
    return this.#tree
  }

  /** From the record of an earlier run, where there is one; else from the blob itself. */
  async #begin(
    blob: LayerBlob,
    passing = new StreamInspector<unknown>({context: this.#context, kept: this.#kept}),
  ): Promise<LayerDirectory> {
    const restored = await this.#restore(blob)
    if (restored) return this.#seen(blob, Promise.resolve(restored))
    this.#origins.set(blob.origin, Promise.resolve())
    const root = await this.#checked(blob, () => this.#readTree(blob, passing))
    this.#proven.add(blob.origin)
    // With an inspection under way, the record waits for what it finds.
    if (!passing.isInspecting) await this.#record(blob, root)
    return root
  }

  async #restore({digest, size}: LayerBlob): Promise<LayerDirectory | undefined> {
    const bytes = await this.#context.records?.load(digest)
    const record = bytes && decodeRecord(bytes)
    // A manifest that tells another size is wrong about one of them: reading the blob says which.
    if (record?.size !== size || !record) return undefined
    this.#compression = record.compression
    this.#entries = record.entries
    for (const [id, found] of record.found) this.#recorded.set(id, found)
    for (const [file, parts] of record.parts) this.#kept.keep(file, parts, this.#context.quotas.prefetched)
    return record.root
  }

  /** One after the other, so that what is written last knows all. */
  #record(blob: LayerBlob, root: LayerDirectory): Promise<void> {
    this.#recording = this.#recording.then(() => this.#writeRecord(blob, root))
    return this.#recording
  }

  async #writeRecord({digest, size}: LayerBlob, root: LayerDirectory): Promise<void> {
    const {records} = this.#context
    if (!records || this.#compression === undefined) return
    const record = encodeRecord({
      size,
      compression: this.#compression,
      entries: this.#entries,
      root,
      found: this.#recorded,
      parts: this.#kept.entries(),
    })
    if (record) await records.save(digest, record)
  }

  async #readTree(blob: LayerBlob, passing: StreamInspector<unknown>): Promise<LayerDirectory> {
    const growing = growingLayer()
    for await (const entry of this.#pass(blob)) {
      this.#entries += 1
      if (this.#entries > ENTRY_LIMIT) throw new FormatError('unsupported', `more than ${ENTRY_LIMIT} entries`)
      const file = applyEntry(growing, entry)
      const taking = file && passing.take(file, entry, this.#keeps(blob))
      if (taking) await taking
    }
    passing.end()
    return growing.root
  }

  /**
   * Goes over the layer once more where it was read before, and then over the files that
   * could not be served while they came by.
   */
  async #inspectTree<T>(
    blob: LayerBlob,
    root: LayerDirectory,
    passing: StreamInspector<T>,
    id: string,
  ): Promise<Found<T>> {
    if (!passing.isDone) {
      const files = new Map<number, LayerFile>()
      for (const file of treeFiles(root)) if (file.kind === 'file') files.set(file.offset, file)
      await this.#checked(blob, async () => {
        for await (const entry of this.#pass(blob)) {
          const file = entry.kind === 'file' ? files.get(entry.content.offset) : undefined
          if (file) await passing.take(file, entry, false)
        }
        passing.end()
      })
    }
    const limiter = createLimiter(LATE_AT_ONCE)
    await settleAll(passing.missed.map(one => limiter(() => passing.takeLate(one, this.open(blob, one.file)))))
    this.#recorded.set(id, passing.found)
    await this.#record(blob, root)
    return passing.found
  }

  #pass(blob: LayerBlob): AsyncGenerator<TarEntry, void, undefined> {
    const onCompression = (compression: Compression): void => {
      this.#compression = compression
    }
    return readTar(limited(decompress(blob.stream(), {onCompression})))
  }

  #whole(blob: LayerBlob, file: LayerFile, part: TarPart): Promise<Uint8Array> {
    const running = this.#wholes.get(file)
    if (running) return running
    const reading = this.#readPart(blob, part)
      .then(bytes => {
        this.#context.demanded.keep(file, bytes)
        return bytes
      })
      .finally(() => this.#wholes.delete(file))
    this.#wholes.set(file, reading)
    return reading
  }

  #readPart(blob: LayerBlob, part: TarPart): Promise<Uint8Array> {
    return this.#checked(blob, () => this.#parts.read(part, () => decompress(blob.stream())))
  }

  /** Bytes that make no sense are first asked whether they are the right ones at all. */
  async #checked<R>(blob: LayerBlob, read: () => Promise<R>): Promise<R> {
    try {
      return await read()
    } catch (thrown) {
      if (thrown instanceof FormatError) for await (const _ of blob.stream());
      throw thrown
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
