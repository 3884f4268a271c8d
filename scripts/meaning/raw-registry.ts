import {once} from 'node:events'
import {createServer} from 'node:http'
import type {RawBlob, RawImage} from './raw-image.ts'

/** A registry in this process. It serves the bytes that it was given: one that reads them would refuse odd ones. */
export interface RawRegistry {
  /** `127.0.0.1:PORT` */
  readonly address: string
  /** Puts an image there as `NAME:1`, and gives its whole name. */
  push(name: string, image: RawImage): string
  /** Forgets all images. */
  clear(): void
  stop(): Promise<void>
}

/** Serves on loopback alone. https://github.com/opencontainers/distribution-spec/blob/main/spec.md */
export async function startRawRegistry(): Promise<RawRegistry> {
  const contents = new Map<string, RawBlob>()
  const server = createServer((request, response) => {
    const {method, url = ''} = request
    if (url === '/v2/') return void response.writeHead(200).end('{}')
    const found = contents.get(url.replace(/\?.*$/, ''))
    if (!found) {
      const code = url.includes('/blobs/') ? 'BLOB_UNKNOWN' : 'MANIFEST_UNKNOWN'
      return void response.writeHead(404).end(JSON.stringify({errors: [{code, message: 'not here'}]}))
    }
    const {mediaType, digest, bytes} = found
    response.writeHead(200, {
      'content-type': mediaType,
      'content-length': bytes.length,
      'docker-content-digest': digest,
    })
    response.end(method === 'HEAD' ? undefined : bytes)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the server has no port')
  const address = `127.0.0.1:${bound.port}`
  return {
    address,
    push(name, {root, blobs}) {
      contents.set(`/v2/${name}/manifests/1`, root)
      for (const blob of [root, ...blobs]) {
        contents.set(`/v2/${name}/manifests/${blob.digest}`, blob)
        contents.set(`/v2/${name}/blobs/${blob.digest}`, {...blob, mediaType: 'application/octet-stream'})
      }
      return `${address}/${name}:1`
    },
    clear: () => contents.clear(),
    async stop() {
      server.close()
      server.closeAllConnections()
      if (server.listening) await once(server, 'close')
    },
  }
}
