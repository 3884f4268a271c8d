import {link, mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {buildLayout, type LayoutLayer} from '../support/layout-builder.ts'
import type {DebianArch} from './debian.ts'
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

/** Writes an OCI layout of one platform; the blobs of layers from the cache are hard links to it. */
export async function writeLayout(directory: string, image: SystemImage): Promise<void> {
  const stored = image.layers.map(({layer, createdBy}) => ({stored: layer, createdBy}))
  const entrypoint = image.entrypoint.map(word => word.replaceAll('ARCH', image.arch))
  buildLayout(directory, {
    platforms: [
      {
        platform: `linux/${image.arch}`,
        config: {Entrypoint: entrypoint, Env: [`PATH=${PATH}`]},
        layers: [...stored, ...(image.above ?? [])],
      },
    ],
  })
  const blobs = join(directory, 'blobs', 'sha256')
  await mkdir(blobs, {recursive: true})
  for (const {layer} of image.layers) await link(layer.path, join(blobs, layer.digest.slice('sha256:'.length)))
}
