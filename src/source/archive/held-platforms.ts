import {type Digest, digestParts} from '../../image/digest.ts'
import type {ImageSource} from '../../image/source.ts'
import {fixedBound} from '../../lib/over-limit.ts'
import {configNamedBy, onlyHeld} from '../blobs/only-held.ts'
import type {ArchiveFile} from './archive-file.ts'
import type {ArchivedImage} from './image-list.ts'

const LARGEST = fixedBound('manifest-bytes')

/**
 * An image of an archive that `docker save` wrote, without the platforms that the engine had not pulled: what
 * `manifest.json` lists is meant to be there, of the rest of the index what is there.
 */
export function withHeldPlatforms(
  source: ImageSource,
  archive: ArchiveFile,
  images: readonly ArchivedImage[],
): ImageSource {
  const isListed = (digest: Digest): boolean => images.some(({Config}) => Config.includes(digestParts(digest).hex))
  const holds = async (manifest: Digest): Promise<boolean> => {
    const file = archive.file(blobPath(manifest))
    // One that is over a limit says so when it is read.
    if (!file || file.size > LARGEST.most) return file !== undefined
    const config = configNamedBy(await file.read(0, file.size))
    return config === undefined || archive.has(blobPath(config)) || isListed(config)
  }
  return {...source, root: async () => onlyHeld(await source.root(), 'archive', ({digest}) => holds(digest))}
}

export function blobPath(digest: Digest): string {
  const {algorithm, hex} = digestParts(digest)
  return `blobs/${algorithm}/${hex}`
}
