import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {layerTar, sha256} from '../../__tests__/support/image-builder.ts'
import {busybox} from '../../e2e/ground/programs.ts'
import {baseLayer, type LayerFile} from './base-layer.ts'
import {INDEX, MANIFEST, pushDocument, pushFile} from './push-documents.ts'

/** In bytes, of the base layer before it is compressed. */
export const LARGE_SIZE = 900e6

export interface LargeImage {
  /** `127.0.0.1:PORT/bench/large:1` */
  readonly reference: string
  readonly platforms: readonly {
    readonly platform: string
    /** Of its manifest. */
    readonly digest: string
    readonly base: LayerFile
    readonly program: LayerFile
  }[]
}

/** What may differ of the image. */
export interface LargeOptions {
  /** In bytes, of the base layer before it is compressed. */
  readonly size?: number
  /** Each has a top layer of its own. */
  readonly tag?: string
}

/**
 * Pushes the image that the sources are measured with: for two platforms each a base layer of 900 MB (files of this
 * machine's /usr, gzip's default level) and a static busybox of 2 MB on top, which is the entrypoint.
 */
export async function pushLargeImage(
  address: string,
  scratch: string,
  {size = LARGE_SIZE, tag = '1'}: LargeOptions = {},
): Promise<LargeImage> {
  const platforms = []
  for (const architecture of ['amd64', 'arm64'] as const) {
    const base = await baseLayer(architecture, size)
    const program = await programLayer(architecture, scratch, tag)
    platforms.push({platform: `linux/${architecture}`, architecture, base, program})
  }
  const name = 'bench/large'
  const manifests = []
  for (const {architecture, base, program} of platforms) {
    const layers = []
    for (const layer of [base, program]) {
      await pushFile(address, name, layer)
      layers.push({mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: layer.digest, size: layer.size})
    }
    const config = await pushDocument(address, name, 'config', {
      os: 'linux',
      architecture,
      config: {Entrypoint: ['/app']},
      rootfs: {type: 'layers', diff_ids: [base.diffId, program.diffId]},
      history: [{created_by: 'ADD base'}, {created_by: 'COPY app /app'}],
    })
    const manifest = await pushDocument(address, name, 'manifest', {
      schemaVersion: 2,
      mediaType: MANIFEST,
      config,
      layers,
    })
    manifests.push({...manifest, platform: {os: 'linux', architecture}})
  }
  await pushDocument(address, name, 'index', {schemaVersion: 2, mediaType: INDEX, manifests}, tag)
  const digests = manifests.map(({digest}) => digest)
  return {
    reference: `${address}/${name}:${tag}`,
    platforms: platforms.map((one, index) => ({...one, digest: digests[index] ?? ''})),
  }
}

async function programLayer(architecture: 'amd64' | 'arm64', scratch: string, tag: string): Promise<LayerFile> {
  const app = {content: await readFile(await busybox(architecture)), mode: 0o755}
  const tar = layerTar({app, 'etc/release': tag})
  const blob = gzipSync(tar)
  const path = join(scratch, `program-${architecture}-${tag}.tar.gz`)
  await writeFile(path, blob)
  return {path, digest: sha256(blob), diffId: sha256(tar), size: blob.length, tarSize: tar.length}
}
