import {link, mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {buildLayout, type LayoutLayer} from '../support/layout-builder.ts'
import {type DebianArch, platformOf} from './architectures.ts'
import type {SystemLayer} from './layers.ts'

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** What an image layout is made of. */
export interface SystemImage {
  /** The platform that the image claims. */
  readonly arch: DebianArch
  readonly entrypoint: readonly string[]
  readonly layers: readonly SystemLayer[]
  /** Layers from memory, above those. */
  readonly above?: readonly LayoutLayer[]
}

/** Writes an OCI layout of these platforms; the blobs of layers from the cache are hard links to it. */
export async function writeLayout(directory: string, images: readonly SystemImage[]): Promise<void> {
  buildLayout(directory, {
    platforms: images.map(({arch, entrypoint, layers, above = []}) => ({
      platform: platformOf(arch),
      config: {Entrypoint: entrypoint.map(word => word.replaceAll('ARCH', arch)), Env: [`PATH=${PATH}`]},
      layers: [...layers.map(({layer, createdBy}) => ({stored: layer, createdBy})), ...above],
    })),
  })
  const blobs = join(directory, 'blobs', 'sha256')
  await mkdir(blobs, {recursive: true})
  // Platforms may share layers.
  const layers = new Map(images.flatMap(image => image.layers.map(({layer}) => [layer.digest, layer.path])))
  for (const [digest, path] of layers) await link(path, join(blobs, digest.slice('sha256:'.length)))
}
