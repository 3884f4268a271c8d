import {ambiguitiesOf} from '../../image/ambiguity.ts'
import {type Digest, digestParts} from '../../image/digest.ts'
import {parseIndexOrManifest} from '../../image/index-or-manifest.ts'
import type {Ambiguity, ImageRoot, ImageSource} from '../../image/source.ts'
import {arrayOf, object, optional, parseImageJson, required, string} from '../../lib/json.ts'
import {digestOf} from '../blobs/verified.ts'
import type {ArchiveFile} from './archive-file.ts'

/**
 * One image of a `manifest.json`.
 * https://github.com/moby/docker-image-spec/blob/main/v1.2.md#combined-image-json--filesystem-changeset-format
 */
export interface ArchivedImage {
  readonly Config: string
  readonly RepoTags: readonly string[]
  readonly Layers: readonly string[]
}

const manifestJson = arrayOf(
  object<ArchivedImage>({
    Config: required(string),
    RepoTags: optional(arrayOf(string), []),
    Layers: optional(arrayOf(string), []),
  }),
)

/** The images that `docker load` into the classic store finds. */
export function parseImageList(bytes: Uint8Array) {
  return parseImageJson(bytes, manifestJson)
}

/** An image of an archive that is ambiguous in further ways, told once its root is read. */
export function alsoAmbiguous(
  source: ImageSource,
  more: (root: ImageRoot) => Promise<readonly Ambiguity[]>,
): ImageSource {
  let read: Promise<ImageRoot> | undefined
  return {
    ...source,
    root: () => {
      read ??= source.root().then(async root => {
        const ambiguities = [...(await more(root)), ...(root.ambiguities ?? [])]
        return ambiguities.length === 0 ? root : {...root, ambiguities}
      })
      return read
    },
  }
}

/**
 * What an archive that has both lists says twice: `docker load` reads `manifest.json` into the classic store, and
 * `index.json` into containerd's. `images` are those of manifest.json that may be meant.
 */
export async function findContradiction(
  archive: ArchiveFile,
  images: readonly ArchivedImage[],
  root: ImageRoot,
): Promise<readonly Ambiguity[]> {
  const known = await configsOf(archive, root)
  if (images.length === 0 || known.size === 0) return []
  const configs = await Promise.all(images.map(async ({Config}) => ({Config, bytes: await archive.small(Config)})))
  if (configs.some(({bytes}) => bytes && known.has(digestOf(bytes)))) return []
  const named = configs.map(({Config}) => JSON.stringify(Config)).join(', ')
  return ambiguitiesOf('manifest.json', [
    `the config ${named} is of no image that index.json names; Docker's classic image store starts it`,
  ])
}

/** The digests of the configs of an image's platforms, as far as their manifests are there and can be read. */
async function configsOf(archive: ArchiveFile, {entries}: ImageRoot): Promise<ReadonlySet<Digest>> {
  const found = new Set<Digest>()
  for (const {descriptor} of entries) {
    const {algorithm, hex} = digestParts(descriptor.digest)
    const bytes = await archive.small(`blobs/${algorithm}/${hex}`)
    const parsed = bytes && parseIndexOrManifest(bytes)
    if (parsed?.ok && parsed.value.kind === 'manifest') found.add(parsed.value.config.digest)
  }
  return found
}
