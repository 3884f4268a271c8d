import {join} from 'node:path'
import {errorCode, messageOf, SourceError, UsageError} from '../../errors.ts'
import {ambiguitiesOf} from '../../image/ambiguity.ts'
import {digestParts} from '../../image/digest.ts'
import type {IndexChild} from '../../image/image-index.ts'
import {parseIndexOrManifest} from '../../image/index-or-manifest.ts'
import type {Descriptor, ImageSource} from '../../image/source.ts'
import {concatBytes} from '../../lib/bytes.ts'
import {object, parseImageJson, required, string} from '../../lib/json.ts'
import type {Limits} from '../../lib/limits.ts'
import {fixedBound} from '../../lib/over-limit.ts'
import type {LayerPool} from '../../rootfs/index.ts'
import {type BlobImage, type BlobStore, blobImageSource} from '../blobs/blob-image.ts'
import {checkSize, digestOf} from '../blobs/verified.ts'
import {type OpenedFile, openFile, streamFile} from '../file-access.ts'

/** What `oci:DIR[:TAG]` names. */
export interface LayoutOptions {
  readonly directory: string
  /**
   * Picks an image by its `org.opencontainers.image.ref.name` or its `io.containerd.image.name`; needed where there are
   * several.
   */
  readonly tag?: string | undefined
  /** As the user wrote it; `oci:DIR[:TAG]` where nothing is said. */
  readonly reference?: string
  /** The layers of the run; where there is none, those of the image are its own. */
  readonly layers?: LayerPool | undefined
  readonly limits?: Limits | undefined
}

/**
 * Opens an OCI image layout. Throws a SourceError where there is none, and where nothing has the tag; a UsageError
 * where a tag is needed. Blobs that nobody asks for may be missing, as the specification says.
 * https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */
export async function openLayout(options: LayoutOptions): Promise<ImageSource> {
  const {directory, tag, layers, limits} = options
  const reference = options.reference ?? (tag === undefined ? `oci:${directory}` : `oci:${directory}:${tag}`)
  const layout = parseImageJson(
    await readSmall(directory, 'oci-layout', reference),
    object({imageLayoutVersion: required(string)}),
  )
  if (!layout.ok) throw new SourceError('malformed', `${reference}: oci-layout: ${layout.problem}`)
  const indexBytes = await readSmall(directory, 'index.json', reference)
  return blobImageSource({
    reference,
    ...pickImage({indexBytes, reference, tag}),
    store: layoutStore(directory, indexBytes),
    layers,
    limits,
  })
}

/**
 * The annotations that name an image in a layout:
 * https://github.com/opencontainers/image-spec/blob/main/annotations.md, and containerd's own.
 */
const REF_NAME = 'org.opencontainers.image.ref.name'
export const IMAGE_NAME = 'io.containerd.image.name'

/** Which of the images of a layout's `index.json` is meant. Archives hold the same file. */
export function pickImage({
  indexBytes,
  reference,
  tag,
}: {
  readonly indexBytes: Uint8Array
  readonly reference: string
  readonly tag: string | undefined
}): Pick<BlobImage, 'root' | 'name' | 'claimed' | 'ambiguities'> {
  const index = parseIndexOrManifest(indexBytes)
  if (!index.ok) throw new SourceError('malformed', `${reference}: index.json: ${index.problem}`)
  if (index.value.kind !== 'index') throw new SourceError('malformed', `${reference}: index.json is not an index`)
  const images = index.value.children.filter(isImage)
  const named = tag === undefined ? images : images.filter(image => imageTags(image).includes(tag))
  const [first, ...more] = named
  if (!first) throw nothingThere(reference, tag, images, index.value.children)
  if (more.every(image => childDescriptor(image).digest === childDescriptor(first).digest)) {
    return {
      root: childDescriptor(first),
      // The annotations name it, but whether a registry has it, under that name, nobody can know here.
      name: undefined,
      claimed: first.kind === 'platform' ? first.entry.platform : undefined,
      ambiguities: ambiguitiesOf('index.json', [...index.value.ambiguities, ...withoutType(index.value.children)]),
    }
  }
  if (named.every(image => image.kind === 'platform' && imageTags(image).length === 0)) {
    // Go-containerregistry's layouts hold the platforms of one image without an index of their own around them.
    const root = {
      mediaType: index.value.mediaType,
      digest: digestOf(indexBytes),
      size: indexBytes.length,
      annotations: {},
    }
    return {root, name: undefined}
  }
  throw new UsageError(
    `${reference} holds ${named.length} images${tag === undefined ? '' : ' with this name'}, and one is to be named`,
    {
      hint: `There are: ${listTags(images)}.`,
    },
  )
}

