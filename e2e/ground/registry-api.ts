import {createHash} from 'node:crypto'
import type {Registry} from './registry.ts'

/** What another document says of a blob or a manifest. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

/** A manifest as the registry has it, byte for byte. */
export interface StoredManifest extends Descriptor {
  readonly bytes: Buffer
}

const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]

/** A repository in the registry, accessed directly, so that it can hold what no builder would put there. */
export class Repository {
  readonly #base: string

  /** The name for clients: `127.0.0.1:PORT/NAME`. */
  readonly name: string

  constructor(registry: Pick<Registry, 'address'>, name: string) {
    this.name = `${registry.address}/${name}`
    this.#base = `http://${registry.address}/v2/${name}`
  }

  /** Pushes a blob in one piece. */
  async pushBlob(content: string | Uint8Array, mediaType = 'application/octet-stream'): Promise<Descriptor> {
    const described = describe(content, mediaType)
    const opened = await this.#ask('POST', `${this.#base}/blobs/uploads/`)
    const location = new URL(opened.headers.get('location') ?? '', this.#base)
    location.searchParams.set('digest', described.digest)
    await this.#ask('PUT', location, {'content-type': 'application/octet-stream'}, content)
    return described
  }

  /** Pushes a manifest or an index, as JSON of a value or exactly as given, by a tag or by its digest. */
  async pushManifest(manifest: object | string | Uint8Array, mediaType: string, tag?: string): Promise<Descriptor> {
    const raw = typeof manifest === 'string' || manifest instanceof Uint8Array
    const content = raw ? manifest : JSON.stringify(manifest)
    const described = describe(content, mediaType)
    await this.#ask('PUT', this.#manifest(tag ?? described.digest), {'content-type': mediaType}, content)
    return described
  }

  /** Reads a manifest or an index by a tag or a digest. */
  async readManifest(reference: string): Promise<StoredManifest> {
    const answer = await this.#ask('GET', this.#manifest(reference), {accept: MANIFEST_TYPES.join(', ')})
    const bytes = Buffer.from(await answer.arrayBuffer())
    return {...describe(bytes, answer.headers.get('content-type') ?? ''), bytes}
  }

  /** Reads a blob whole. */
  async readBlob(digest: string): Promise<Buffer> {
    const answer = await this.#ask('GET', `${this.#base}/blobs/${digest}`)
    return Buffer.from(await answer.arrayBuffer())
  }

  /** Takes a manifest away; what names it stays. */
  async deleteManifest(digest: string): Promise<void> {
    await this.#ask('DELETE', this.#manifest(digest))
  }

  /** Takes a blob away; what names it stays. */
  async deleteBlob(digest: string): Promise<void> {
    await this.#ask('DELETE', `${this.#base}/blobs/${digest}`)
  }

  #manifest(reference: string): string {
    return `${this.#base}/manifests/${reference}`
  }

  async #ask(
    method: string,
    url: string | URL,
    headers: Readonly<Record<string, string>> = {},
    content?: string | Uint8Array,
  ): Promise<Response> {
    const body = content === undefined ? {} : {body: Buffer.from(content)}
    const answer = await fetch(url, {method, headers, ...body})
    if (!answer.ok) throw new Error(`${method} ${url} was answered with ${answer.status}: ${await answer.text()}`)
    return answer
  }
}

/** Describes content as a descriptor does. */
export function describe(content: string | Uint8Array, mediaType: string): Descriptor {
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`
  return {mediaType, digest, size: Buffer.byteLength(content)}
}
