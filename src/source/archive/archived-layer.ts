import {createHash} from 'node:crypto'
import {SourceError} from '../../errors.ts'
import {type Digest, digestParts} from '../../image/digest.ts'
import {decompress, sniffCompression} from '../../lib/decompress.ts'
import {FormatError} from '../../lib/format-error.ts'
import type {Bound} from '../../lib/over-limit.ts'
import type {Excess, LayerBlob} from '../../rootfs/index.ts'
import {streamAccess} from '../file-access.ts'
import type {ArchiveFile} from './archive-file.ts'

/**
 * A layer of an archive that has no digests of its own but the config's diff_ids: it is held to the one that is its,
 * whichever way it is compressed. So the blob is the unpacked tar, and what it unpacks to is counted here.
 */
export async function archivedLayer(
  archive: ArchiveFile,
  name: string,
  diffId: Digest,
  {excess, frames}: UnpackBounds,
): Promise<LayerBlob> {
  const file = archive.file(name)
  const absent = (): SourceError =>
    new SourceError('blob-missing', `layer ${diffId} (${JSON.stringify(name)}) is not in the archive`)
  const stream = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    if (!file) throw absent()
    const {algorithm, hex} = digestParts(diffId)
    const hash = createHash(algorithm)
    try {
      for await (const chunk of decompress(streamAccess(file), {...excess.countPass(), frames})) {
        hash.update(chunk)
        yield chunk
      }
    } catch (thrown) {
      if (!(thrown instanceof FormatError)) throw thrown
      throw new SourceError(thrown.code, `layer ${diffId}: ${thrown.message}`, {hint: thrown.hint, cause: thrown})
    }
    const got = hash.digest('hex')
    if (got === hex) return
    throw new SourceError(
      'digest-mismatch',
      `layer ${JSON.stringify(name)} is not what the config says, expected ${diffId}, got ${algorithm}:${got}`,
    )
  }
  const blob: LayerBlob = {
    digest: diffId,
    mediaType: 'application/vnd.docker.image.rootfs.diff.tar',
    stream,
    store: archive,
    probe: async () => {
      if (!file) throw absent()
    },
  }
  return file && (await isPlain(file)) ? {...blob, access: async () => file} : blob
}

/** What the layers of an image may unpack to. */
export interface UnpackBounds {
  readonly excess: Excess
  /** `zstd-frames`, which may have been raised. */
  readonly frames: Bound
}

async function isPlain(file: {read(offset: number, length: number): Promise<Uint8Array>}): Promise<boolean> {
  try {
    return sniffCompression(await file.read(0, 10)) === 'none'
  } catch {
    return false
  }
}
