import type {RootFs} from '../image/rootfs.ts'
import type {EngineRefusal} from '../image/source.ts'
import {settleAll} from '../lib/cleanup.ts'
import {createLimiter} from '../lib/concurrency.ts'
import {formatSize} from '../lib/format-size.ts'
import {boundOf} from '../lib/over-limit.ts'
import {sortByName} from '../lib/tar-name.ts'
import {Excess} from './content/excess.ts'
import {ImageExtent} from './content/image-extent.ts'
import type {LayerBlob} from './content/layer-blob.ts'
import {LayerPool, type LayerPoolOptions} from './content/layer-pool.ts'
import {type StackedLayer, stackedLayer} from './content/stacked-layer.ts'
import {pathComponents} from './tree/layer-tree.ts'
import {TreeRoom, takeRoom} from './tree/room.ts'
import {namesIn, resolveIn, type View} from './tree/view.ts'
import {walkFiles} from './tree/walk.ts'

export interface LayeredRootFsOptions extends LayerPoolOptions {
  /**
   * The layers that were read already; where there is none, those of this root filesystem
   * are its own, under the other options.
   */
  readonly pool?: LayerPool
  /** What progress is reported of: `ghcr.io/org/app:1 linux/arm64`. */
  readonly name?: string
  /** Adds to an error what only the image knows: which of its platforms it is. */
  readonly explain?: (thrown: unknown) => unknown
}

export interface LayeredRootFs extends RootFs {
  /** Why engines do not unpack the layers that were read so far. */
  refusals(): readonly EngineRefusal[]
  /** Says that it is needed no more: its layers may be forgotten. */
  close(): void
}

/**
 * The root filesystem that layers (from the bottom) make, seen without unpacking them. They are read from the top down,
 * each only when a question reaches it, once, and to its end; each then takes about 400 bytes of memory per entry.
 * Layers are stacked as overlayfs stacks what containerd or Docker unpack: see MergedDirectory. Whatever of a layer
 * cannot be read is thrown as a SourceError.
 */
export function layeredRootFs(blobs: readonly LayerBlob[], options: LayeredRootFsOptions = {}): LayeredRootFs {
  const pool = options.pool ?? new LayerPool(options)
  const {progress, limits} = pool.context
  const room = new TreeRoom(boundOf(limits, 'image-tree-bytes'))
  const excess = new Excess(boundOf(limits, 'image-excess-bytes'))
  const of = options.name === undefined ? '' : `${options.name}, `
  const shared = {pool, extent: new ImageExtent(limits)}
  const layers = blobs.map((blob, index) =>
    stackedLayer(
      watched({...blob, room, excess}, `${of}layer ${index + 1} of ${blobs.length}`, progress),
      index,
      shared,
      options.explain,
    ),
  )
  const view: View = {layers, top: layers.length - 1}
  const onTarget = (path: string): void => {
    pool.context.wanted.add(pathComponents(path).join('/'))
  }
  /** All layers are needed: while one is read the next is on its way. */
  const readAll = <R>(read: (layer: StackedLayer) => Promise<R>): Promise<R[]> => {
    const limiter = createLimiter(AT_ONCE)
    return settleAll(layers.toReversed().map(layer => limiter(() => read(layer))))
  }
  return {
    lookup: async path => (await resolveIn(view, path, {onTarget})).lookup,
    async open({path, kind}) {
      // The path has no symlink in it, so it leads to the same file again.
      const {file} = await resolveIn(view, path, {followLast: false})
      const layer = layers[file?.contentLayer ?? -1]
      if (!file || !layer || file.node.kind !== 'file') {
        throw new Error(`${path} is not a regular file of this root filesystem but a ${kind}`)
      }
      return layer.open(file.node)
    },
    list: async ({path}) => sortByName(await namesIn(view, path), name => name),
    async *files() {
      await readAll(layer => layer.tree())
      for await (const {node} of walkFiles(view)) yield node
    },
    async *survey(inspection) {
      const results = (await readAll(layer => layer.inspect(inspection))).reverse()
      for await (const {node, file} of walkFiles(view)) {
        yield {node, result: file && results[file.contentLayer]?.get(file.node)}
      }
    },
    keep: size => takeRoom(room, size),
    refusals: () => layers.flatMap(layer => layer.refusals()),
    close() {
      for (const layer of layers) layer.release()
    },
  }
}

const AT_ONCE = 2

/** A blob that reports, while it is read, how far it is. */
function watched(blob: LayerBlob, name: string, progress: LayerPool['context']['progress']): LayerBlob {
  if (!progress) return blob
  const of = blob.size === undefined ? '' : ` of ${formatSize(blob.size)}`
  return {...blob, onProgress: read => progress(() => `${name}: ${formatSize(read)}${of} read`)}
}
