import {
  arrayOf,
  count,
  type Decoder,
  INVALID,
  object,
  optional,
  parsed,
  parseJson,
  recordOf,
  required,
  string,
} from '../lib/json.ts'
import {fail, ok, type Result} from '../lib/result.ts'
import type {Platform} from '../platform/platform.ts'
import {parseDigest} from './digest.ts'
import {CONFIG_MEDIA_TYPES, INDEX_MEDIA_TYPES, MANIFEST_MEDIA_TYPES} from './media-type.ts'
import type {Descriptor, PlatformEntry, Referrer} from './source.ts'

/** An index or a manifest as its own bytes say; what it points to has not been read. */
export type ParsedDocument = ParsedIndex | ParsedManifest

/** https://github.com/opencontainers/image-spec/blob/main/image-index.md, or Docker's manifest list. */
export interface ParsedIndex {
  readonly kind: 'index'
  readonly mediaType: string
  /** In the order of the index. */
  readonly children: readonly IndexChild[]
}

export type IndexChild =
  | {readonly kind: 'platform'; readonly entry: PlatformEntry}
  /** An image manifest without a platform: its config tells it. */
  | {readonly kind: 'unclaimed'; readonly descriptor: Descriptor}
  /** An index in the index. */
  | {readonly kind: 'nested'; readonly descriptor: Descriptor}
  | {readonly kind: 'other'; readonly entry: Referrer}

/** https://github.com/opencontainers/image-spec/blob/main/manifest.md, or Docker's schema 2. */
export interface ParsedManifest {
  readonly kind: 'manifest'
  readonly mediaType: string
  /** What else the manifest is where it is no image's; undefined for an image. */
  readonly other: Exclude<Referrer['kind'], 'index'> | undefined
  readonly config: Descriptor
  /** From the bottom. */
  readonly layers: readonly Descriptor[]
}

/** Docker reads an image under these too: https://github.com/distribution/distribution/issues/1621 */
const LEGACY_CONFIG_MEDIA_TYPES: readonly string[] = ['application/octet-stream', 'application/json', 'text/html', '']
const IN_TOTO = 'application/vnd.in-toto+json'
/** BuildKit: with any value of this annotation, "the entire manifest should be ignored". */
const REFERENCE_TYPE = 'vnd.docker.reference.type'

interface RawPlatform {
  readonly os: string
  readonly architecture: string
  readonly variant: string
  readonly 'os.version': string | undefined
}

interface RawDescriptor extends Omit<Descriptor, 'data' | 'urls'> {
  readonly data: string | undefined
  readonly urls: readonly string[] | undefined
  readonly platform: RawPlatform | undefined
  readonly artifactType: string | undefined
}

const platform: Decoder<RawPlatform> = object<RawPlatform>({
  os: optional(string, ''),
  architecture: optional(string, ''),
  variant: optional(string, ''),
  'os.version': optional(string),
})

/** What is a hint only is left out where it makes no sense. */
function lenient<T>(decode: Decoder<T>): Decoder<T | undefined> {
  return (value, at) => {
    const decoded = decode(value, at, [])
    return decoded === INVALID ? undefined : decoded
  }
}

const descriptor: Decoder<RawDescriptor> = object<RawDescriptor>({
  mediaType: required(string),
  digest: required(parsed(parseDigest)),
  size: required(count),
  annotations: optional(recordOf(string), {}),
  data: optional(lenient(string)),
  urls: optional(lenient(arrayOf(string))),
  platform: optional(platform),
  artifactType: optional(string),
})

interface Shape {
  readonly mediaType: string | undefined
  readonly schemaVersion: number | undefined
  readonly manifests: unknown
  readonly config: unknown
  readonly layers: unknown
  readonly fsLayers: unknown
}

const unchecked: Decoder<unknown> = value => value

const shape: Decoder<Shape> = object<Shape>({
  mediaType: optional(string),
  schemaVersion: optional(count),
  manifests: optional(unchecked),
  config: optional(unchecked),
  layers: optional(unchecked),
  fsLayers: optional(unchecked),
})

interface RawIndex {
  readonly manifests: readonly RawDescriptor[]
}

interface RawManifest {
  readonly artifactType: string | undefined
  readonly config: RawDescriptor
  readonly layers: readonly RawDescriptor[]
}

const index: Decoder<RawIndex> = object<RawIndex>({manifests: required(arrayOf(descriptor))})

const manifest: Decoder<RawManifest> = object<RawManifest>({
  artifactType: optional(string),
  config: required(descriptor),
  layers: required(arrayOf(descriptor)),
})

/**
 * Parses an index or a manifest. What it is, its own `mediaType` says, else `mediaType` from outside (the Content-Type
 * or the descriptor, parameters allowed), else its fields; where these contradict each other nothing is believed
 * (CVE-2021-41190).
 */
