import {SourceError} from '../../errors.ts'
import type {ImageConfig} from '../../image/config.ts'
import {type ParsedDocument, type ParsedManifest, parseDocument} from '../../image/document.ts'
import {layerInfos, parseConfig} from '../../image/parse-config.ts'
import type {Descriptor, ImageRoot, ImageSource, PlatformEntry, PlatformImage, Referrer} from '../../image/source.ts'
import type {Result} from '../../lib/result.ts'
import {formatPlatform, type Platform} from '../../platform/index.ts'
import {type LayerBlob, LayerPool, layeredRootFs} from '../../rootfs/index.ts'
import {readAttestations, STATEMENT_LIMIT, type StatementReader} from './attestations.ts'
import type {BlobStore} from './blob-store.ts'
import {type ProvenBlobs, provenBlobs} from './proven-blobs.ts'
import {CONFIG_LIMIT, MANIFEST_LIMIT} from './verified.ts'

export type {BlobStore}

/** An image whose documents and layers are blobs. */
export interface BlobImage {
  /** As the user would write it. */
  readonly reference: string
  /** `name` of `name@digest`. */
  readonly name: string | undefined
  readonly root: Descriptor
  /** What platform the root is said to be, where it is one platform's manifest and something outside of it says so. */
  readonly claimed?: Platform | undefined
  readonly store: BlobStore
  /** The layers of the run; where there is none, those of this image are its own. */
  readonly layers?: LayerPool | undefined
}

/** Indexes in indexes are read through down to here. */
const DEPTH_LIMIT = 4
/** All manifests of an image together. */
const MANIFESTS_LIMIT = 1000
const LAYERS_LIMIT = 1000

/**
 * An image source over blobs. Documents, configs and layers are checked against their digests and sizes before they are
 * believed; the parts of a platform that nobody asks for may be missing.
 */
export function blobImageSource({reference, name, root, claimed, store, layers}: BlobImage): ImageSource {
  const blobs = provenBlobs(store)
  const reader = blobReader(blobs)
  const pool = layers ?? new LayerPool()
  let document: Promise<ImageRoot> | undefined
  return {
    reference,
    name,
    root() {
      document ??= readDocument(reader, root, claimed)
      return document
    },
    platformImage: entry => platformImage({reader, blobs, pool, store}, entry),
    attestations: async (entry, predicateType) => {
      document ??= readDocument(reader, root, claimed)
      return readAttestations(reader, await document, entry, predicateType)
    },
    close: () => blobs.close(),
  }
}

interface BlobReader extends StatementReader {
  config(descriptor: Descriptor): Promise<ImageConfig>
}

function blobReader(blobs: ProvenBlobs): BlobReader {
  const read = async <T>(
    descriptor: Descriptor,
    what: string,
    limit: number,
    parse: (bytes: Uint8Array) => Result<T>,
  ): Promise<T> => {
    const bytes = await blobs.read(descriptor, what, limit)
    const result = parse(bytes)
    if (result.ok) return result.value
    throw new SourceError('malformed', `${what} ${descriptor.digest}: ${result.problem}`)
  }
  return {
    document: descriptor =>
      read(descriptor, 'manifest', MANIFEST_LIMIT, bytes => parseDocument(bytes, descriptor.mediaType)),
    config: descriptor => read(descriptor, 'config', CONFIG_LIMIT, parseConfig),
    statement: descriptor => blobs.read(descriptor, 'attestation', STATEMENT_LIMIT),
  }
}

async function readDocument(reader: BlobReader, root: Descriptor, claimed: Platform | undefined): Promise<ImageRoot> {
  const parsed = await reader.document(root)
  if (parsed.kind === 'index') {
    const entries: PlatformEntry[] = []
    const referrers: Referrer[] = []
    await collect(reader, root, parsed, {entries, referrers, seen: new Set([root.digest])}, 1)
    return {kind: 'index', descriptor: {...root, mediaType: parsed.mediaType}, entries, referrers}
  }
  if (parsed.other) {
    throw new SourceError(
      'unsupported',
      `manifest ${root.digest} is an ${parsed.other} and no image: its config is ${parsed.config.mediaType}`,
    )
  }
  const descriptor = {...root, mediaType: parsed.mediaType}
  const entry: PlatformEntry = claimed
    ? {platform: claimed, descriptor, claimedBy: 'index'}
    : await configEntry(reader, descriptor, parsed)
  return {kind: 'manifest', descriptor, entries: [entry], referrers: []}
}

