import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {createWriteStream} from 'node:fs'
import {mkdir, readFile, rename, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {pipeline} from 'node:stream/promises'
import {createGzip} from 'node:zlib'
import {buildElf} from '../../__tests__/support/elf-builder.ts'
import {layerTar} from '../../__tests__/support/image-builder.ts'

export interface GeneratedImage {
  /** `oci:DIR` */
  readonly reference: string
  /** The layers' files, gzip. */
  readonly layers: readonly string[]
  /** In bytes, of all layers. */
  readonly compressed: number
  /** In bytes, of all layers' tars. */
  readonly unpacked: number
}

/** In bytes, of a layer's files. */
const LAYER_SIZE = 1e9
const FILES_PER_DIRECTORY = 100

/**
 * Writes an OCI layout of one platform whose layers hold so many files of so many bytes together, cut out of a
 * real program, and one program to start.
 */
export async function generateImage(folder: string, size: number, files: number): Promise<GeneratedImage> {
  const blobs = join(folder, 'blobs/sha256')
  await mkdir(blobs, {recursive: true})
  const material = await readFile(process.execPath)
  const count = Math.max(1, Math.round(size / LAYER_SIZE))
  const written: (LayerBlob & {readonly path: string})[] = []
  for (let number = 0; number < count; number += 1) {
    written.push(
      await writeLayer(blobs, tarOf({number, size: size / count, files: Math.round(files / count), material})),
    )
  }
  const app = {app: {content: buildElf({machine: 62}), mode: 0o755}}
  written.push(await writeLayer(blobs, [layerTar(app)]))

  const put = async (mediaType: string, value: object) => {
    const bytes = Buffer.from(JSON.stringify(value))
    const hex = createHash('sha256').update(bytes).digest('hex')
    await writeFile(join(blobs, hex), bytes)
    return {mediaType: `application/vnd.oci.image.${mediaType}`, digest: `sha256:${hex}`, size: bytes.length}
  }
  const platform = {os: 'linux', architecture: 'amd64'}
  const config = await put('config.v1+json', {
    ...platform,
    config: {Entrypoint: ['/app']},
    rootfs: {type: 'layers', diff_ids: written.map(({diffId}) => diffId)},
  })
  const layers = written.map(({digest, compressed}) => ({mediaType: LAYER, digest, size: compressed}))
  const manifest = await put('manifest.v1+json', {schemaVersion: 2, mediaType: MANIFEST, config, layers})
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  await writeFile(join(folder, 'index.json'), JSON.stringify({schemaVersion: 2, manifests: [{...manifest, platform}]}))
  return {
    reference: `oci:${folder}`,
    layers: written.map(({path}) => path),
    compressed: written.reduce((sum, layer) => sum + layer.compressed, 0),
    unpacked: written.reduce((sum, layer) => sum + layer.unpacked, 0),
  }
}

const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

interface LayerBlob {
  readonly digest: string
  readonly diffId: string
  readonly compressed: number
  readonly unpacked: number
}

async function writeLayer(blobs: string, chunks: Iterable<Uint8Array>): Promise<LayerBlob & {readonly path: string}> {
  const draft = join(blobs, 'draft')
  const [id, digest] = [createHash('sha256'), createHash('sha256')]
  let unpacked = 0
  const counted = function* () {
    for (const chunk of chunks) {
      id.update(chunk)
      unpacked += chunk.length
      yield chunk
    }
  }
  const gzip = createGzip({level: 1, chunkSize: 256 * 1024})
  gzip.on('data', (chunk: Buffer) => digest.update(chunk))
  const file = createWriteStream(draft)
  await pipeline(counted, gzip, file)
  if (!file.closed) await once(file, 'close')
  const hex = digest.digest('hex')
  const path = join(blobs, hex)
  await rename(draft, path)
  return {
    path,
    digest: `sha256:${hex}`,
    diffId: `sha256:${id.digest('hex')}`,
    compressed: (await stat(path)).size,
    unpacked,
  }
}

/** Files of one size, a hundred in a directory, one in fifty of them with an execute permission. */
function* tarOf(layer: {
  readonly number: number
  readonly size: number
  readonly files: number
  readonly material: Buffer
}): Generator<Uint8Array, void, undefined> {
  const {number, files, material} = layer
  const length = Math.round(layer.size / files)
  for (let at = 0; at < files; at += 1) {
    const name = `usr/lib/layer-${number}/directory-${Math.floor(at / FILES_PER_DIRECTORY)}/a-file-of-many-${at}`
    const start = (at * 7919 * 512) % Math.max(1, material.length - length)
    const content = material.subarray(start, start + length)
    const tar = layerTar({[name]: {content, mode: at % 50 === 0 ? 0o755 : 0o644}})
    // Without the two zero blocks that end a tar.
    yield at === files - 1 ? tar : tar.subarray(0, -1024)
  }
}
