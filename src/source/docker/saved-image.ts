import {SourceError, UsageError} from '../../errors.ts'
import type {FileLayers, ImageSource, LayerInfo, PlatformEntry} from '../../image/source.ts'
import {withCleanup} from '../../lib/cleanup.ts'
import {FormatError} from '../../lib/format-error.ts'
import {DEFAULT_LIMITS, type Limits} from '../../lib/limits.ts'
import {boundOf} from '../../lib/over-limit.ts'
import {archiveIn} from '../archive/archive-file.ts'
import {imageInArchive} from '../archive/docker-archive.ts'
import {namelessFile} from '../archive/spool.ts'
import {type DockerCli, dockerError} from './docker-cli.ts'

/** An image as `docker save` writes it; saved when it is first asked for, and once. */
export interface SavedImage {
  open(): Promise<ImageSource>
  /** Removes it; safe to call where nothing was saved. */
  close(): Promise<void>
}

export interface SavingOptions {
  readonly cli: DockerCli
  readonly signal: AbortSignal
  /** A folder for a file without a name. */
  readonly temporary: string
  readonly limits?: Limits | undefined
}

/** Saves an image that the daemon holds. What cannot be saved or read is a SourceError. */
export function savedImage(options: SavingOptions, named: string): SavedImage {
  let saved: Promise<ImageSource> | undefined
  return {
    open: () => {
      saved ??= save(options, named)
      return saved
    },
    close: async () => {
      await (await saved?.catch(() => undefined))?.close()
    },
  }
}

/**
 * Which layers brought these files of a saved image. A daemon does not say it of the containers that it makes of an
 * image: only the layers do. Throws a SourceError where the image has no such platform.
 */
export async function layersInSaved(
  saved: SavedImage,
  entry: PlatformEntry,
  paths: readonly string[],
): Promise<FileLayers> {
  const source = await saved.open()
  const {entries} = await source.root()
  const [only, ...more] = entries
  // The classic store writes manifests of its own.
  const found =
    entries.find(({descriptor}) => descriptor.digest === entry.descriptor.digest) ??
    (more.length === 0 ? only : undefined)
  if (!found) throw new SourceError('not-found', `${source.reference} does not hold ${entry.descriptor.digest}`)
  const image = await source.platformImage(found)
  return withCleanup(
    async () => {
      const layerOf = new Map<string, number>()
      for (const path of paths) {
        const lookup = await image.rootfs.lookup(path)
        if (lookup.outcome === 'found' && lookup.node.layer !== undefined) layerOf.set(path, lookup.node.layer)
      }
      return {layers: image.layers, of: layerOf}
    },
    () => image.close(),
  )
}

/**
 * The same layers under the digests that the registry has them by, where there are as
 * many: a daemon may have packed them anew.
 */
export function namedByRegistry(
  layers: readonly LayerInfo[],
  registry: readonly Pick<LayerInfo, 'digest'>[],
): readonly LayerInfo[] {
  if (layers.length !== registry.length) return layers
  return layers.map((layer, index) => ({...layer, digest: registry[index]?.digest ?? layer.digest}))
}

async function save(
  {cli, signal, temporary, limits = DEFAULT_LIMITS}: SavingOptions,
  named: string,
): Promise<ImageSource> {
  const args = ['save', named]
  const limit = boundOf(limits, 'saved-image-bytes')
  const child = cli.stream(args)
  try {
    const file = await namelessFile(child.stdout, {folder: temporary, signal, limit})
    const {exitCode, stderr} = await child.finished().catch(async (thrown: unknown) => {
      await file.close()
      throw thrown
    })
    if (exitCode !== 0) {
      await file.close()
      throw dockerError(args, stderr, exitCode)
    }
    return await imageInArchive(await archiveIn(file, `docker save ${named}`, limits), {
      reference: `docker save ${named}`,
      image: undefined,
      limits,
    })
  } catch (thrown) {
    await child.stop()
    throw explained(thrown, named)
  }
}

/** All that can go wrong here is that it cannot be determined. */
function explained(thrown: unknown, named: string): unknown {
  if (thrown instanceof FormatError) {
    return new SourceError(thrown.code, `docker save of ${named}: ${thrown.message}`, {
      hint: thrown.hint,
      cause: thrown,
    })
  }
  return thrown instanceof UsageError ? new SourceError('unsupported', thrown.message, {cause: thrown}) : thrown
}
