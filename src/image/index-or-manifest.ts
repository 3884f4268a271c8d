import {defined} from '../lib/defined.ts'
import {count, type Decoded, object, optional, parseImageJson, string, unchecked} from '../lib/json.ts'
import {fail, ok, type Result} from '../lib/result.ts'
import {type ImageIndex, parseIndex} from './image-index.ts'
import {type Manifest, parseManifest} from './manifest.ts'
import {INDEX_MEDIA_TYPES, MANIFEST_MEDIA_TYPES, type Mislabelled} from './media-type.ts'

const shape = object({
  mediaType: optional(string),
  schemaVersion: optional(count),
  manifests: optional(unchecked),
  config: optional(unchecked),
  layers: optional(unchecked),
  fsLayers: optional(unchecked),
})

/**
 * Parses an index or a manifest. What it is, `mediaType` from outside says (the Content-Type or the descriptor,
 * parameters allowed), else its own `mediaType`, else its fields; where one is an index's and one a manifest's, nothing
 * is believed (CVE-2021-41190).
 */
export function parseIndexOrManifest(bytes: Uint8Array, mediaType?: string): Result<ImageIndex | Manifest> {
  const outside = parseImageJson(bytes, shape)
  if (!outside.ok) return outside
  const {value, ambiguities} = outside.value
  const kind = findKind(value, mediaType?.split(';')[0]?.trim().toLowerCase())
  if (!kind.ok) return kind
  const read =
    kind.value.kind === 'index' ? parseIndex(bytes, kind.value.mediaType) : parseManifest(bytes, kind.value.mediaType)
  if (!read.ok) return read
  return ok({
    ...read.value,
    ...defined({mislabelled: kind.value.mislabelled}),
    ambiguities: [...new Set([...ambiguities, ...read.value.ambiguities])],
  })
}

interface Kind {
  readonly kind: 'index' | 'manifest'
  readonly mediaType: string
  readonly mislabelled: Mislabelled | undefined
}

function findKind(fields: Decoded<typeof shape>, given: string | undefined): Result<Kind> {
  const hasIndexFields = fields.manifests !== undefined
  const hasManifestFields = fields.config !== undefined || fields.layers !== undefined
  if (fields.schemaVersion === 1 || fields.fsLayers !== undefined) {
    return fail(
      'a Docker schema 1 manifest, which engines no longer read: build and push the image again, or convert it (skopeo copy --format oci)',
    )
  }
  if (hasIndexFields && hasManifestFields) return fail('both an index (manifests) and a manifest (config, layers)')
  if (!hasIndexFields && !hasManifestFields) return fail('neither an index (manifests) nor a manifest (config, layers)')
  const kind = hasIndexFields ? 'index' : 'manifest'
  // Go leaves an empty one out.
  const own = fields.mediaType || undefined
  const said = own === undefined ? undefined : kindOf(own)
  if (said !== undefined && said !== kind)
    return fail(`the fields of ${article(kind)}, but its mediaType is ${JSON.stringify(own)}`)
  const outer = given === undefined ? undefined : kindOf(given)
  if (outer !== undefined && outer !== kind) return fail(`the fields of ${article(kind)}, but it was named as ${given}`)
  const types = kind === 'index' ? INDEX_MEDIA_TYPES : MANIFEST_MEDIA_TYPES
  const mediaType =
    (outer === undefined ? undefined : given) ?? (said === undefined ? undefined : own) ?? types[0] ?? ''
  // OCI's may leave it out, Docker's may not.
  const isRight = own === mediaType || (own === undefined && (outer === undefined || mediaType === types[0]))
  return ok({kind, mediaType, mislabelled: isRight ? undefined : {own: own ?? '', mediaType}})
}

function kindOf(mediaType: string): 'index' | 'manifest' | undefined {
  if (INDEX_MEDIA_TYPES.includes(mediaType)) return 'index'
  return MANIFEST_MEDIA_TYPES.includes(mediaType) ? 'manifest' : undefined
}

function article(kind: 'index' | 'manifest'): string {
  return kind === 'index' ? 'an index' : 'a manifest'
}
