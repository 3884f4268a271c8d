import {SourceError, UsageError} from '../../errors.ts'
import {ambiguitiesOf, withAmbiguities} from '../../image/ambiguity.ts'
import type {ImageConfig} from '../../image/config.ts'
import type {Digest} from '../../image/digest.ts'
import {CONFIG_MEDIA_TYPES} from '../../image/media-type.ts'
import {layerInfos, parseConfig} from '../../image/parse-config.ts'
import type {Descriptor, ImageSource, PlatformEntry} from '../../image/source.ts'
import {DEFAULT_LIMITS} from '../../lib/limits.ts'
import {type Bound, boundOf} from '../../lib/over-limit.ts'
import {formatPlatform} from '../../platform/index.ts'
import {Excess, LayerPool, layeredRootFs} from '../../rootfs/index.ts'
import {digestOf} from '../blobs/verified.ts'
import {type ArchiveFile, type ArchiveOptions, openArchive} from './archive-file.ts'
import {archivedLayer} from './archived-layer.ts'
import {withHeldPlatforms} from './held-platforms.ts'
import {
  type ArchivedImage,
  alsoAmbiguous,
  findContradiction,
  fullName,
  parseImageList,
  repeatedLists,
} from './image-list.ts'
import {openArchivedLayout} from './oci-archive.ts'

export interface DockerArchiveOptions extends ArchiveOptions {
  /** `NAME[:TAG]`, or `@N` for the N-th image; needed where there are several. */
  readonly image: string | undefined
}

/** What is needed of an archive that is open already. */
type OpenedArchiveOptions = Pick<DockerArchiveOptions, 'reference' | 'image' | 'layers' | 'limits'>

/**
 * Opens an archive of `docker save`, buildx `type=docker`, kaniko, podman or skopeo's `docker-archive`. Since Docker 25
 * it is an OCI image layout too, and is read as one: only that has the manifests that a registry would have. In an
 * older one there is nothing but a config, whose digest stands for the image.
 */
export async function openDockerArchive(options: DockerArchiveOptions): Promise<ImageSource> {
  return imageInArchive(await openArchive(options), options)
}

/** The same of an archive that is open already; it is closed with the image, or here where there is none. */
export async function imageInArchive(archive: ArchiveFile, options: OpenedArchiveOptions): Promise<ImageSource> {
  const {reference, image} = options
  try {
    const bytes = await archive.small('manifest.json')
    if (!bytes) {
      throw new SourceError('malformed', `${reference} is not a docker save archive: it has no manifest.json`, {
        ...(archive.has('index.json') ? {hint: 'It looks like an OCI archive: read it as oci-archive:FILE.'} : {}),
      })
    }
    const parsed = parseImageList(bytes)
    if (!parsed.ok) throw new SourceError('malformed', `${reference}: manifest.json: ${parsed.problem}`)
    const {image: picked, ambiguities: namedTwice} = pickArchived(parsed.value.value, image, reference)
    // Without its mark no engine takes the archive for a layout.
    const layout = archive.has('oci-layout') && archive.has('index.json')
    const opened = layout ? await openAsLayout(archive, options, picked) : undefined
    const ambiguities = [
      ...repeatedLists(archive),
      ...ambiguitiesOf('manifest.json', [...parsed.value.ambiguities, ...namedTwice]),
      ...ambiguitiesOf('index.json', opened?.namedTwice ?? []),
    ]
    const source = opened?.source ?? (await openPicked(archive, options, picked))
    return alsoAmbiguous(source, async root => [
      ...ambiguities,
      ...(opened?.source ? await findContradiction(archive, [picked], root) : []),
    ])
  } catch (thrown) {
    await archive.close()
    throw thrown
  }
}

interface Picked {
  readonly image: ArchivedImage
  readonly ambiguities: readonly string[]
}

/** Of several images with one name engines keep the last: each takes the name from the one before. */
function pickArchived(images: readonly ArchivedImage[], wanted: string | undefined, reference: string): Picked {
  const [first, ...more] = images
  if (!first) throw new SourceError('not-found', `${reference} holds no image`)
  const hint = `There are: ${images.flatMap(({RepoTags}, at) => (RepoTags.length > 0 ? RepoTags : [`@${at}`])).join(', ')}.`
  if (wanted === undefined) {
    if (more.length === 0) return {image: first, ambiguities: []}
    throw new UsageError(`${reference} holds ${images.length} images, and one is to be named`, {hint})
  }
  const numbered = /^@[0-9]+$/.test(wanted)
  const named = numbered
    ? images.slice(Number(wanted.slice(1))).slice(0, 1)
    : images.filter(({RepoTags}) => RepoTags.some(tag => fullName(tag) === fullName(wanted)))
  const found = named.at(-1)
  if (!found)
    throw new SourceError('not-found', `${reference}: nothing in the archive has the name ${JSON.stringify(wanted)}`, {
      hint,
    })
  const isOne = named.every(({Config}) => Config === found.Config)
  return {image: found, ambiguities: isOne ? [] : [stands(wanted, named.length)]}
}

