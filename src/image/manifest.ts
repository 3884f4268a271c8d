import {
  arrayOf,
  type Decoded,
  object,
  optional,
  parseImageJson,
  recordOf,
  required,
  string,
  typed,
} from '../lib/json.ts'
import {ok, type Result} from '../lib/result.ts'
import {describeArtifact} from './artifact-type.ts'
import {descriptorJson, plainDescriptor} from './descriptor-json.ts'
import {CONFIG_MEDIA_TYPES, type Mislabelled} from './media-type.ts'
import type {Descriptor, Referrer} from './source.ts'

/** https://github.com/opencontainers/image-spec/blob/main/manifest.md, or Docker's schema 2. */
export interface Manifest {
  readonly kind: 'manifest'
  readonly mediaType: string
  /** What else the manifest is where it is not an image's; undefined for an image. */
  readonly other: Exclude<Referrer['kind'], 'index'> | undefined
  /** The same in words, by its own artifactType or its config. */
  readonly what: string | undefined
  readonly config: Descriptor
  /** From the bottom. */
  readonly layers: readonly Descriptor[]
  /** Names in it that other readers may take otherwise, and what engines read. */
  readonly ambiguities: readonly string[]
  readonly mislabelled?: Mislabelled
}

/** Docker reads an image under these too: https://github.com/distribution/distribution/issues/1621 */
const LEGACY_CONFIG_MEDIA_TYPES: readonly string[] = ['application/octet-stream', 'application/json', 'text/html', '']
const IN_TOTO = 'application/vnd.in-toto+json'

const manifest = object({
  config: required(descriptorJson),
  layers: required(arrayOf(descriptorJson)),
  artifactType: optional(string, ''),
  subject: typed(descriptorJson),
  annotations: typed(recordOf(string)),
})

/** Parses the JSON of a manifest, whose media type is known. */
export function parseManifest(bytes: Uint8Array, mediaType: string): Result<Manifest> {
  const raw = parseImageJson(bytes, manifest)
  if (!raw.ok) return raw
  const {value, ambiguities} = raw.value
  const {config, layers} = value
  const other = otherKind(value)
  return ok({
    kind: 'manifest',
    mediaType,
    other,
    what: other && describeArtifact(value.artifactType || config.mediaType),
    config: plainDescriptor(config),
    layers: layers.map(plainDescriptor),
    ambiguities,
  })
}

function otherKind({config, layers}: Decoded<typeof manifest>): Manifest['other'] {
  // BuildKit's first attestations carry an image's config and no annotation.
  if (layers.length > 0 && layers.every(layer => layer.mediaType === IN_TOTO)) return 'attestation'
  return isImageConfig(config.mediaType) ? undefined : 'artifact'
}

/** Whether a config of this media type is that of an image. */
export function isImageConfig(mediaType: string): boolean {
  return CONFIG_MEDIA_TYPES.includes(mediaType) || LEGACY_CONFIG_MEDIA_TYPES.includes(mediaType)
}
