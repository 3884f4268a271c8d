import type {ClientRequest, Agent as HttpAgent, IncomingMessage} from 'node:http'
import {Agent as TlsAgent, request as tlsRequest} from 'node:https'
import {cancelled, type SourceError} from '../errors.ts'
import {defined} from '../lib/defined.ts'
import {LIMITS} from '../lib/limits.ts'
import {NetworkError, networkError} from './network-error.ts'
import {Agent as PlainAgent, request as plainRequest} from './node-http.ts'
import {type Environment, type HttpProxy, proxyFor} from './proxy.ts'
import {createTunnelAgent} from './tunnel-agent.ts'
import type {Waits} from './waits.ts'

export interface HttpRequest {
  readonly url: URL
  readonly method?: 'GET' | 'HEAD' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface HttpResponse {
  readonly url: URL
  readonly status: number
  /** A header that came several times is one value, joined by commas. */
  header(name: string): string | undefined
  /**
   * The bytes as they came: nothing is decoded, whatever Content-Encoding says. Throws a NetworkError
   * where they break off or stop coming.
   */
  body(): AsyncGenerator<Uint8Array, void, undefined>
  /** Ends a response that nobody reads. */
  discard(): void
}

/**
 * Speaks HTTP/1.1 over node:http and node:https: fetch decodes what it was not
 * asked to. Redirects are not followed here.
 */
export interface Http {
  send(request: HttpRequest): Promise<HttpResponse>
  close(): void
}

/** What a connection is secured with. */
export interface TlsSettings {
  readonly ca?: readonly string[]
  readonly cert?: string
  readonly key?: string
  readonly rejectUnauthorized?: boolean
}

export interface HttpOptions {
  /** HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in either case. */
  readonly env: Environment
  readonly signal: AbortSignal
  /** How a host is to be accessed where the defaults do not do. */
  tls(host: string): TlsSettings
  /** In milliseconds: so long nothing may come. 30 seconds unless tests say otherwise. */
  readonly idleLimit?: number
  /** Told of every request until its response begins, and of every body until it has been read. */
  readonly waits?: Waits
}

const IDLE_LIMIT_MS = LIMITS['idle-time'].most
/** In bytes, in any idle limit of waiting: what drips by 2 KiB a second will not end. */
const LEAST_PROGRESS = 64 * 1024
/** To one host: more than one for each of the images and platforms that may be read at once. */
const SOCKETS = 64
/** In bytes. */
const SHORT_REST = 16 * 1024
/** In bytes: of what takes long because it is large, its reader reports progress. */
const LARGE = 1024 * 1024

/**
 * One pool of connections, over the proxies that the environment names; this machine is never reached through a proxy.
 */
export function createHttp(options: HttpOptions): Http {
  const {signal, idleLimit = IDLE_LIMIT_MS, env} = options
  const pool = {keepAlive: true, maxSockets: SOCKETS, scheduling: 'fifo'} as const
  const agents = {
    plain: new PlainAgent(pool),
    tls: new TlsAgent(pool),
    tunnel: createTunnelAgent(pool, {proxyFor: url => proxyFor(url, env), signal, limit: idleLimit}),
  }
  const start = ({url, method = 'GET', headers = {}}: HttpRequest): ClientRequest => {
    const proxy = proxyFor(url, env)
    const common = {method, signal, headers: {'user-agent': USER_AGENT, ...headers}}
    if (url.protocol === 'http:') {
      return proxy ? askProxy(proxy, url, common, agents) : plainRequest(url, {...common, agent: agents.plain})
    }
    const {ca, ...tls} = options.tls(url.host)
    return tlsRequest(url, {
      ...common,
      agent: proxy ? agents.tunnel : agents.tls,
      ...tls,
      ...defined({ca: ca && [...ca]}),
    })
  }
  return {
    send: async message => {
      if (signal.aborted) throw cancelled()
      const request = start(message)
      const what = `${message.url.host}: ${message.method ?? 'GET'} ${message.url.pathname}`
      const over = options.waits?.begin(what)
      let timer: NodeJS.Timeout | undefined
      // How long a request waits for a connection to be free is up to us, not to the server.
      request.once('socket', () => {
        timer = setTimeout(() => request.destroy(timeout(idleLimit)), idleLimit)
      })
      try {
        const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
          request.once('response', resolve)
          // Stays, so that what goes wrong after the response has begun is reported by its body alone.
          request.on('error', reject)
          request.end(message.body)
        })
        const begin = (): (() => void) | undefined => {
          const isLarge = Number(incoming.headers['content-length'] ?? 0) > LARGE
          return options.waits?.begin(`the rest of ${what}`, isLarge)
        }
        return responseOf(message, incoming, {idleLimit, signal, begin})
      } catch (thrown) {
        throw byWayOf(message.url, networkError(thrown, signal), env)
      } finally {
        clearTimeout(timer)
        over?.()
      }
    },
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}

