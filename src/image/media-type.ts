/**
 * Media types of https://github.com/opencontainers/image-spec/blob/main/media-types.md and of Docker's own second
 * schema.
 */
export const INDEX_MEDIA_TYPES: readonly string[] = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]
export const MANIFEST_MEDIA_TYPES: readonly string[] = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]
export const CONFIG_MEDIA_TYPES: readonly string[] = [
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]

/** A document whose own `mediaType` is not what it is named as from outside. */
export interface Mislabelled {
  readonly own: string
  readonly mediaType: string
}

/**
 * Layers that may not be passed on, and so may be absent from where an image is: OCI's
 * `nondistributable` and Docker's `foreign` ones.
 */
export function isNonDistributable(mediaType: string): boolean {
  return NON_DISTRIBUTABLE.test(mediaType)
}

const NON_DISTRIBUTABLE =
  /^application\/vnd\.(?:oci\.image\.layer\.nondistributable\.v1\.tar|docker\.image\.rootfs\.foreign\.diff\.tar)(?:[.+](?:gzip|zstd))?$/
