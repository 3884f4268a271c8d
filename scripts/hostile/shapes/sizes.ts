import {createHash} from 'node:crypto'
import {truncate, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {gzipSync, zstdCompressSync} from 'node:zlib'
import {OCI} from '../../support/layout-builder.ts'
import {base256, buildTar, tarHeader, tarItem} from '../../support/tar-builder.ts'
import {AMD64, type ImageFolder, type Layer} from '../image-folder.ts'
import type {Scene, Shape} from '../shape.ts'
import {APP, manyEntries, quickHeader, TAR_END} from '../tars.ts'

const GIB = 2 ** 30
const PIECE = 64 * 2 ** 20
/** What is beyond a ratio is read: who raises its limit meets the limits of sizes alone. */
const ANY_RATIO = ['--limits', 'image-excess-bytes=1000GiB']

/** Layers that are larger than is read, packed or unpacked. */
export const SIZES: readonly Shape[] = [
  {
    ...{name: 'a layer of 65 GiB', limit: 'layer-bytes', outcome: 'could-not-check', streams: 65},
    ...{carriers: ['layout'], options: ANY_RATIO},
    make: async image => image.setRoot(await image.putImage({layers: [await putZeros(image, 65)]})),
  },
  {
    // One layer is read once, and stands there several times.
    ...{name: 'eight layers of 33 GiB', limit: 'image-bytes', outcome: 'could-not-check', streams: 33},
    ...{carriers: ['layout'], options: ANY_RATIO},
    make: async image => {
      const layer = await putZeros(image, 33)
      await image.setRoot(await image.putImage({layers: Array.from({length: 8}, () => layer)}))
    },
  },
  {
    ...{name: 'a layer of 65 GiB as it is stored', limit: 'layer-compressed-bytes', outcome: 'could-not-check'},
    carriers: ['layout', 'registry'],
    make: image => putStored(image, [65]),
  },
  {
    ...{name: 'five layers of 60 GiB as they are stored', limit: 'image-compressed-bytes', outcome: 'could-not-check'},
    carriers: ['layout', 'registry'],
    make: image => putStored(image, [60, 60, 60, 60, 60]),
  },
  {
    // Its names are in memory once.
    ...{name: 'four layers of 1,260,000 files', limit: 'image-entries', outcome: 'could-not-check'},
    carriers: ['layout'],
    make: async image => {
      const layer = await image.putLayer(manyEntries(1_260_000, at => quickHeader(at.toString(36))))
      await image.setRoot(await image.putImage({layers: [layer, layer, layer, layer]}))
    },
  },
]

/** Archives that are small and unpack to much. */
export const BOMBS: readonly Scene[] = [
  {
    ...{name: 'a docker-archive: a gzip layer of 100 GiB of zeros', limit: 'image-excess-bytes'},
    outcome: 'could-not-check',
    prepare: async folder => {
      const layer = Buffer.concat([...packed(100, gzipSync)])
      return {args: [`docker-archive:${await writeArchive(folder, layer)}`], stop: async () => {}}
    },
  },
  archive('of 100 GiB of zeros', 'image-excess-bytes', 100, []),
  {...archive('of 65 GiB of zeros', 'archive-bytes', 65, ANY_RATIO), streams: 65},
]

/** An archive that is compressed as a whole. */
function archive(name: string, limit: NonNullable<Scene['limit']>, size: number, options: readonly string[]): Scene {
  return {
    ...{name: `a zstd archive ${name}`, limit, outcome: 'could-not-check'},
    prepare: async folder => {
      const file = join(folder, 'image.tar.zst')
      await writeFile(file, Buffer.concat([...packed(size, zstdCompressSync)]))
      return {args: [`oci-archive:${file}`, ...options], stop: async () => {}}
    },
  }
}

/** A program and a file of so many GiB of zeros, in pieces; those of zeros are compressed once. */
function* packed(size: number, compress: (bytes: Uint8Array) => Uint8Array): Generator<Uint8Array> {
  const zeros = compress(Buffer.alloc(PIECE))
  yield compress(headOf(size))
  for (let at = 0; at < (size * GIB) / PIECE; at++) yield zeros
  yield compress(TAR_END)
}

function headOf(size: number): Buffer {
  const patch = (block: Buffer): void => base256(block, 124, 12, BigInt(size * GIB))
  return Buffer.concat([tarItem(APP), tarHeader({name: 'zeros', patch})])
}

async function putZeros(image: ImageFolder, size: number): Promise<Layer> {
  const hash = createHash('sha256').update(headOf(size))
  const piece = Buffer.alloc(PIECE)
  for (let at = 0; at < (size * GIB) / PIECE; at++) hash.update(piece)
  const diffId = `sha256:${hash.update(TAR_END).digest('hex')}`
  return image.putBlobLayer(packed(size, zstdCompressSync), 'zstd', diffId)
}

/** Layers of so many GiB that are nothing but holes, under digests that are not theirs. */
async function putStored(image: ImageFolder, sizes: readonly number[]): Promise<void> {
  const layers: Layer[] = []
  for (const [at, size] of sizes.entries()) {
    const digest = `sha256:${createHash('sha256').update(String(at)).digest('hex')}`
    await image.putAs(digest, OCI.none, new Uint8Array())
    await truncate(image.path({digest}), size * GIB)
    layers.push({descriptor: {mediaType: OCI.none, digest, size: size * GIB}, diffId: digest})
  }
  await image.setRoot(await image.putImage({layers}))
}

/** An archive as `docker save` wrote it before Docker 25, with one layer. */
async function writeArchive(folder: string, layer: Uint8Array): Promise<string> {
  const diffId = `sha256:${'0'.repeat(64)}`
  const config = {...AMD64, config: {Entrypoint: ['/app']}, rootfs: {type: 'layers', diff_ids: [diffId]}}
  const file = join(folder, 'image.tar')
  const tar = buildTar([
    {name: 'manifest.json', content: JSON.stringify([{Config: 'c.json', RepoTags: ['app:1'], Layers: ['layer']}])},
    {name: 'c.json', content: JSON.stringify(config)},
    {name: 'layer', content: layer},
  ])
  await writeFile(file, tar)
  return file
}