/**
 * Asks a proxy for a page in the clear: RFC 9112 §3.2.2, the absolute form. What the proxy
 * itself refuses is its answer's status.
 */
function askProxy(
  {protocol, hostname, port, authorization}: HttpProxy,
  url: URL,
  {headers, ...common}: {readonly method: string; readonly signal: AbortSignal; readonly headers: object},
  agents: {readonly plain: HttpAgent; readonly tls: TlsAgent},
): ClientRequest {
  const isPlain = protocol === 'http:'
  return (isPlain ? plainRequest : tlsRequest)({
    ...common,
    ...{hostname, port, path: `${url.origin}${url.pathname}${url.search}`, agent: isPlain ? agents.plain : agents.tls},
    headers: {
      ...headers,
      host: url.host,
      ...defined({'proxy-authorization': authorization}),
    },
  })
}

/** A plain HTTP request goes to the proxy: whatever goes wrong then goes wrong there. */
function byWayOf(url: URL, error: NetworkError | SourceError, env: Environment): NetworkError | SourceError {
  const proxy = url.protocol === 'http:' ? proxyFor(url, env) : undefined
  if (proxy === undefined || !(error instanceof NetworkError)) return error
  return new NetworkError(error.code, `the proxy ${proxy.hostname}:${proxy.port}: ${error.message}`, {cause: error})
}

const USER_AGENT = 'verify-image-arch'

interface BodyOptions {
  readonly idleLimit: number
  readonly signal: AbortSignal
  /** Called when somebody begins to read, and then when that is over. */
  begin(): (() => void) | undefined
}

function responseOf({url, method}: HttpRequest, incoming: IncomingMessage, options: BodyOptions): HttpResponse {
  // Until somebody reads the body, an end that comes too early is nobody's concern.
  incoming.on('error', () => undefined)
  return {
    url,
    status: incoming.statusCode ?? 0,
    header: name => {
      const value = incoming.headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    body: () => readBody(incoming, options),
    discard: () => {
      // A short rest is read, so that the connection can be used again; behind HEAD there is none, whatever its length.
      if (method === 'HEAD' || Number(incoming.headers['content-length'] ?? Number.NaN) <= SHORT_REST) incoming.resume()
      else incoming.destroy()
    },
  }
}

/**
 * Only the time that is spent waiting for the server counts: a reader that is slow itself may take as long as it needs.
 */
async function* readBody(
  incoming: IncomingMessage,
  {idleLimit, signal, begin}: BodyOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = incoming[Symbol.asyncIterator]()
  const over = begin()
  let waited = 0
  let came = 0
  try {
    for (;;) {
      const timer = setTimeout(() => incoming.destroy(timeout(idleLimit)), idleLimit)
      const since = performance.now()
      const result = await chunks.next().finally(() => clearTimeout(timer))
      if (result.done) break
      // Node gives Buffers here: the stream has no encoding.
      const chunk = result.value as Uint8Array
      waited += performance.now() - since
      came += chunk.length
      yield chunk
      if (waited < idleLimit) continue
      if (came < LEAST_PROGRESS) throw new NetworkError('TIMEOUT', `only ${came} bytes came in ${seconds(idleLimit)}`)
      waited = 0
      came = 0
    }
    if (!incoming.complete) throw new NetworkError('ECONNRESET', 'the connection was closed in the middle')
  } catch (thrown) {
    throw networkError(thrown, signal)
  } finally {
    over?.()
    incoming.destroy()
  }
}

function timeout(idleLimit: number): NetworkError {
  return new NetworkError('TIMEOUT', `nothing came for ${seconds(idleLimit)}`)
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 100) / 10} s`
}
