import {resolve} from 'node:path'
import type {Location} from '../image/location.ts'
import type {ImageSource} from '../image/source.ts'
import type {ListedImages, RegistryListing} from '../inventory/index.ts'
import {defined} from '../lib/defined.ts'
import type {Limits} from '../lib/limits.ts'
import {once} from '../lib/once.ts'
import type {Clock} from '../net/clock.ts'
import type {Waits} from '../net/waits.ts'
import type {LayerPool, LayerRecords} from '../rootfs/index.ts'
import {diskFolder} from './cache/disk-folder.ts'
import {type ImageRecords, imageRecords} from './cache/image-records.ts'
import {type EntryFolder, layerRecords} from './cache/layer-records.ts'
import {toolCacheFolder} from './cache/tool-cache.ts'
import type {dockerImages} from './docker/docker-images.ts'
import {slowProgress} from './progress.ts'
import {sharedConnections} from './registry/connections.ts'

// node's https takes longer to load than all the rest: only who needs it waits for it.
const loadRegistry = once(() => import('./registry/open-registry.ts'))
const loadDocker = once(() => import('./docker/docker-images.ts'))
const loadLayout = once(() => import('./layout/layout.ts'))
const loadOciArchive = once(() => import('./archive/oci-archive.ts'))
const loadDockerArchive = once(() => import('./archive/docker-archive.ts'))

type Environment = Readonly<Record<string, string | undefined>>

/** What readers need of the process that they run in. */
export interface RunEnvironment {
  readonly env: Environment
  /** Aborting ends all reading; what was created is removed all the same. */
  readonly signal: AbortSignal
  /** Told of every request and command, until it is over. */
  readonly waits?: Waits
  /** The machine's where nothing is said. */
  readonly clock?: Clock
  /** Marks what this run creates in a daemon. */
  readonly run: string
  /** Told before anything is created in a daemon. */
  announceDaemon(): void
  /** Told of an image before it is pulled into the daemon. */
  announcePull(reference: string): void
  /** Told of every secret before it is used, so that no log shows it. */
  mask(secret: string): void
  /** Called with what is left aside, such as credentials that cannot be read. */
  warn(message: string): void
  /** Told every few seconds where work stands that takes long. */
  progress(message: string): void
  /** A folder for an archive that is compressed as a whole. */
  readonly temporary: string
  /** The version of this program. */
  readonly version: string
  /** Where what was read of layers is kept where a user asks for it: in the runner's tool cache, or in a folder. */
  readonly cache: 'tool-cache' | {readonly folder: string}
}

/** What a user says of how images are opened. */
export interface OpenOptions {
  /**
   * Whether what is read of layers is kept from one run to the next. It has no effect
   * on what is read through a docker engine.
   */
  readonly cache?: boolean
  /** `HOST[:PORT]` of registries that may be accessed over plain HTTP, or with a self-signed certificate. */
  readonly insecureRegistries?: readonly string[]
  /** The same for all images of a run; DEFAULT_LIMITS where nothing is said. */
  readonly limits?: Limits
}

/**
 * Opens the images of a run, each where its transport says that it is. What they have in common is read once. What
 * reads one transport is loaded when an image of it is opened.
 */
export function imageOpener(
  surroundings: RunEnvironment,
): (location: Location, options?: OpenOptions) => Promise<ImageSource> {
  const {env, signal, mask, warn, waits, clock} = surroundings
  const progress = slowProgress(
    message => surroundings.progress(message),
    () => performance.now(),
  )
  let dockerOpener: Promise<ReturnType<typeof dockerImages>> | undefined
  const connections = sharedConnections()
  let pool: Promise<LayerPool> | undefined
  let images: ImageRecords | undefined
  const poolFor = ({cache = false, limits}: OpenOptions): Promise<LayerPool> => {
    pool ??= import('../rootfs/index.ts').then(({LayerPool}) => {
      const records = cache ? layerRecordsOf(surroundings) : undefined
      return new LayerPool({records, progress, limits})
    })
    return pool
  }
  const archiveOf = ({text, path}: {readonly text: string; readonly path: string}, layers: LayerPool) => ({
    limits: layers.context.limits,
    reference: text,
    file: resolve(path),
    temporary: surroundings.temporary,
    signal,
    layers,
  })
  return async (location, options = {}) => {
    const {insecureRegistries = [], limits} = options
    const layers = await poolFor(options)
    switch (location.transport) {
      case 'docker':
      case 'docker-daemon':
        dockerOpener ??= loadDocker().then(({dockerImages}) => dockerImages({...surroundings, progress}, limits))
        return (await dockerOpener)(location)
      case 'registry': {
        const {openRegistry} = await loadRegistry()
        const own = {env, signal, mask, warn, insecureRegistries, connections, ...defined({waits, clock})}
        if (options.cache) images ??= imageRecordsOf(surroundings)
        const records = options.cache ? images : undefined
        return openRegistry({...location, layers, records, limits}, own)
      }
      case 'oci': {
        const {openLayout} = await loadLayout()
        return openLayout({
          reference: location.text,
          directory: resolve(location.path),
          tag: location.tag,
          layers,
          limits,
        })
      }
      case 'oci-archive': {
        const {openOciArchive} = await loadOciArchive()
        return openOciArchive({...archiveOf(location, layers), tag: location.tag})
      }
      case 'docker-archive': {
        const {openDockerArchive} = await loadDockerArchive()
        return openDockerArchive({...archiveOf(location, layers), image: location.image})
      }
    }
  }
}

/** Says what images a registry has, as `registry:HOST/…` asks for them. */
export function registryLister(
  run: RunEnvironment,
): (listing: RegistryListing, insecureRegistries: readonly string[]) => Promise<ListedImages> {
  return async (listing, insecureRegistries) => {
    const {listImages} = await import('./registry/list-images.ts')
    const {env, signal, mask, warn, waits, clock} = run
    return listImages(listing, {env, signal, mask, warn, insecureRegistries, ...defined({waits, clock})})
  }
}

function layerRecordsOf(run: RunEnvironment): LayerRecords {
  return layerRecords({folder: cacheFolder(run), version: run.version, warn: run.warn})
}

function imageRecordsOf(run: RunEnvironment): ImageRecords {
  return imageRecords({folder: cacheFolder(run), now: () => Date.now(), warn: run.warn})
}

function cacheFolder({cache, temporary}: RunEnvironment): EntryFolder {
  return cache === 'tool-cache' ? toolCacheFolder(temporary) : diskFolder(cache.folder)
}
