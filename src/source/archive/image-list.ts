import {ambiguitiesOf} from '../../image/ambiguity.ts'
import {type Digest, digestParts} from '../../image/digest.ts'
import {parseIndexOrManifest} from '../../image/index-or-manifest.ts'
import {parseReference} from '../../image/reference.ts'
import type {Ambiguity, ImageRoot, ImageSource} from '../../image/source.ts'
import {type AmbiguousJson, arrayOf, object, optional, parseImageJson, required, string} from '../../lib/json.ts'
import {fail, type Result} from '../../lib/result.ts'
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
export function parseImageList(bytes: Uint8Array): Result<AmbiguousJson<readonly ArchivedImage[]>> {
  const parsed = parseImageJson(bytes, manifestJson)
  // Both stores refuse the whole archive: Go reads null as an empty name.
  const hasEmpty = parsed.ok && parsed.value.value.some(({RepoTags}) => RepoTags.includes(''))
  return hasEmpty ? fail('RepoTags: an empty name') : parsed
}

/**
 * The lists of an archive that stand in it more than once: engines read the last,
 * who reads the tar as a stream may not.
 */
export function repeatedLists(archive: ArchiveFile): readonly Ambiguity[] {
  return ['manifest.json', 'index.json']
    .filter(name => archive.isRepeated(name))
    .flatMap(name => ambiguitiesOf(name, ['it stands several times in the archive; engines read the last']))
}

/**
 * The images that may be meant by a name of the layout: of those that `docker load` gives it the last, which keeps it;
 * where none has it, all that keep a name, and where none does, all.
 */
export function namedLast(images: readonly ArchivedImage[], name: string | undefined): readonly ArchivedImage[] {
  const kept = images.filter(({RepoTags}, at) =>
    RepoTags.some(tag => !images.slice(at + 1).some(later => later.RepoTags.includes(tag))),
  )
  const named =
    name === undefined
      ? undefined
      : images.findLast(({RepoTags}) => RepoTags.some(tag => fullName(tag) === fullName(name)))
  if (named) return [named]
  return kept.length > 0 ? kept : images
}

/** `app` -> `docker.io/library/app:latest` */
export function fullName(text: string): string {
  const parsed = parseReference(text)
  return parsed.ok ? `${parsed.value.domain}/${parsed.value.path}:${parsed.value.tag ?? 'latest'}` : text
}

/** An image of an archive that is ambiguous in further ways, reported once its root is read. */
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
  const known = await layersOf(archive, root)
  if (images.length === 0 || known.size === 0) return []
  const problems = await Promise.all(
    images.map(async ({Config, Layers}) => {
      const bytes = await archive.small(Config)
      const layers = bytes && known.get(digestOf(bytes))
      if (layers === undefined) {
        const config = JSON.stringify(Config)
        return `the config ${config} is of no image that index.json names; Docker's classic image store starts it`
      }
      if (layers === Layers.length && Layers.every(name => archive.has(name))) return undefined
      const there = Layers.filter(name => archive.has(name)).length
      return `it has ${there} layers of an image of ${layers}, so that Docker's classic image store refuses it`
    }),
  )
  const told = problems.filter(problem => problem !== undefined)
  return told.length < images.length ? [] : ambiguitiesOf('manifest.json', told)
}

/** How many layers an image's platforms have, by the digests of their configs; of those whose manifests can be read. */
async function layersOf(archive: ArchiveFile, {entries}: ImageRoot): Promise<ReadonlyMap<Digest, number>> {
  const found = new Map<Digest, number>()
  for (const {descriptor} of entries) {
    const {algorithm, hex} = digestParts(descriptor.digest)
    const bytes = await archive.small(`blobs/${algorithm}/${hex}`)
    const parsed = bytes && parseIndexOrManifest(bytes)
    if (parsed?.ok && parsed.value.kind === 'manifest')
      found.set(parsed.value.config.digest, parsed.value.layers.length)
  }
  return found
}
