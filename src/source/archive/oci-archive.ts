import {SourceError} from '../../errors.ts'
import {ambiguitiesOf} from '../../image/ambiguity.ts'
import type {Descriptor, ImageSource} from '../../image/source.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {object, parseJson, required, string} from '../../lib/json.ts'
import {type BlobStore, blobImageSource} from '../blobs/blob-image.ts'
import {digestOf} from '../blobs/verified.ts'
import {streamAccess} from '../file-access.ts'
import {IMAGE_NAME, pickImage} from '../layout/layout.ts'
import {type ArchiveFile, type ArchiveOptions, openArchive} from './archive-file.ts'
import {blobPath, withHeldPlatforms} from './held-platforms.ts'
import {alsoAmbiguous, findContradiction, namedLast, parseImageList, repeatedLists} from './image-list.ts'

export interface OciArchiveOptions extends ArchiveOptions {
  /**
   * Picks an image by its `org.opencontainers.image.ref.name` or its
   * `io.containerd.image.name`; needed where there are several.
   */
  readonly tag: string | undefined
}

const OCI_LAYOUT = object({imageLayoutVersion: required(string)})

/** Opens an OCI image layout in a tar: what buildx writes with `type=oci`, skopeo and podman as `oci-archive`. */
export async function openOciArchive(options: OciArchiveOptions): Promise<ImageSource> {
  const {reference} = options
  const archive = await openArchive(options)
  try {
    const layout = await archive.small('oci-layout')
    if (!layout) {
      throw new SourceError('malformed', `${reference} is not an OCI archive: it has no oci-layout`, {
        ...(archive.has('manifest.json')
          ? {hint: 'It looks like a docker save archive: read it as docker-archive:FILE.'}
          : {}),
      })
    }
    const parsed = parseJson(layout, OCI_LAYOUT)
    if (!parsed.ok) throw new SourceError('malformed', `${reference}: oci-layout: ${parsed.problem}`)
    const source = await openArchivedLayout(archive, options)
    const list = await archive.small('manifest.json')
    const images = list && parseImageList(list)
    const repeated = repeatedLists(archive)
    if (!images) return alsoAmbiguous(source, async () => repeated)
    // Containerd reads it as well, and refuses the archive.
    if (!images.ok) throw new SourceError('malformed', `${reference}: manifest.json: ${images.problem}`)
    const {value, ambiguities} = images.value
    return alsoAmbiguous(withHeldPlatforms(source, archive, value), async root => [
      ...repeated,
      ...ambiguitiesOf('manifest.json', ambiguities),
      ...(await findContradiction(archive, namedLast(value, root.descriptor?.annotations[IMAGE_NAME]), root)),
    ])
  } catch (thrown) {
    await archive.close()
    throw thrown
  }
}

/** The image of an archive that has an `index.json`; closes the archive with it. */
export async function openArchivedLayout(
  archive: ArchiveFile,
  {reference, tag, layers, limits}: Pick<OciArchiveOptions, 'reference' | 'tag' | 'layers' | 'limits'>,
): Promise<ImageSource> {
  const indexBytes = await archive.small('index.json')
  if (!indexBytes) throw new SourceError('malformed', `${reference}: it has no index.json`)
  const picked = pickImage({indexBytes, reference, tag})
  return blobImageSource({reference, ...picked, store: archiveStore(archive, indexBytes), layers, limits})
}

function archiveStore(archive: ArchiveFile, indexBytes: Uint8Array): BlobStore {
  const indexDigest = digestOf(indexBytes)
  const find = ({digest}: Descriptor): RandomAccess => {
    const file = archive.file(blobPath(digest))
    if (file) return file
    throw new SourceError('blob-missing', `blob ${digest} is not in the archive`, {
      hint: 'An archive of a multi-platform image may contain only some of its platforms; name those in platforms.',
    })
  }
  return {
    async *stream(blob) {
      if (blob.digest === indexDigest) yield indexBytes
      else yield* streamAccess(find(blob))
    },
    access: async blob => find(blob),
    probe: async blob => {
      find(blob)
    },
    close: () => archive.close(),
  }
}