function stands(name: string, times: number): string {
  return `${JSON.stringify(name)} is listed for ${times} images; engines load the last`
}

interface InLayout {
  /** Undefined where the layout does not name the image: one without a tag, in an archive of several. */
  readonly source: ImageSource | undefined
  readonly namedTwice: readonly string[]
}

async function openAsLayout(
  archive: ArchiveFile,
  options: OpenedArchiveOptions,
  picked: ArchivedImage,
): Promise<InLayout> {
  const namedTwice: string[] = []
  for (const tag of [...picked.RepoTags.map(fullName), undefined]) {
    try {
      const source = await openArchivedLayout(archive, {...options, tag})
      // Docker packs layers anew when it saves them: these digests are in no registry.
      return {source: withHeldPlatforms({...source, name: undefined}, archive, [picked]), namedTwice}
    } catch (thrown) {
      const isOther = thrown instanceof UsageError || (thrown instanceof SourceError && thrown.code === 'not-found')
      if (!isOther) throw thrown
      if (tag !== undefined && thrown instanceof UsageError) {
        namedTwice.push(`${JSON.stringify(tag)} is listed for several images; engines load the last`)
      }
    }
  }
  return {source: undefined, namedTwice}
}

async function openPicked(
  archive: ArchiveFile,
  {reference, layers: pool, limits = DEFAULT_LIMITS}: OpenedArchiveOptions,
  picked: ArchivedImage,
): Promise<ImageSource> {
  const {config, descriptor, ambiguities} = await readConfig(
    archive,
    reference,
    picked.Config,
    boundOf(limits, 'config-bytes'),
  )
  const {platform, diffIds} = config
  if (picked.Layers.length !== diffIds.length) {
    throw new SourceError(
      'malformed',
      `${reference}: ${picked.Layers.length} layers, but the config has ${diffIds.length} diff_ids`,
    )
  }
  const layers = diffIds.map((digest, at) => ({
    mediaType: LAYER_MEDIA_TYPE,
    digest,
    size: archive.file(picked.Layers[at] ?? '')?.size ?? 0,
    annotations: {},
  }))
  const entry: PlatformEntry = {platform, descriptor, claimedBy: 'config'}
  return {
    reference,
    // What stands in a registry has another digest.
    name: undefined,
    root: async () => ({kind: 'manifest', descriptor, entries: [entry], referrers: []}),
    platformImage: async wanted => {
      const excess = new Excess(boundOf(limits, 'image-excess-bytes'))
      const bounds = {excess, frames: boundOf(limits, 'zstd-frames')}
      const blobs = await Promise.all(
        diffIds.map((digest, at) => archivedLayer(archive, picked.Layers[at] ?? '', digest, bounds)),
      )
      const rootfs = layeredRootFs(blobs, {
        pool: pool ?? new LayerPool({limits}),
        name: `${reference} ${formatPlatform(platform)}`,
      })
      return {
        entry: wanted,
        config,
        layers: layerInfos(layers, config.history),
        rootfs,
        ...withAmbiguities(ambiguitiesOf(`config ${descriptor.digest}`, ambiguities)),
        refusals: () => rootfs.refusals(),
        close: async () => rootfs.close(),
      }
    },
    close: () => archive.close(),
  }
}

const LAYER_MEDIA_TYPE = 'application/vnd.docker.image.rootfs.diff.tar'

/** Most writers name the config by its digest; then it is held to it. */
async function readConfig(
  archive: ArchiveFile,
  reference: string,
  name: string,
  limit: Bound,
): Promise<{
  readonly config: ImageConfig
  readonly ambiguities: readonly string[]
  readonly descriptor: Descriptor
}> {
  const bytes = await archive.small(name, limit)
  if (!bytes)
    throw new SourceError('blob-missing', `${reference}: the config ${JSON.stringify(name)} is not in the archive`)
  const digest: Digest = digestOf(bytes)
  const named = /(?:^|[/:])([0-9a-f]{64})(?:\.json)?$/.exec(name)?.[1]
  if (named !== undefined && digest !== `sha256:${named}`) {
    throw new SourceError(
      'digest-mismatch',
      `${reference}: config ${JSON.stringify(name)} is not what its name says, got ${digest}`,
    )
  }
  const config = parseConfig(bytes)
  if (!config.ok) throw new SourceError('malformed', `${reference}: config ${JSON.stringify(name)}: ${config.problem}`)
  return {
    config: config.value.value,
    ambiguities: config.value.ambiguities,
    descriptor: {mediaType: CONFIG_MEDIA_TYPES[1] ?? '', digest, size: bytes.length, annotations: {}},
  }
}
