import {once} from 'node:events'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {FleetImage} from './fleet-images.ts'

/** What was requested, by kind. */
export const KINDS = ['tag', 'manifest', 'blob', 'probe', 'refused', 'token', 'other'] as const
export type Counts = Readonly<Record<(typeof KINDS)[number], number>>

/** A registry in this process that takes its time for each answer, as one at the other end of a network does. */
export interface FleetRegistry {
  /** `127.0.0.1:PORT` */
  readonly address: string
  push(image: FleetImage): void
  counts(): Counts
  reset(): void
  stop(): Promise<void>
}

/** `delay` in milliseconds; `tokens`: nothing is given without a token for the repository. */
export async function startFleetRegistry({delay, tokens}: {readonly delay: number; readonly tokens: boolean}) {
  const contents = new Map<string, {readonly mediaType: string; readonly bytes: Uint8Array; readonly digest: string}>()
  let counts = none()
  const server = createServer((incoming, outgoing) => {
    incoming.resume()
    setTimeout(() => answer(incoming, outgoing), delay)
  })
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const {pathname, searchParams} = new URL(incoming.url ?? '/', 'http://registry')
    if (pathname === '/token') {
      counts.token += 1
      json(outgoing, 200, {token: Buffer.from(searchParams.getAll('scope').join(' ')).toString('base64url')})
      return
    }
    const repository = /^\/v2\/(.+)\/(?:manifests|blobs)\//.exec(pathname)?.[1] ?? ''
    if (tokens && !mayPull(incoming.headers.authorization, repository)) {
      counts.refused += 1
      const realm = `http://${incoming.headers.host}/token`
      const scope = `repository:${repository}:pull`
      outgoing.setHeader('www-authenticate', `Bearer realm="${realm}",service="fleet",scope="${scope}"`)
      json(outgoing, 401, {errors: [{code: 'UNAUTHORIZED'}]})
      return
    }
    counts[kindOf(pathname, incoming.headers.range)] += 1
    const found = contents.get(pathname)
    if (found === undefined) {
      json(outgoing, 404, {errors: [{code: 'MANIFEST_UNKNOWN'}]})
      return
    }
    const bytes = incoming.headers.range === 'bytes=0-0' ? found.bytes.subarray(0, 1) : found.bytes
    const isPart = bytes !== found.bytes
    outgoing.writeHead(isPart ? 206 : 200, {
      'content-type': found.mediaType,
      'content-length': bytes.length,
      'docker-content-digest': found.digest,
      etag: `"${found.digest}"`,
      ...(isPart ? {'content-range': `bytes 0-0/${found.bytes.length}`} : {}),
    })
    outgoing.end(incoming.method === 'HEAD' ? undefined : bytes)
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the registry has no port')
  const registry: FleetRegistry = {
    address: `127.0.0.1:${address.port}`,
    push: ({image, repository, tags}) => {
      for (const [digest, blob] of image.blobs) {
        const kind = /index|manifest/.test(blob.mediaType) ? 'manifests' : 'blobs'
        contents.set(`/v2/${repository}/${kind}/${digest}`, {...blob, digest})
      }
      const root = image.blobs.get(image.root.digest)
      if (root === undefined) return
      for (const tag of tags) contents.set(`/v2/${repository}/manifests/${tag}`, {...root, digest: image.root.digest})
    },
    counts: () => ({...counts}),
    reset: () => {
      counts = none()
    },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      if (server.listening) await once(server, 'close')
    },
  }
  return registry
}

function none(): Record<(typeof KINDS)[number], number> {
  return {tag: 0, manifest: 0, blob: 0, probe: 0, refused: 0, token: 0, other: 0}
}

function kindOf(path: string, range: string | undefined): (typeof KINDS)[number] {
  if (/\/blobs\//.test(path)) return range === undefined ? 'blob' : 'probe'
  if (!/\/manifests\//.test(path)) return 'other'
  return path.includes('/manifests/sha256:') ? 'manifest' : 'tag'
}

/** The token that `/token` gives is the list of its scopes. */
function mayPull(authorization: string | undefined, repository: string): boolean {
  const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1]
  if (token === undefined) return false
  return Buffer.from(token, 'base64url').toString().split(' ').includes(`repository:${repository}:pull`)
}

function json(outgoing: ServerResponse, status: number, value: object): void {
  const body = JSON.stringify(value)
  outgoing.writeHead(status, {'content-type': 'application/json', 'content-length': Buffer.byteLength(body)})
  outgoing.end(body)
}