/** Containerd loads nothing of an archive with such an entry: "Target.MediaType must be set". */
function withoutType(children: readonly IndexChild[]): readonly string[] {
  const count = children.filter(child => ('entry' in child ? child.entry : child).descriptor.mediaType === '').length
  return count === 0
    ? []
    : [`${count === 1 ? 'an entry' : `${count} entries`} without a media type; containerd refuses it`]
}

type Image = Exclude<IndexChild, {kind: 'other'}>

/** An index.json holds what a tool put there: nothing in it is chosen by its platform. */
function isImage(child: IndexChild): child is Image {
  return child.kind === 'platform' ? child.entry.marked === undefined : child.kind !== 'other'
}

function childDescriptor(image: Image): Descriptor {
  return image.kind === 'platform' ? image.entry.descriptor : image.descriptor
}

function imageTags(image: Image): string[] {
  const {annotations} = childDescriptor(image)
  return [annotations[REF_NAME], annotations[IMAGE_NAME]].filter(name => name !== undefined)
}

function nothingThere(
  reference: string,
  tag: string | undefined,
  images: readonly Image[],
  children: readonly IndexChild[],
): SourceError {
  if (tag !== undefined && images.length > 0) {
    return new SourceError('not-found', `${reference}: nothing in the layout has the name ${JSON.stringify(tag)}`, {
      hint: `There are: ${listTags(images)}.`,
    })
  }
  const what = children.flatMap(child => {
    if (child.kind === 'other') return child.entry.what ?? []
    return child.kind === 'platform' ? (child.entry.marked ?? []) : []
  })
  if (what.length === 0) return new SourceError('not-found', `${reference} holds no image`)
  const isSchema1 = what.some(name => name.includes('schema 1'))
  return new SourceError('unsupported', `${reference} holds no image, but ${[...new Set(what)].join(', ')}`, {
    ...(isSchema1 ? {hint: 'Build and push the image again, or convert it: skopeo copy --format oci.'} : {}),
  })
}

function listTags(images: readonly Image[]): string {
  return images.map(image => imageTags(image)[0] ?? `${childDescriptor(image).digest} without a name`).join(', ')
}

const MANIFEST = fixedBound('manifest-bytes')

async function readSmall(directory: string, file: string, reference: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of streamFile(join(directory, file))) {
      size += chunk.length
      if (size > MANIFEST.most) break
      chunks.push(chunk)
    }
  } catch (thrown) {
    const missing = errorCode(thrown) === 'ENOENT' || errorCode(thrown) === 'ENOTDIR'
    throw new SourceError(
      missing ? 'not-found' : 'unavailable',
      missing
        ? `${reference} is not an OCI image layout: ${join(directory, file)} is not there`
        : `${reference}: ${messageOf(thrown)}`,
      {
        hint: missing ? 'Check the path of the layout, and that the step that writes it has run.' : undefined,
        cause: thrown,
      },
    )
  }
  checkSize(MANIFEST, `${reference}: ${file}`, size > MANIFEST.most ? undefined : size)
  return concatBytes(chunks)
}

function layoutStore(directory: string, indexBytes: Uint8Array): BlobStore {
  const indexDigest = digestOf(indexBytes)
  const opened = new Map<string, Promise<OpenedFile>>()
  // A Digest has no slash and no dot in it, so this stays in the directory.
  const pathOf = ({digest}: Descriptor): string => {
    const {algorithm, hex} = digestParts(digest)
    return join(directory, 'blobs', algorithm, hex)
  }
  const access = (blob: Descriptor): Promise<OpenedFile> => {
    const file =
      opened.get(blob.digest) ?? openFile(pathOf(blob)).catch(thrown => Promise.reject(blobError(blob, thrown)))
    opened.set(blob.digest, file)
    return file
  }
  return {
    async *stream(blob) {
      if (blob.digest === indexDigest) {
        yield indexBytes
        return
      }
      try {
        yield* streamFile(pathOf(blob))
      } catch (thrown) {
        throw blobError(blob, thrown)
      }
    },
    access,
    probe: async blob => {
      await access(blob)
    },
    async close() {
      const files = await Promise.allSettled(opened.values())
      opened.clear()
      await Promise.all(files.map(file => (file.status === 'fulfilled' ? file.value.close() : undefined)))
    },
  }
}

function blobError({digest}: Descriptor, thrown: unknown): unknown {
  const code = errorCode(thrown)
  if (code === 'ENOENT') {
    return new SourceError('blob-missing', `blob ${digest} is not in the layout`, {
      hint: 'A layout or archive of a multi-platform image may contain only some of its platforms; name those in platforms.',
      cause: thrown,
    })
  }
  return code === undefined
    ? thrown
    : new SourceError('unavailable', `blob ${digest}: ${messageOf(thrown)}`, {cause: thrown})
}
