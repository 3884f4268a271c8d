import {type LayoutImage, layoutOf} from '../../scripts/support/layout-builder.ts'
import type {Registry} from '../ground/registry.ts'
import {describe, Repository} from '../ground/registry-api.ts'

const INDEX = 'application/vnd.oci.image.index.v1+json'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

export interface PushOptions {
  /** Takes the platforms' manifests away again, once the index is there. */
  readonly withoutManifests?: boolean
}

/**
 * Pushes an image built from literals as `NAME:TAG`, in an order that a registry takes: blobs,
 * manifests, indexes. Gives its digest.
 */
export async function pushLayout(
  registry: Pick<Registry, 'address'>,
  name: string,
  tag: string,
  image: LayoutImage,
  {withoutManifests = false}: PushOptions = {},
): Promise<string> {
  const repository = new Repository(registry, name)
  const {files, roots, manifests} = layoutOf(image)
  const blobs = [...files].filter(([path]) => path.startsWith('blobs/')).map(([, bytes]) => bytes)
  for (const bytes of blobs.filter(blob => mediaTypeOf(blob) === undefined)) await repository.pushBlob(bytes)
  for (const type of [MANIFEST, INDEX]) {
    for (const bytes of blobs.filter(blob => mediaTypeOf(blob) === type)) await repository.pushManifest(bytes, type)
  }
  const [root] = roots
  const bytes = blobs.find(blob => describe(blob, '').digest === root?.digest)
  if (bytes === undefined || root === undefined) throw new Error('the image has no root')
  const {digest} = await repository.pushManifest(bytes, root.mediaType, tag)
  if (withoutManifests) for (const child of manifests.flat()) await repository.deleteManifest(child.digest)
  return digest
}

function mediaTypeOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== 0x7b) return undefined
  const {mediaType, manifests, layers}: {mediaType?: string; manifests?: unknown; layers?: unknown} = JSON.parse(
    Buffer.from(bytes).toString(),
  )
  return manifests === undefined && layers === undefined ? undefined : mediaType
}
