import {createHash} from 'node:crypto'
import {createWriteStream} from 'node:fs'
import {mkdir, rename, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {pipeline} from 'node:stream/promises'
import {constants, createGzip, createZstdCompress} from 'node:zlib'
import {OCI, sha256} from '../support/layout-builder.ts'

export interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly [key: string]: unknown
}

export interface Layer {
  readonly descriptor: Descriptor
  readonly diffId: string
}

export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

export const AMD64 = {os: 'linux', architecture: 'amd64'} as const

/** What stands in a config and a manifest beside the layers. */
export interface ImageParts {
  readonly layers: readonly Layer[]
  /** The process part of the config; `Entrypoint: ["/app"]` where nothing is said. */
  readonly config?: object
  /** `AMD64` where nothing is said. */
  readonly platform?: object
  /** Written instead of what the layers call for. */
  readonly diffIds?: readonly string[]
}

/**
 * An image layout on disk whose blobs may be larger than memory: they are written as they are made. It is for our own
 * reader alone.
 */
export class ImageFolder {
  readonly folder: string
  /** Of every blob that is there, for a registry that serves them. */
  readonly mediaTypes = new Map<string, string>()
  #root: Descriptor | undefined
  #streams = 0

  constructor(folder: string) {
    this.folder = folder
  }

  static async make(folder: string): Promise<ImageFolder> {
    await mkdir(join(folder, 'blobs/sha256'), {recursive: true})
    await writeFile(join(folder, 'oci-layout'), JSON.stringify({imageLayoutVersion: '1.0.0'}))
    return new ImageFolder(folder)
  }

  get root(): Descriptor {
    if (!this.#root) throw new Error('the image has no root')
    return this.#root
  }

  path({digest}: Pick<Descriptor, 'digest'>): string {
    return join(this.folder, 'blobs/sha256', digest.slice('sha256:'.length))
  }

  async put(mediaType: string, content: object | string | Uint8Array): Promise<Descriptor> {
    const isBytes = content instanceof Uint8Array
    const bytes = isBytes ? content : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content))
    const digest = sha256(bytes)
    await writeFile(this.path({digest}), bytes)
    this.mediaTypes.set(digest, mediaType)
    return {mediaType, digest, size: bytes.length}
  }

  /** A layer of these pieces of a tar. */
  async putLayer(chunks: Chunks, compression: 'gzip' | 'zstd' | 'none' = 'gzip'): Promise<Layer> {
    const tar = createHash('sha256')
    const tapped = tap(chunks, chunk => tar.update(chunk))
    const blob = await this.#stream(OCI[compression], tapped, compression)
    return {descriptor: blob, diffId: `sha256:${tar.digest('hex')}`}
  }

  /** A layer whose blob is made of these pieces as they are; `diffId` is what the config says of it. */
  async putBlobLayer(chunks: Chunks, compression: 'gzip' | 'zstd' | 'none', diffId: string): Promise<Layer> {
    return {descriptor: await this.#stream(OCI[compression], chunks, 'none'), diffId}
  }

  /** A config and a manifest. */
  async putImage({
    layers,
    config = {Entrypoint: ['/app']},
    platform = AMD64,
    diffIds,
  }: ImageParts): Promise<Descriptor> {
    const written = await this.put(OCI.config, {
      ...platform,
      config,
      rootfs: {type: 'layers', diff_ids: diffIds ?? layers.map(({diffId}) => diffId)},
    })
    return this.putManifest(written, layers)
  }

  async putManifest(config: Descriptor, layers: readonly Layer[]): Promise<Descriptor> {
    return this.put(OCI.manifest, {
      schemaVersion: 2,
      mediaType: OCI.manifest,
      config,
      layers: layers.map(({descriptor}) => descriptor),
    })
  }

  async putIndex(manifests: readonly Descriptor[]): Promise<Descriptor> {
    return this.put(OCI.index, {schemaVersion: 2, mediaType: OCI.index, manifests})
  }

  /** Names what stands at the root. */
  async setRoot(descriptor: Descriptor): Promise<void> {
    this.#root = descriptor
    await this.putIndexFile(JSON.stringify({schemaVersion: 2, manifests: [descriptor]}))
  }

  /** A blob that is named by a digest that is not its own. */
  async putAs(digest: string, mediaType: string, bytes: Uint8Array): Promise<void> {
    await writeFile(this.path({digest}), bytes)
    this.mediaTypes.set(digest, mediaType)
  }

  async putIndexFile(text: string): Promise<void> {
    await writeFile(join(this.folder, 'index.json'), text)
  }

  async #stream(mediaType: string, chunks: Chunks, compression: 'gzip' | 'zstd' | 'none'): Promise<Descriptor> {
    const blob = createHash('sha256')
    let size = 0
    this.#streams += 1
    const temporary = join(this.folder, `blobs/sha256/stream-${this.#streams}`)
    const seen = (chunk: Uint8Array): void => {
      blob.update(chunk)
      size += chunk.length
    }
    const sink = createWriteStream(temporary)
    const tapping = (source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => tap(source, seen)
    if (compression === 'none') await pipeline(tap(chunks, seen), sink)
    else
      await pipeline(
        tap(chunks, () => {}),
        compressor(compression),
        tapping,
        sink,
      )
    const digest = `sha256:${blob.digest('hex')}`
    await rename(temporary, this.path({digest}))
    this.mediaTypes.set(digest, mediaType)
    return {mediaType, digest, size}
  }
}

function compressor(compression: 'gzip' | 'zstd') {
  const chunkSize = 2 ** 18
  return compression === 'gzip'
    ? createGzip({level: 1, chunkSize})
    : createZstdCompress({params: {[constants.ZSTD_c_compressionLevel]: 1}, chunkSize})
}

async function* tap(chunks: Chunks, see: (chunk: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    see(chunk)
    yield chunk
  }
}
