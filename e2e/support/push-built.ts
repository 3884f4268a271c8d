import type {BuiltImage} from '../../__tests__/support/image-builder.ts'
import type {Registry} from '../ground/registry.ts'
import {Repository} from '../ground/registry-api.ts'

/**
 * Pushes an image that was built in memory as `NAME:TAG`, in an order that a registry takes: blobs,
 * manifests, the index. Gives `ADDRESS/NAME:TAG`.
 */
export async function pushBuilt(
  registry: Pick<Registry, 'address'>,
  name: string,
  tag: string,
  {root, blobs}: BuiltImage,
): Promise<string> {
  const repository = new Repository(registry, name)
  const rank = (mediaType: string): number => (mediaType.includes('index') ? 2 : mediaType.includes('manifest') ? 1 : 0)
  const ordered = [...blobs].sort(([, a], [, b]) => rank(a.mediaType) - rank(b.mediaType))
  for (const [digest, {mediaType, bytes}] of ordered) {
    if (rank(mediaType) === 0) await repository.pushBlob(bytes, mediaType)
    else await repository.pushManifest(bytes, mediaType, digest === root.digest ? tag : undefined)
  }
  return `${repository.name}:${tag}`
}
