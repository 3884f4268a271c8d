import {inPlace, SourceError} from '../../errors.ts'
import {ambiguitiesOf, withAmbiguities} from '../../image/ambiguity.ts'
import type {Digest} from '../../image/digest.ts'
import {engineRefusals} from '../../image/engine-refusals.ts'
import {layerInfos} from '../../image/parse-config.ts'
import type {Ambiguity, Descriptor, ImageRoot, ImageSource, PlatformEntry, PlatformImage} from '../../image/source.ts'
import {defined} from '../../lib/defined.ts'
import {DEFAULT_LIMITS, type Limits} from '../../lib/limits.ts'
import {type Bound, boundOf, raiseHint, tellLimit} from '../../lib/over-limit.ts'
import {formatPlatform, type Platform} from '../../platform/index.ts'
import {type LayerBlob, LayerPool, layeredRootFs} from '../../rootfs/index.ts'
import {readAttestations} from './attestations.ts'
import {type BlobReader, blobReader} from './blob-reader.ts'
import type {BlobStore} from './blob-store.ts'
import {readRoot} from './image-root.ts'
import {type ProvenBlobs, provenBlobs} from './proven-blobs.ts'

export type {BlobStore}

/** An image whose manifests and layers are blobs. */
export interface BlobImage {
  /** As the user would write it. */
  readonly reference: string
  /** `name` of `name@digest`. */
  readonly name: string | undefined
  readonly root: Descriptor
  /** What platform the root is said to be, where it is one platform's manifest and something outside of it says so. */
  readonly claimed?: Platform | undefined
  readonly store: BlobStore
  /** Of what names the root: a layout's index.json. */
  readonly ambiguities?: readonly Ambiguity[]
  /** The layers of the run; where there is none, those of this image are its own. */
  readonly layers?: LayerPool | undefined
  readonly limits?: Limits | undefined
}

/**
 * An image source over blobs. Indexes, manifests, configs and layers are checked against their digests and sizes before
 * they are believed; the parts of a platform that nobody asks for may be missing.
 */
export function blobImageSource({
  reference,
  name,
  root,
  claimed,
  store,
  ambiguities = [],
  layers,
  limits = DEFAULT_LIMITS,
}: BlobImage): ImageSource {
  const blobs = provenBlobs(store)
  const reader = blobReader(blobs, limits)
  const pool = layers ?? new LayerPool({limits})
  let opened: Promise<ImageRoot> | undefined
  const open = (): Promise<ImageRoot> => {
    opened ??= readRoot(reader, root, claimed, limits).then(read => ({
      ...read,
      ...withAmbiguities([...ambiguities, ...(read.ambiguities ?? [])]),
    }))
    return opened
  }
  return {
    reference,
    name,
    root: open,
    platformImage: entry => platformImage({reference, reader, blobs, pool, store, limits}, entry),
    layersOf: async entry => {
      const manifest = await reader.indexOrManifest(entry.descriptor)
      return manifest.kind === 'index' ? [] : manifest.layers
    },
    attestations: async (entry, predicateType) => readAttestations(reader, await open(), entry, predicateType, limits),
    close: () => blobs.close(),
  }
}

interface Opened {
  readonly reference: string
  readonly reader: BlobReader
  readonly blobs: ProvenBlobs
  readonly pool: LayerPool
  readonly limits: Limits
  /** Where the blobs are. */
  readonly store: BlobStore
}

async function platformImage(
  {reference, reader, blobs, pool, store, limits}: Opened,
  entry: PlatformEntry,
): Promise<PlatformImage> {
  const platform = formatPlatform(entry.platform)
  const manifest = await forPlatform(platform, reader.indexOrManifest(entry.descriptor))
  if (manifest.kind === 'index') {
    throw new SourceError('unsupported', `${platform}: manifest ${entry.descriptor.digest} is an index, not an image`)
  }
  if (manifest.other) throw new SourceError('not-an-image', manifest.what ?? `an ${manifest.other}`)
  checkLayers(manifest.layers, limits, platform)
  const {value: config, ambiguities} = await forPlatform(platform, reader.config(manifest.config))
  const {diffIds} = config
  if (diffIds.length !== manifest.layers.length) {
    throw new SourceError(
      'malformed',
      `${platform}: ${manifest.layers.length} layers, but the config has ${diffIds.length} diff_ids`,
    )
  }
  const layers = manifest.layers.map((layer, at) => layerBlob(blobs, store, layer, diffIds[at]))
  const rootfs = layeredRootFs(layers, {
    pool,
    name: `${reference} ${platform}`,
    explain: thrown => inPlace(platform, thrown),
  })
  return {
    entry,
    config,
    layers: layerInfos(manifest.layers, config.history),
    rootfs,
    ...withAmbiguities([
      ...ambiguitiesOf(`manifest ${entry.descriptor.digest}`, manifest.ambiguities),
      ...ambiguitiesOf(`config ${manifest.config.digest}`, ambiguities),
    ]),
    refusals: () => [...engineRefusals(manifest, config), ...rootfs.refusals()],
    close: async () => rootfs.close(),
  }
}

/** Throws where an image has more layers than are read, or larger ones: before any of them is. */
function checkLayers(layers: readonly Descriptor[], limits: Limits, platform: string): void {
  const check = (bound: Bound, seen: number, what: string): void => {
    if (seen <= bound.most) return
    const message = tellLimit(bound, most => `${platform}: ${what}, expected at most ${most}`)
    throw new SourceError('unsupported', message, {hint: raiseHint(bound, seen)})
  }
  check(boundOf(limits, 'image-layers'), layers.length, `${layers.length} layers`)
  const size = layers.reduce((sum, layer) => sum + layer.size, 0)
  check(boundOf(limits, 'image-compressed-bytes'), size, `layers of ${size} bytes`)
}

function layerBlob(blobs: ProvenBlobs, store: BlobStore, layer: Descriptor, diffId: Digest | undefined): LayerBlob {
  const {access} = blobs
  return {
    digest: layer.digest,
    size: layer.size,
    mediaType: layer.mediaType,
    ...defined({diffId}),
    store: store.place ?? store,
    probe: () => blobs.probe(layer),
    stream: () => blobs.stream(layer, 'layer'),
    ...defined({access: access && (() => access(layer))}),
  }
}

async function forPlatform<T>(platform: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (thrown) {
    throw inPlace(platform, thrown)
  }
}
