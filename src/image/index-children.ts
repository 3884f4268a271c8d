import {defined} from '../lib/defined.ts'
import {normalisePlatform, type Platform, platformsEqual} from '../platform/index.ts'
import {describeArtifact} from './artifact-type.ts'
import {type DescriptorJson, plainDescriptor, plainPlatform} from './descriptor-json.ts'
import {isImageConfig} from './manifest.ts'
import {INDEX_MEDIA_TYPES, MANIFEST_MEDIA_TYPES} from './media-type.ts'
import type {Descriptor, PlatformEntry, Referrer} from './source.ts'

export type IndexChild =
  | {readonly kind: 'platform'; readonly entry: PlatformEntry}
  /** An image manifest without a platform: its config names it. */
  | {readonly kind: 'unclaimed'; readonly descriptor: Descriptor}
  /** An index in the index. */
  | {readonly kind: 'nested'; readonly descriptor: Descriptor}
  | {readonly kind: 'other'; readonly entry: Referrer}

/** BuildKit: with any value of this annotation, "the entire manifest should be ignored". */
const REFERENCE_TYPE = 'vnd.docker.reference.type'

/**
 * The entries of an index, in its order. Engines choose by the platform alone, and take the first entry that has
 * theirs: neither a mark as an attestation, nor an `artifactType`, nor an unknown media type keeps docker 28.5 from it,
 * in the classic store and in containerd's. Such an entry is a platform's where it comes first; behind another of its
 * platform nobody asks for it. `os.features` do keep both stores from it.
 */
export function readIndexChildren(raws: readonly DescriptorJson[]): readonly IndexChild[] {
  const chosen: Platform[] = []
  return raws.map(raw => {
    const descriptor = plainDescriptor(raw)
    const isIndex = INDEX_MEDIA_TYPES.includes(raw.mediaType)
    const mark = findMark(raw)
    const claimed = raw.platform && plainPlatform(raw.platform)
    const platform = claimed && isReal(claimed) ? claimed : undefined
    const features = platform?.os === 'windows' ? [] : (raw.platform?.['os.features'] ?? [])
    if (platform && features.length > 0) {
      const what = `an image for engines with ${features.map(feature => JSON.stringify(feature)).join(' and ')} only`
      return {kind: 'other', entry: {descriptor, kind: 'artifact', claimed: platform, what}}
    }
    const isFirst = platform !== undefined && !isIndex && !chosen.some(other => platformsEqual(other, platform))
    if (isFirst) chosen.push(platform)
    if (mark !== undefined && !(isFirst && isLinux(platform))) {
      const {kind, what} = mark
      // Every image of BuildKit's has attestations, and nobody is to choose them.
      const isPlain = kind === 'attestation' && platform === undefined
      return {
        kind: 'other',
        entry: {descriptor, kind, ...(isPlain ? {} : {what}), ...defined({claimed: platform})},
      }
    }
    if (isIndex) return {kind: 'nested', descriptor}
    if (!claimed) return {kind: 'unclaimed', descriptor}
    const entry: PlatformEntry = {platform: claimed, descriptor, claimedBy: 'index'}
    return {kind: 'platform', entry: mark ? {...entry, marked: mark.what} : entry}
  })
}

interface Mark {
  readonly kind: 'attestation' | 'artifact'
  readonly what: string
}

/** What an entry says of itself that no platform's image says. */
function findMark({mediaType, annotations, platform, artifactType = ''}: DescriptorJson): Mark | undefined {
  const reference = annotations[REFERENCE_TYPE]
  if (reference === 'attestation-manifest') return {kind: 'attestation', what: 'an attestation'}
  if (reference !== undefined) return {kind: 'artifact', what: `a reference of the type ${JSON.stringify(reference)}`}
  if (platform?.os === 'unknown' && platform.architecture === 'unknown') {
    return {kind: 'attestation', what: 'an attestation'}
  }
  // OCI 1.1 lets a descriptor repeat its config's media type here: that of an image is not an artifact's.
  if (artifactType !== '' && !isImageConfig(artifactType)) {
    return {kind: 'artifact', what: describeArtifact(artifactType)}
  }
  const isKnown = INDEX_MEDIA_TYPES.includes(mediaType) || MANIFEST_MEDIA_TYPES.includes(mediaType)
  return isKnown ? undefined : {kind: 'artifact', what: describeArtifact(mediaType)}
}

/** BuildKit's attestations are `unknown/unknown`, which no engine is. */
function isReal({os, architecture}: Platform): boolean {
  return architecture !== '' && os !== 'unknown' && architecture !== 'unknown'
}

/** An engine on Linux takes an entry without an os for its own. */
function isLinux(platform: Platform): boolean {
  return platform.os === '' || normalisePlatform(platform).os === 'linux'
}
