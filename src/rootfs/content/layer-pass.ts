import {createHash} from 'node:crypto'
import type {EngineRefusal} from '../../image/source.ts'
import {type Compression, type DecompressOptions, decompress} from '../../lib/decompress.ts'
import {FormatError} from '../../lib/format-error.ts'
import type {Limits} from '../../lib/limits.ts'
import {boundOf, overLimit} from '../../lib/over-limit.ts'
import {readTar} from '../../lib/tar.ts'
import type {TarEntry} from '../../lib/tar-entry.ts'
import {applyEntry, growingLayer} from '../tree/apply-entry.ts'
import {type LayerDirectory, type LayerFile, treeFiles} from '../tree/layer-tree.ts'
import type {LayerBlob} from './layer-blob.ts'
import type {StreamInspector} from './stream-inspector.ts'

/** What reading a layer gives. */
export interface ReadLayer {
  readonly root: LayerDirectory
  readonly compression: Compression
  readonly entries: number
  /** In bytes, of the tar. */
  readonly unpacked: number
  /** The digest of the tar: what the config's diff_ids name a layer by. */
  readonly diffId: string
  /** Why engines do not unpack it: the first of each kind. */
  readonly refusals: readonly EngineRefusal[]
}

/** Reads a layer to its end, into its tree. `keeping`: contents are kept even where they could be sought in later. */
export async function readLayer(
  blob: LayerBlob,
  inspector: StreamInspector<unknown>,
  {limits, keeping}: {readonly limits: Limits; readonly keeping: boolean},
): Promise<ReadLayer> {
  const growing = growingLayer(limits, blob.room)
  const bound = boundOf(limits, 'layer-entries')
  let compression: Compression = 'none'
  let entries = 0
  const onCompression = (told: Compression): void => {
    compression = told
  }
  const hash = createHash('sha256')
  let unpacked = 0
  const onContent = (chunk: Uint8Array): void => {
    unpacked += chunk.length
    hash.update(chunk)
  }
  for await (const entry of passOver(blob, limits, {onCompression, onContent})) {
    entries += 1
    if (entries > bound.most) throw overLimit(bound, most => `it has more than ${most} entries`)
    const file = applyEntry(growing, entry)
    const isSeekable = blob.access !== undefined && compression === 'none'
    const taking = file && inspector.take(file, entry, keeping || !isSeekable)
    if (taking) await taking
  }
  inspector.end()
  const refusals = [...growing.refusals.values()]
  return {root: growing.root, compression, entries, unpacked, diffId: `sha256:${hash.digest('hex')}`, refusals}
}

/** Inspects the files of a layer that was read before, in one more pass. */
export async function inspectOnceMore(
  blob: LayerBlob,
  root: LayerDirectory,
  inspector: StreamInspector<unknown>,
  limits: Limits,
): Promise<void> {
  const files = new Map<number, LayerFile>()
  for (const file of treeFiles(root)) if (file.kind === 'file') files.set(file.offset, file)
  for await (const entry of passOver(blob, limits)) {
    const file = entry.kind === 'file' ? files.get(entry.content.offset) : undefined
    if (file) await inspector.take(file, entry, false)
  }
  inspector.end()
}

/**
 * The tar of a layer from its start. A byte of a registry's layer comes here through at most five async generators,
 * each of which costs every chunk a turn: the response's body (net/http.ts), the stream that is taken up again where it
 * breaks off (source/registry/blob.ts), the proof (source/blobs/proven-blobs.ts), zstd's frames (lib/zstd-frames.ts,
 * where it is zstd), and this one's (lib/decompress.ts). What else is to be done with the bytes is done in one of them.
 */
export function unpackLayer(
  blob: LayerBlob,
  limits: Limits,
  watching: Pick<DecompressOptions, 'onCompression' | 'onContent'> = {},
): AsyncIterable<Uint8Array> {
  const stored = boundOf(limits, 'layer-compressed-bytes')
  const checkStored = (size: number): void => {
    if (size > stored.most)
      throw overLimit(stored, most => `it has ${size} bytes as it is stored, expected at most ${most}`, size)
  }
  checkStored(blob.size ?? 0)
  let read = 0
  const counting = blob.excess?.countPass()
  const onChunk = (size: number): void => {
    read += size
    counting?.onChunk(size)
    checkStored(read)
    blob.onProgress?.(read)
  }
  const onContent = (chunk: Uint8Array): void => {
    counting?.onContent(chunk)
    watching.onContent?.(chunk)
  }
  const [limit, frames] = [boundOf(limits, 'layer-bytes'), boundOf(limits, 'zstd-frames')]
  return decompress(blob.stream(), {...watching, onChunk, onContent, limit, frames})
}

/**
 * Reads of a blob. Where its bytes make no sense, it is first proven that they are the right ones at all; not of one
 * that is larger than is read.
 */
export async function readProven<R>(blob: LayerBlob, limits: Limits, read: () => Promise<R>): Promise<R> {
  try {
    return await read()
  } catch (thrown) {
    const isRead = (blob.size ?? 0) <= limits['layer-compressed-bytes']
    if (thrown instanceof FormatError && isRead) for await (const _ of blob.stream());
    throw thrown
  }
}

function passOver(
  blob: LayerBlob,
  limits: Limits,
  watching?: Parameters<typeof unpackLayer>[2],
): AsyncGenerator<TarEntry, void, undefined> {
  return readTar(unpackLayer(blob, limits, watching))
}