interface Collected {
  readonly entries: PlatformEntry[]
  readonly referrers: Referrer[]
  readonly seen: Set<string>
}

/** Reads an index, those in it, and the manifests that only their configs tell the platform of. */
async function collect(
  reader: BlobReader,
  at: Descriptor,
  parsed: ParsedDocument,
  into: Collected,
  depth: number,
): Promise<void> {
  if (parsed.kind !== 'index') throw new SourceError('malformed', `${at.digest} is named as an index and is none`)
  for (const child of parsed.children) {
    if (into.entries.length + into.referrers.length + into.seen.size > MANIFESTS_LIMIT) {
      throw new SourceError('unsupported', `index ${at.digest} has more than ${MANIFESTS_LIMIT} manifests`)
    }
    switch (child.kind) {
      case 'platform':
        into.entries.push(child.entry)
        break
      case 'other':
        into.referrers.push(child.entry)
        break
      case 'unclaimed': {
        const manifest = await reader.document(child.descriptor)
        if (manifest.kind === 'index')
          throw new SourceError('malformed', `${child.descriptor.digest} is named as a manifest and is an index`)
        if (manifest.other) into.referrers.push({descriptor: child.descriptor, kind: manifest.other})
        else into.entries.push(await configEntry(reader, child.descriptor, manifest))
        break
      }
      case 'nested':
        if (into.seen.has(child.descriptor.digest)) break
        if (depth >= DEPTH_LIMIT) {
          throw new SourceError('unsupported', `index ${at.digest}: indexes in indexes more than ${DEPTH_LIMIT} deep`)
        }
        into.seen.add(child.descriptor.digest)
        into.referrers.push({descriptor: child.descriptor, kind: 'index'})
        await collect(reader, child.descriptor, await reader.document(child.descriptor), into, depth + 1)
        break
    }
  }
}

async function configEntry(
  reader: BlobReader,
  descriptor: Descriptor,
  manifest: ParsedManifest,
): Promise<PlatformEntry> {
  const {platform} = await reader.config(manifest.config)
  return {platform, descriptor, claimedBy: 'config'}
}

interface Opened {
  readonly reader: BlobReader
  readonly blobs: ProvenBlobs
  readonly pool: LayerPool
  /** Where the blobs are. */
  readonly store: BlobStore
}

async function platformImage({reader, blobs, pool, store}: Opened, entry: PlatformEntry): Promise<PlatformImage> {
  const platform = formatPlatform(entry.platform)
  const manifest = await forPlatform(platform, reader.document(entry.descriptor))
  if (manifest.kind === 'index' || manifest.other) {
    const what =
      manifest.kind === 'index' ? 'an index' : `an ${manifest.other} (its config is ${manifest.config.mediaType})`
    throw new SourceError('unsupported', `${platform}: manifest ${entry.descriptor.digest} is ${what} and no image`)
  }
  if (manifest.layers.length > LAYERS_LIMIT) {
    throw new SourceError(
      'unsupported',
      `${platform}: ${manifest.layers.length} layers, expected at most ${LAYERS_LIMIT}`,
    )
  }
  const config = await forPlatform(platform, reader.config(manifest.config))
  const layers = manifest.layers.map(layer => layerBlob(blobs, store, layer))
  const rootfs = layeredRootFs(layers, {pool, name: platform, explain: thrown => ofPlatform(platform, thrown)})
  return {
    entry,
    config,
    layers: layerInfos(manifest.layers, config.history),
    rootfs,
    close: async () => rootfs.close(),
  }
}

function layerBlob(blobs: ProvenBlobs, store: BlobStore, layer: Descriptor): LayerBlob {
  const {access} = blobs
  return {
    digest: layer.digest,
    size: layer.size,
    mediaType: layer.mediaType,
    store,
    probe: () => blobs.probe(layer),
    stream: () => blobs.stream(layer, 'layer'),
    ...(access ? {access: () => access(layer)} : {}),
  }
}

async function forPlatform<T>(platform: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (thrown) {
    throw ofPlatform(platform, thrown)
  }
}

/** Says which platform cannot be read. */
function ofPlatform(platform: string, thrown: unknown): unknown {
  if (!(thrown instanceof SourceError)) return thrown
  const {code, message, hint, cause} = thrown
  return new SourceError(code, `${platform}: ${message}`, {...(hint === undefined ? {} : {hint}), cause})
}
