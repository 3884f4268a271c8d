import {SourceError} from '../../errors.ts'
import type {Digest} from '../../image/digest.ts'
import type {ImageIndex} from '../../image/image-index.ts'
import type {Manifest} from '../../image/manifest.ts'
import type {Attestation, Descriptor, ImageRoot, PlatformEntry} from '../../image/source.ts'
import {DEFAULT_LIMITS, type Limits} from '../../lib/limits.ts'

/** Reads what manifests of attestations name; every byte is proven. */
export interface StatementReader {
  indexOrManifest(descriptor: Descriptor): Promise<ImageIndex | Manifest>
  statement(descriptor: Descriptor): Promise<Uint8Array>
}

/** https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md */
const REFERENCE_TYPE = 'vnd.docker.reference.type'
const REFERENCE_DIGEST = 'vnd.docker.reference.digest'
const PREDICATE_TYPE = 'in-toto.io/predicate-type'
const IN_TOTO = 'application/vnd.in-toto+json'

/** The statements that an index attaches to one of its platforms, of the predicate types that start like this. */
export async function readAttestations(
  reader: StatementReader,
  root: ImageRoot,
  entry: PlatformEntry,
  predicateType: string,
  limits: Limits = DEFAULT_LIMITS,
): Promise<readonly Attestation[]> {
  const most = limits['platform-attestations']
  const manifests = root.referrers
    .map(({descriptor}) => descriptor)
    .filter(descriptor => isAttestationOf(descriptor, entry.descriptor.digest))
  const statements: Attestation[] = []
  for (const manifest of manifests.slice(0, most)) {
    const parsed = await reader.indexOrManifest(manifest)
    if (parsed.kind !== 'manifest') {
      throw new SourceError('malformed', `${manifest.digest} is named as an attestation and is an index`)
    }
    const wanted = parsed.layers.filter(
      ({mediaType, annotations}) =>
        mediaType === IN_TOTO && (annotations[PREDICATE_TYPE] ?? '').startsWith(predicateType),
    )
    for (const layer of wanted.slice(0, most)) {
      const type = layer.annotations[PREDICATE_TYPE] ?? ''
      statements.push({digest: layer.digest, predicateType: type, bytes: await reader.statement(layer)})
    }
  }
  return statements
}

/** Whether an entry of an index says that it holds what is attached to this manifest. */
export function isAttestationOf({annotations}: Descriptor, digest: Digest): boolean {
  return annotations[REFERENCE_TYPE] === 'attestation-manifest' && annotations[REFERENCE_DIGEST] === digest
}
