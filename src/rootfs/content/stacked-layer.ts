import {SourceError} from '../../errors.ts'
import type {Digest} from '../../image/digest.ts'
import type {Inspection} from '../../image/rootfs.ts'
import type {EngineRefusal} from '../../image/source.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {FormatError} from '../../lib/format-error.ts'
import type {LayerDirectory, LayerFile} from '../tree/layer-tree.ts'
import type {ImageExtent} from './image-extent.ts'
import type {Layer} from './layer.ts'
import type {LayerBlob} from './layer-blob.ts'
import type {LayerPool} from './layer-pool.ts'
import type {InspectionResults} from './stream-inspector.ts'

/** A layer in its place in an image. What it throws names the layer. */
export interface StackedLayer {
  readonly digest: Digest
  tree(): Promise<LayerDirectory>
  inspect<T>(inspection: Inspection<T>): Promise<InspectionResults<T>>
  open(file: LayerFile): RandomAccess
  /** Why engines do not unpack it, as far as it was read. */
  refusals(): readonly EngineRefusal[]
  /** Says that the image needs it no more. */
  release(): void
}

/** `explain` adds to an error what only the image knows. */
export function stackedLayer(
  blob: LayerBlob,
  index: number,
  {pool, extent}: {readonly pool: LayerPool; readonly extent: ImageExtent},
  explain: (thrown: unknown) => unknown = thrown => thrown,
): StackedLayer {
  const name = `layer ${index} (${blob.digest})`
  let layer: Layer | undefined
  let tree: Promise<LayerDirectory> | undefined
  const explained = async <R>(read: (layer: Layer) => Promise<R>): Promise<R> => {
    if (blob.mediaType.endsWith('+encrypted')) {
      throw new SourceError('unsupported', `${name} is encrypted (${blob.mediaType})`, {
        hint: 'Verify the image before its layers are encrypted.',
      })
    }
    for (;;) {
      layer ??= pool.acquire(blob)
      try {
        const result = await read(layer)
        extent.count(index, layer.extent)
        return result
      } catch (thrown) {
        if (thrown instanceof FormatError) {
          throw new SourceError(thrown.code, `${name}: ${thrown.message}`, {hint: thrown.hint, cause: thrown})
        }
        if (!layer.hasFailed() || !layer.isReadElsewhere(blob)) throw explain(thrown)
        release()
      }
    }
  }
  const release = (): void => {
    if (layer) pool.release(blob, layer)
    layer = undefined
  }
  return {
    digest: blob.digest,
    tree() {
      tree ??= explained(read => read.tree(blob))
      return tree
    },
    inspect: inspection => explained(read => read.inspect(blob, inspection)),
    open: file => {
      layer ??= pool.acquire(blob)
      const access = layer.open(blob, file)
      return {size: access.size, read: (offset, length) => explained(() => access.read(offset, length))}
    },
    refusals: () => (layer?.refusals(blob) ?? []).map(({by, problem}) => ({by, problem: `layer ${index}: ${problem}`})),
    release,
  }
}
