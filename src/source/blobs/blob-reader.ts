import {SourceError} from '../../errors.ts'
import type {ImageConfig} from '../../image/config.ts'
import type {ImageIndex} from '../../image/image-index.ts'
import {parseIndexOrManifest} from '../../image/index-or-manifest.ts'
import type {Manifest} from '../../image/manifest.ts'
import {parseConfig} from '../../image/parse-config.ts'
import type {Descriptor} from '../../image/source.ts'
import type {AmbiguousJson} from '../../lib/json.ts'
import type {Limits} from '../../lib/limits.ts'
import {type Bound, boundOf, fixedBound} from '../../lib/over-limit.ts'
import type {Result} from '../../lib/result.ts'
import type {StatementReader} from './attestations.ts'
import type {ProvenBlobs} from './proven-blobs.ts'

/** Reads the small blobs of an image; every byte is proven. */
export interface BlobReader extends StatementReader {
  config(descriptor: Descriptor): Promise<AmbiguousJson<ImageConfig>>
}

export function blobReader(blobs: ProvenBlobs, limits: Limits): BlobReader {
  const read = async <T>(
    descriptor: Descriptor,
    what: string,
    limit: Bound,
    parse: (bytes: Uint8Array) => Result<T>,
  ): Promise<T> => {
    const result = parse(await blobs.read(descriptor, what, limit))
    if (result.ok) return result.value
    throw new SourceError('malformed', `${what} ${descriptor.digest}: ${result.problem}`)
  }
  return {
    indexOrManifest: (descriptor): Promise<ImageIndex | Manifest> =>
      read(descriptor, 'manifest', fixedBound('manifest-bytes'), bytes =>
        parseIndexOrManifest(bytes, descriptor.mediaType),
      ),
    config: descriptor => read(descriptor, 'config', boundOf(limits, 'config-bytes'), parseConfig),
    statement: descriptor => blobs.read(descriptor, 'attestation', boundOf(limits, 'attestation-bytes')),
  }
}
