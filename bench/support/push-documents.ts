import {openAsBlob} from 'node:fs'
import {sha256} from '../../__tests__/support/image-builder.ts'
import type {LayerFile} from './base-layer.ts'

export const INDEX = 'application/vnd.oci.image.index.v1+json'
export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const CONFIG = 'application/vnd.oci.image.config.v1+json'

/** Pushes a document; one with a tag by its tag. Gives its descriptor. */
export async function pushDocument(
  address: string,
  name: string,
  kind: 'config' | 'manifest' | 'index',
  value: object,
  tag?: string,
) {
  const body = Buffer.from(JSON.stringify(value))
  const mediaType = {config: CONFIG, manifest: MANIFEST, index: INDEX}[kind]
  const digest = sha256(body)
  if (kind === 'config') await upload(address, name, digest, body, body.length)
  else {
    const answer = await fetch(`http://${address}/v2/${name}/manifests/${tag ?? digest}`, {
      method: 'PUT',
      headers: {'content-type': mediaType},
      body,
    })
    if (!answer.ok) throw new Error(`${kind}: ${answer.status} ${await answer.text()}`)
  }
  return {mediaType, digest, size: body.length}
}

/** Pushes a layer out of its file. */
export async function pushFile(address: string, name: string, layer: LayerFile): Promise<void> {
  await upload(address, name, layer.digest, await openAsBlob(layer.path), layer.size)
}

async function upload(
  address: string,
  name: string,
  digest: string,
  body: Buffer<ArrayBuffer> | Blob,
  size: number,
): Promise<void> {
  const opened = await fetch(`http://${address}/v2/${name}/blobs/uploads/`, {method: 'POST'})
  const location = new URL(opened.headers.get('location') ?? '', `http://${address}`)
  location.searchParams.set('digest', digest)
  const answer = await fetch(location, {
    method: 'PUT',
    headers: {'content-type': 'application/octet-stream', 'content-length': String(size)},
    body,
  })
  if (!answer.ok) throw new Error(`blob ${digest}: ${answer.status} ${await answer.text()}`)
}
