import {arrayOf, object, parseImageJson, recordOf, required, string, typed} from '../lib/json.ts'
import {ok, type Result} from '../lib/result.ts'
import {type DescriptorJson, descriptorJson, plainDescriptor, plainPlatform} from './descriptor-json.ts'
import {isImageConfig} from './manifest.ts'
import {INDEX_MEDIA_TYPES, MANIFEST_MEDIA_TYPES} from './media-type.ts'
import type {Descriptor, PlatformEntry, Referrer} from './source.ts'

/** https://github.com/opencontainers/image-spec/blob/main/image-index.md, or Docker's manifest list. */
export interface ImageIndex {
  readonly kind: 'index'
  readonly mediaType: string
  /** In the order of the index. */
  readonly children: readonly IndexChild[]
  /** Names in it that other readers may take otherwise, and what engines read. */
  readonly ambiguities: readonly string[]
}

export type IndexChild =
  | {readonly kind: 'platform'; readonly entry: PlatformEntry}
  /** An image manifest without a platform: its config tells it. */
  | {readonly kind: 'unclaimed'; readonly descriptor: Descriptor}
  /** An index in the index. */
  | {readonly kind: 'nested'; readonly descriptor: Descriptor}
  | {readonly kind: 'other'; readonly entry: Referrer}

/** BuildKit: with any value of this annotation, "the entire manifest should be ignored". */
const REFERENCE_TYPE = 'vnd.docker.reference.type'

const index = object({
  manifests: required(arrayOf(descriptorJson)),
  artifactType: typed(string),
  subject: typed(descriptorJson),
  annotations: typed(recordOf(string)),
})

/** Parses the JSON of an index, whose media type is known. */
export function parseIndex(bytes: Uint8Array, mediaType: string): Result<ImageIndex> {
  const raw = parseImageJson(bytes, index)
  if (!raw.ok) return raw
  const {value, ambiguities} = raw.value
  return ok({kind: 'index', mediaType, children: value.manifests.map(indexChild), ambiguities})
}

function indexChild(raw: DescriptorJson): IndexChild {
  const descriptor = plainDescriptor(raw)
  const other = (kind: Referrer['kind']): IndexChild => ({kind: 'other', entry: {descriptor, kind}})
  const reference = raw.annotations[REFERENCE_TYPE]
  if (reference !== undefined) return other(reference === 'attestation-manifest' ? 'attestation' : 'artifact')
  if (raw.platform?.os === 'unknown' && raw.platform.architecture === 'unknown') return other('attestation')
  // OCI 1.1 lets a descriptor repeat its config's media type here: that of an image is no artifact's.
  if (raw.artifactType !== undefined && raw.artifactType !== '' && !isImageConfig(raw.artifactType))
    return other('artifact')
  if (INDEX_MEDIA_TYPES.includes(raw.mediaType)) return {kind: 'nested', descriptor}
  if (!MANIFEST_MEDIA_TYPES.includes(raw.mediaType)) return other('artifact')
  if (!raw.platform) return {kind: 'unclaimed', descriptor}
  return {kind: 'platform', entry: {platform: plainPlatform(raw.platform), descriptor, claimedBy: 'index'}}
}
