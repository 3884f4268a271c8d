import type {Digest} from '../../image/digest.ts'
import {INDEX_MEDIA_TYPES, MANIFEST_MEDIA_TYPES} from '../../image/media-type.ts'
import type {Reference} from '../../image/reference.ts'
import type {Descriptor, ImageSource} from '../../image/source.ts'
import type {Limits} from '../../lib/limits.ts'
import type {LayerPool} from '../../rootfs/index.ts'
import {type BlobStore, blobImageSource} from '../blobs/blob-image.ts'
import type {ImageRecords} from '../cache/image-records.ts'
import {probeBlob, streamBlob} from './blob.ts'
import {connectRepository, type RegistryEnvironment} from './connect.ts'
import {type FetchedManifest, manifestReader} from './manifests.ts'
import {type RepositoryBlobs, recorded} from './recorded.ts'

export type {RegistryEnvironment} from './connect.ts'

export interface RegistryOptions {
  /** As the user wrote it. */
  readonly text: string
  readonly reference: Reference
  /** The layers of the run; where there is none, those of the image are its own. */
  readonly layers?: LayerPool | undefined
  /** What earlier runs knew of images, where a user asks for that. */
  readonly records?: ImageRecords | undefined
  readonly limits?: Limits | undefined
}

/**
 * An image in its registry, read without an engine: only the manifests and the layers that a question reaches are asked
 * for, none before the first question. Nothing is written to disk. It throws a SourceError where nothing stands at the
 * reference, or the registry does not let us in.
 */
export function openRegistry(options: RegistryOptions, surroundings: RegistryEnvironment): ImageSource {
  let connected: Promise<Repository> | undefined
  let opened: Promise<ImageSource> | undefined
  const connect = (): Promise<Repository> => {
    connected ??= connectTo(options, surroundings)
    return connected
  }
  const open = (): Promise<ImageSource> => {
    opened ??= connect().then(repository => repository.open())
    return opened
  }
  return {
    reference: options.text,
    name: options.reference.name,
    repository: options.reference.name,
    claimedDigest: async () => (await connect()).claimed(),
    root: async () => (await open()).root(),
    platformImage: async entry => (await open()).platformImage(entry),
    layersOf: async entry => (await (await open()).layersOf?.(entry)) ?? [],
    attestations: async (entry, predicateType) => (await (await open()).attestations?.(entry, predicateType)) ?? [],
    close: async () => {
      await (await opened?.catch(() => undefined))?.close()
      const repository = await connected?.catch(() => undefined)
      repository?.close()
    },
  }
}

/** The repository of an image, as it is being asked. */
interface Repository {
  open(): Promise<ImageSource>
  claimed(): Promise<Digest | undefined>
  close(): void
}

async function connectTo(
  {text, reference, layers, records, limits}: RegistryOptions,
  surroundings: RegistryEnvironment,
): Promise<Repository> {
  const {signal} = surroundings
  const connected = await connectRepository(reference, surroundings)
  const {endpoint, client, clock, connections} = connected
  const rethrow = (thrown: unknown): never => connected.rethrow(thrown)
  const manifests = manifestReader({client, clock, signal, name: reference.name})
  const open = async (): Promise<ImageSource> => {
    const root = await manifests.root(reference)
    const place = `${endpoint.host}/${endpoint.repository}`
    const repository = {
      manifest: (descriptor: Descriptor) => manifests.named(descriptor).catch(rethrow),
      blob: async function* (descriptor: Descriptor) {
        try {
          yield* streamBlob(descriptor, {client, clock, signal})
        } catch (thrown) {
          rethrow(thrown)
        }
      },
      probe: (descriptor: Descriptor) => probeBlob(descriptor, client).catch(rethrow),
      documents: connections.documents.in(place),
      place: client.place,
      close: async () => connected.close(),
    }
    const record = await records?.open(place, root.descriptor.digest)
    const store = registryStore(root, record === undefined ? repository : recorded(repository, record))
    return blobImageSource({reference: text, name: reference.name, root: root.descriptor, store, layers, limits})
  }
  return {
    open: () => open().catch(rethrow),
    claimed: () => manifests.claimed(reference).catch(rethrow),
    close: () => connected.close(),
  }
}

/** In bytes: so much of small blobs is kept in memory. */
const KEPT_LIMIT = 32 * 1024 * 1024

function registryStore(root: FetchedManifest, repository: RepositoryBlobs): BlobStore {
  const whole = async function* (bytes: Promise<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    yield await bytes
  }
  return {
    stream: descriptor => {
      // A lone manifest is read as the root and again as its only platform.
      if (descriptor.digest === root.descriptor.digest) return whole(Promise.resolve(root.bytes))
      return isManifest(descriptor) ? whole(repository.manifest(descriptor)) : repository.blob(descriptor)
    },
    probe: descriptor => repository.probe(descriptor),
    keeps: KEPT_LIMIT,
    documents: repository.documents,
    place: repository.place,
    close: () => repository.close(),
  }
}

function isManifest({mediaType}: Descriptor): boolean {
  return INDEX_MEDIA_TYPES.includes(mediaType) || MANIFEST_MEDIA_TYPES.includes(mediaType)
}
