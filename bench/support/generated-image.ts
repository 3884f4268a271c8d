import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {createWriteStream} from 'node:fs'
import {mkdir, readFile, rename, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {pipeline} from 'node:stream/promises'
import {createGzip} from 'node:zlib'
import {type GeneratedLayer, tarOf} from './generated-tar.ts'
import {PLATFORM_PROGRAMS} from './platform-programs.ts'

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

/** What is generated; sizes and numbers are those of one platform. */
export interface ImageShape {
  /** In bytes, of all files. */
  readonly size: number
  readonly files: number
  /** One for each gigabyte. */
  readonly layers?: number
  /** 1 */
  readonly platforms?: number
  /** `cuts` out of a real program, the default, or small ELF `programs` of the platform, whatever `size` says. */
  readonly kind?: GeneratedLayer['kind']
}

/** In bytes, of a layer's files. */
const LAYER_SIZE = 1e9
/** In bytes. */
const BATCH = 256 * 1024

/**
 * Writes an OCI layout, with layers of its own for each platform; the last one of a platform has a program to start.
 */
export async function generateImage(folder: string, shape: ImageShape): Promise<GeneratedImage> {
  const {size, files, platforms = 1, kind = 'cuts'} = shape
  const count = shape.layers ?? Math.max(1, Math.round(size / LAYER_SIZE))
  const blobs = join(folder, 'blobs/sha256')
  await mkdir(blobs, {recursive: true})
  const material = await readFile(process.execPath)
  const put = async (mediaType: string, value: object) => {
    const bytes = Buffer.from(JSON.stringify(value))
    const hex = createHash('sha256').update(bytes).digest('hex')
    await writeFile(join(blobs, hex), bytes)
    return {mediaType: `application/vnd.oci.image.${mediaType}`, digest: `sha256:${hex}`, size: bytes.length}
  }
  const written: LayerBlob[] = []
  const manifests = []
  for (const [at, {platform, program}] of PLATFORM_PROGRAMS.slice(0, platforms).entries()) {
    const own: LayerBlob[] = []
    for (let number = 0; number < count; number += 1) {
      const app = number === count - 1 ? program : undefined
      const layer = {size: size / count, files: Math.ceil(files / count), material, kind, program, app}
      own.push(await writeLayer(blobs, tarOf({...layer, number: at * count + number})))
    }
    const config = await put('config.v1+json', {
      ...platform,
      config: {Entrypoint: ['/app']},
      rootfs: {type: 'layers', diff_ids: own.map(({diffId}) => diffId)},
    })
    const layers = own.map(({digest, compressed}) => ({mediaType: LAYER, digest, size: compressed}))
    const manifest = await put('manifest.v1+json', {schemaVersion: 2, mediaType: MANIFEST, config, layers})
    manifests.push({...manifest, platform})
    written.push(...own)
  }
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  await writeFile(join(folder, 'index.json'), JSON.stringify({schemaVersion: 2, manifests}))
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
  readonly path: string
  readonly digest: string
  readonly diffId: string
  readonly compressed: number
  readonly unpacked: number
}

async function writeLayer(blobs: string, chunks: Iterable<Uint8Array>): Promise<LayerBlob> {
  const draft = join(blobs, 'draft')
  const [id, digest] = [createHash('sha256'), createHash('sha256')]
  let unpacked = 0
  const counted = function* () {
    for (const chunk of batches(chunks)) {
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

/** Each chunk costs a stream a turn: small ones are put together. */
function* batches(chunks: Iterable<Uint8Array>): Generator<Uint8Array, void, undefined> {
  let [batch, length]: [Uint8Array[], number] = [[], 0]
  for (const chunk of chunks) {
    batch.push(chunk)
    length += chunk.length
    if (length < BATCH) continue
    yield Buffer.concat(batch)
    ;[batch, length] = [[], 0]
  }
  yield Buffer.concat(batch)
}
