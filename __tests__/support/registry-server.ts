import {once} from 'node:events'
import {createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import {createServer as createTlsServer} from 'node:https'
import {setTimeout as wait} from 'node:timers/promises'
import {digestOf} from '../../src/source/blobs/verified.ts'
import type {BuiltImage} from './image-builder.ts'

/** How a server goes wrong with one answer. */
export type Fault =
  | {
      readonly kind: 'status'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  /** Ends the connection without an answer. */
  | {readonly kind: 'reset'}
  /** Ends the connection after so many bytes of the body. */
  | {readonly kind: 'cut'; readonly after: number}
  /** Says that so many bytes are all. */
  | {readonly kind: 'short'; readonly after: number}
  /** Turns one byte over. */
  | {readonly kind: 'wrong'}
  /** Says that there is less than comes. */
  | {readonly kind: 'understated'; readonly by: number}
  /** Sends a few more. */
  | {readonly kind: 'long'}
  /** One byte at a time. */
  | {readonly kind: 'drip'; readonly pause: number}
  /** Answers nothing. */
  | {readonly kind: 'hang'}
  /** Answers with bytes that are not HTTP. */
  | {readonly kind: 'raw'; readonly bytes: Uint8Array}
  /** Ends all connections and listens no more, or again after so many milliseconds. */
  | {readonly kind: 'gone'; readonly back?: number}
  | {readonly kind: 'redirect'; readonly to: string; readonly status?: number}
  /** Claims, falsely, that the body is compressed once more. */
  | {readonly kind: 'encoded'}
  /** Knows no ranges. */
  | {readonly kind: 'whole'}

/** One request as the server saw it. */
export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  /** Of a POST. */
  readonly body: string
  status: number
  /** Of the answer's body, in bytes. */
  sent: number
}

export interface RegistryServerOptions {
  /** Chosen for every request, before the answer is made; the number counts the requests to the same path from 1. */
  fault?(request: SeenRequest, count: number): Fault | undefined
  /** Who may come in: undefined for the answer itself, else the status and the headers of the refusal. */
  guard?(
    request: SeenRequest,
  ): {readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body?: string} | undefined
  /** Other paths: a token server, an object store. Undefined: not this path. */
  other?(
    request: SeenRequest,
  ):
    | {readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string | Uint8Array}
    | undefined
  readonly tls?: {readonly key: string; readonly cert: string}
  /** `http://HOST:PORT` of another registry that has the contents: this one then only stands in front of it. */
  readonly upstream?: string
}

/** A registry in this process. */
export interface RegistryServer {
  /** `127.0.0.1:PORT` */
  readonly host: string
  readonly origin: string
  readonly requests: readonly SeenRequest[]
  /** Puts an image there: its blobs in the repository, its documents under their digests and the root under `tag`. */
  push(repository: string, image: BuiltImage, tag?: string): void
  /** Takes a blob or a manifest away. */
  remove(digest: string): void
  forget(): void
  stop(): Promise<void>
}

export async function startRegistryServer(options: RegistryServerOptions = {}): Promise<RegistryServer> {
  const contents = new Map<string, {readonly mediaType: string; readonly bytes: Uint8Array}>()
  const requests: SeenRequest[] = []
  const counts = new Map<string, number>()
  let comingBack: NodeJS.Timeout | undefined
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk))
    const {method = '', url = '', headers} = incoming
    const seen: SeenRequest = {method, url, headers, body: Buffer.concat(chunks).toString(), status: 0, sent: 0}
    requests.push(seen)
    const count = (counts.get(url) ?? 0) + 1
    counts.set(url, count)
    const reply = await answer(seen, options.fault?.(seen, count))
    await send(outgoing, seen, reply)
    if (reply.fault?.kind === 'gone') {
      server.close()
      server.closeAllConnections()
      const {back} = reply.fault
      if (back !== undefined) comingBack = setTimeout(() => server.listen(port, '127.0.0.1'), back)
    }
  }
  const answer = async (seen: SeenRequest, fault: Fault | undefined): Promise<Reply> => {
    if (fault?.kind === 'status')
      return {status: fault.status, headers: fault.headers ?? {}, body: Buffer.from(fault.body ?? ''), fault}
    if (fault?.kind === 'redirect')
      return {status: fault.status ?? 307, headers: {location: fault.to}, body: Buffer.from('elsewhere'), fault}
    const other = options.other?.(seen)
    if (other) return {status: other.status, headers: other.headers ?? {}, body: Buffer.from(other.body), fault}
    const refusal = options.guard?.(seen)
    if (refusal) return {status: refusal.status, headers: refusal.headers, body: Buffer.from(refusal.body ?? ''), fault}
    if (options.upstream !== undefined) return {...(await forwarded(options.upstream, seen)), fault}
    if (seen.url === '/v2/') return {status: 200, headers: {}, body: Buffer.from('{}'), fault}
    const found = contents.get(seen.url.replace(/\?.*$/, ''))
    if (!found) {
      const code = seen.url.includes('/blobs/') ? 'BLOB_UNKNOWN' : 'MANIFEST_UNKNOWN'
      return {
        status: 404,
        headers: {},
        body: Buffer.from(JSON.stringify({errors: [{code, message: 'not here'}]})),
        fault,
      }
    }
    const [range, first, last] =
      (fault?.kind === 'whole' ? undefined : /^bytes=([0-9]+)-([0-9]*)$/.exec(seen.headers.range ?? '')) ?? []
    const start = Number(first ?? 0)
    const end = last === undefined || last === '' ? found.bytes.length : Math.min(Number(last) + 1, found.bytes.length)
    if (range !== undefined && start > 0 && start >= found.bytes.length)
      return {status: 416, headers: {}, body: Buffer.alloc(0), fault}
    const {length} = found.bytes
    return {
      status: range === undefined ? 200 : 206,
      headers: {
        'content-type': found.mediaType,
        ...(seen.method === 'HEAD' ? {'docker-content-digest': digestOf(found.bytes)} : {}),
        ...(range === undefined ? {} : {'content-range': `bytes ${start}-${end - 1}/${length}`}),
        ...(fault?.kind === 'encoded' ? {'content-encoding': 'gzip'} : {}),
      },
      body: found.bytes.subarray(start, end),
      fault,
    }
  }
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    // The client may go away at any time.
    handle(incoming, outgoing).catch(() => outgoing.destroy())
  }
  const server: Server = options.tls ? createTlsServer(options.tls, listener) : createPlainServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const {port} = address
  const host = `127.0.0.1:${port}`
  return {
    host,
    origin: `${options.tls ? 'https' : 'http'}://${host}`,
    requests,
    push: (repository, image, tag) => {
      for (const [digest, blob] of image.blobs) {
        const isDocument = /index|manifest/.test(blob.mediaType)
        contents.set(`/v2/${repository}/${isDocument ? 'manifests' : 'blobs'}/${digest}`, blob)
      }
      const root = image.blobs.get(image.root.digest)
      if (root && tag !== undefined) contents.set(`/v2/${repository}/manifests/${tag}`, root)
    },
    remove: digest => {
      for (const path of contents.keys()) if (path.endsWith(digest)) contents.delete(path)
    },
    forget: () => {
      requests.length = 0
      counts.clear()
    },
    stop: async () => {
      clearTimeout(comingBack)
      server.closeAllConnections()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
}

/** What the other registry says to the same question. */
async function forwarded(upstream: string, {method, url, headers}: SeenRequest): Promise<Omit<Reply, 'fault'>> {
  const {accept, authorization, range} = headers
  const kept = Object.entries({accept, authorization, range}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as [string, string]],
  )
  const answer = await fetch(new URL(url, upstream), {method, headers: kept, redirect: 'manual'})
  const names = ['content-type', 'content-range', 'www-authenticate', 'docker-content-digest', 'location']
  const told = names.flatMap(name => {
    const value = answer.headers.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  return {status: answer.status, headers: Object.fromEntries(told), body: Buffer.from(await answer.arrayBuffer())}
}

interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly fault: Fault | undefined
}

async function send(outgoing: ServerResponse, seen: SeenRequest, {status, headers, body, fault}: Reply): Promise<void> {
  seen.status = status
  switch (fault?.kind) {
    case 'gone':
    case 'reset':
      outgoing.destroy()
      return
    case 'raw':
      outgoing.socket?.end(fault.bytes)
      return
    case 'hang':
      await once(outgoing, 'close')
      return
    case 'cut': {
      const part = body.subarray(0, fault.after)
      outgoing.writeHead(status, {...headers, 'content-length': body.length})
      outgoing.write(part)
      seen.sent = part.length
      // What was written has to leave before the connection ends.
      await wait(20)
      outgoing.destroy()
      return
    }
    case 'understated':
      outgoing.writeHead(status, {...headers, 'content-length': body.length - fault.by})
      outgoing.end(body)
      seen.sent = body.length
      return
    case 'drip':
      outgoing.writeHead(status, {...headers, 'content-length': body.length})
      for (const byte of body) {
        if (outgoing.destroyed) return
        outgoing.write(Buffer.of(byte))
        seen.sent += 1
        await wait(fault.pause)
      }
      outgoing.end()
      return
    default: {
      const sent = altered(body, fault)
      outgoing.writeHead(status, {...headers, 'content-length': sent.length})
      outgoing.end(sent)
      seen.sent = sent.length
    }
  }
}

function altered(body: Uint8Array, fault: Fault | undefined): Uint8Array {
  if (fault?.kind === 'short') return body.subarray(0, fault.after)
  if (fault?.kind === 'long') return Buffer.concat([body, Buffer.from('more')])
  if (fault?.kind !== 'wrong') return body
  const wrong = Buffer.from(body)
  const middle = Math.floor(wrong.length / 2)
  wrong[middle] = (wrong[middle] ?? 0) ^ 0x20
  return wrong
}