export function parseDocument(bytes: Uint8Array, mediaType?: string): Result<ParsedDocument> {
  const outside = parseJson(bytes, shape)
  if (!outside.ok) return outside
  const kind = documentKind(outside.value, mediaType?.split(';')[0]?.trim().toLowerCase())
  if (!kind.ok) return kind
  return kind.value.kind === 'index'
    ? parseIndex(bytes, kind.value.mediaType)
    : parseManifest(bytes, kind.value.mediaType)
}

interface DocumentKind {
  readonly kind: 'index' | 'manifest'
  readonly mediaType: string
}

function documentKind(found: Shape, given: string | undefined): Result<DocumentKind> {
  const hasIndexFields = found.manifests !== undefined
  const hasManifestFields = found.config !== undefined || found.layers !== undefined
  if (found.schemaVersion === 1 || found.fsLayers !== undefined) {
    return fail('a Docker schema 1 manifest, which engines no longer read')
  }
  if (hasIndexFields && hasManifestFields) return fail('both an index (manifests) and a manifest (config, layers)')
  if (!hasIndexFields && !hasManifestFields) return fail('neither an index (manifests) nor a manifest (config, layers)')
  const kind = hasIndexFields ? 'index' : 'manifest'
  const own = found.mediaType
  if (own !== undefined && kindOf(own) !== kind)
    return fail(`the fields of ${article(kind)}, but its mediaType is ${JSON.stringify(own)}`)
  const outer = given === undefined ? undefined : kindOf(given)
  if (outer !== undefined && outer !== kind) return fail(`the fields of ${article(kind)}, but it was named as ${given}`)
  const types = kind === 'index' ? INDEX_MEDIA_TYPES : MANIFEST_MEDIA_TYPES
  return ok({kind, mediaType: own ?? (outer === undefined ? undefined : given) ?? types[0] ?? ''})
}

function kindOf(mediaType: string): 'index' | 'manifest' | undefined {
  if (INDEX_MEDIA_TYPES.includes(mediaType)) return 'index'
  return MANIFEST_MEDIA_TYPES.includes(mediaType) ? 'manifest' : undefined
}

function article(kind: 'index' | 'manifest'): string {
  return kind === 'index' ? 'an index' : 'a manifest'
}

function parseIndex(bytes: Uint8Array, mediaType: string): Result<ParsedIndex> {
  const raw = parseJson(bytes, index)
  return raw.ok ? ok({kind: 'index', mediaType, children: raw.value.manifests.map(indexChild)}) : raw
}

function indexChild(raw: RawDescriptor): IndexChild {
  const descriptor = plainDescriptor(raw)
  const other = (kind: Referrer['kind']): IndexChild => ({kind: 'other', entry: {descriptor, kind}})
  const reference = raw.annotations[REFERENCE_TYPE]
  if (reference !== undefined) return other(reference === 'attestation-manifest' ? 'attestation' : 'artifact')
  if (raw.platform?.os === 'unknown' && raw.platform.architecture === 'unknown') return other('attestation')
  // OCI 1.1 lets a descriptor repeat its config's media type here: that of an image is no artifact's.
  if (raw.artifactType !== undefined && raw.artifactType !== '' && !isImageConfig(raw.artifactType))
    return other('artifact')
  const kind = kindOf(raw.mediaType)
  if (kind === 'index') return {kind: 'nested', descriptor}
  if (kind === undefined) return other('artifact')
  if (!raw.platform) return {kind: 'unclaimed', descriptor}
  return {kind: 'platform', entry: {platform: plainPlatform(raw.platform), descriptor, claimedBy: 'index'}}
}

function parseManifest(bytes: Uint8Array, mediaType: string): Result<ParsedManifest> {
  const raw = parseJson(bytes, manifest)
  if (!raw.ok) return raw
  const {config, layers} = raw.value
  return ok({
    kind: 'manifest',
    mediaType,
    other: otherKind(raw.value),
    config: plainDescriptor(config),
    layers: layers.map(plainDescriptor),
  })
}

function otherKind({config, layers}: RawManifest): ParsedManifest['other'] {
  // BuildKit's first attestations carry an image's config and no annotation.
  if (layers.length > 0 && layers.every(layer => layer.mediaType === IN_TOTO)) return 'attestation'
  return isImageConfig(config.mediaType) ? undefined : 'artifact'
}

function isImageConfig(mediaType: string): boolean {
  return CONFIG_MEDIA_TYPES.includes(mediaType) || LEGACY_CONFIG_MEDIA_TYPES.includes(mediaType)
}

function plainDescriptor({mediaType, digest, size, annotations, data, urls}: RawDescriptor): Descriptor {
  return {
    ...{mediaType, digest, size, annotations},
    ...(data === undefined ? {} : {data}),
    ...(urls === undefined ? {} : {urls}),
  }
}

/** The platform as it is claimed: nothing is normalised. */
function plainPlatform(raw: RawPlatform): Platform {
  const {os, architecture, variant, 'os.version': osVersion} = raw
  return {os, architecture, variant, ...(osVersion === undefined ? {} : {osVersion})}
}
