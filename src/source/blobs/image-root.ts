import {SourceError} from '../../errors.ts'
import {withAmbiguities} from '../../image/ambiguity.ts'
import type {Manifest} from '../../image/manifest.ts'
import {INDEX_MEDIA_TYPES, MANIFEST_MEDIA_TYPES} from '../../image/media-type.ts'
import type {Descriptor, ImageRoot, PlatformEntry, Referrer} from '../../image/source.ts'
import type {Limits} from '../../lib/limits.ts'
import type {Platform} from '../../platform/index.ts'
import type {BlobReader} from './blob-reader.ts'
import {claimedByConfig} from './claimed-by-config.ts'
import {flattenIndex, sortChildren} from './flat-index.ts'

/** What stands at the root of an image. `claimed`: the platform that something outside of a lone manifest names. */
export async function readRoot(
  reader: BlobReader,
  root: Descriptor,
  claimed: Platform | undefined,
  limits: Limits,
): Promise<ImageRoot> {
  const read = await reader.indexOrManifest(root)
  const descriptor = {...root, mediaType: read.mediaType}
  const served = servedAs(root)
  if (read.kind === 'index') {
    const {children, ambiguities} = await flattenIndex(root, read, limits, nested => reader.indexOrManifest(nested))
    const sorted = await sortChildren(children, child => claimByConfig(reader, child))
    const entries = sorted.entries.map(entry => ({...entry, ...served}))
    return {kind: 'index', descriptor, ...sorted, entries, ...withAmbiguities(ambiguities)}
  }
  if (read.other) {
    throw new SourceError(
      'unsupported',
      `manifest ${root.digest} is an ${read.other}, not an image: its config is ${read.config.mediaType}`,
    )
  }
  const entry: PlatformEntry = claimed
    ? {platform: claimed, descriptor, claimedBy: 'index'}
    : await configEntry(reader, descriptor, read)
  return {kind: 'manifest', descriptor, entries: [{...entry, ...served}], referrers: []}
}

/** A registry that leaves the Content-Type out says nothing wrong. */
function servedAs({mediaType}: Descriptor): Pick<PlatformEntry, 'servedAs'> {
  const isKnown = mediaType === '' || [...INDEX_MEDIA_TYPES, ...MANIFEST_MEDIA_TYPES].includes(mediaType)
  return isKnown ? {} : {servedAs: mediaType}
}

/** What a manifest is that an index names no platform of. */
async function claimByConfig(reader: BlobReader, descriptor: Descriptor): Promise<PlatformEntry | Referrer> {
  const manifest = await reader.indexOrManifest(descriptor)
  if (manifest.kind === 'index') {
    throw new SourceError('malformed', `${descriptor.digest} is named as a manifest and is an index`)
  }
  const {other, what} = manifest
  if (other) return {descriptor, kind: other, ...(other === 'artifact' && what !== undefined ? {what} : {})}
  return configEntry(reader, descriptor, manifest)
}

async function configEntry(reader: BlobReader, descriptor: Descriptor, manifest: Manifest): Promise<PlatformEntry> {
  return claimedByConfig(descriptor, async () => (await reader.config(manifest.config)).value.platform)
}
