import type {ClientRequest} from 'node:http'
import {request as tlsRequest} from 'node:https'
import type {Duplex} from 'node:stream'
import {cancelled, errorCode} from '../errors.ts'
import {defined} from '../lib/defined.ts'
import {NetworkError, textOf} from './network-error.ts'
import {request as plainRequest} from './node-http.ts'
import type {HttpProxy} from './proxy.ts'

export interface TunnelOptions {
  readonly proxy: HttpProxy
  /** What stands behind the proxy. */
  readonly hostname: string
  readonly port: number
  readonly signal: AbortSignal
  /** In milliseconds: so long the proxy may take to answer. */
  readonly limit: number
}

/** Statuses of proxies after which asking again may help. */
const TRANSIENT_STATUSES: readonly number[] = [408, 429, 500, 502, 503, 504]

/**
 * A connection through a proxy that passes on bytes as they are (CONNECT, RFC 9110 §9.3.6). Throws a NetworkError where
 * the proxy refuses, or does not answer in time; the message names the proxy, and never what it is shown to let us in.
 */
export async function openTunnel({proxy, hostname, port, signal, limit}: TunnelOptions): Promise<Duplex> {
  if (signal.aborted) throw cancelled()
  const authority = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`
  const place = `the proxy ${proxy.hostname}:${proxy.port}`
  const request: ClientRequest = (proxy.protocol === 'http:' ? plainRequest : tlsRequest)({
    ...{hostname: proxy.hostname, port: proxy.port, method: 'CONNECT', path: authority, agent: false, signal},
    headers: {
      host: authority,
      ...defined({'proxy-authorization': proxy.authorization}),
    },
  })
  const timer = setTimeout(
    () => request.destroy(new NetworkError('TIMEOUT', `${place} does not answer within ${limit / 1000} s`)),
    limit,
  )
  try {
    return await new Promise<Duplex>((resolve, reject) => {
      request.on('error', reject)
      request.once('connect', (response, socket, head) => {
        const status = response.statusCode ?? 0
        if (status >= 200 && status < 300) {
          if (head.length > 0) socket.unshift(head)
          resolve(socket)
          return
        }
        socket.destroy()
        const code = TRANSIENT_STATUSES.includes(status) ? 'PROXY_BUSY' : 'PROXY_REFUSED'
        reject(new NetworkError(code, `${place} refuses a connection to ${authority} (status ${status})`))
      })
      // What answers a CONNECT as if it were any other request is not a proxy; its body is nobody's concern.
      request.once('response', response => {
        response.destroy()
        reject(new NetworkError('PROXY_REFUSED', `${place} does not know CONNECT (status ${response.statusCode})`))
      })
      request.end()
    })
  } catch (thrown) {
    if (signal.aborted) throw cancelled()
    if (thrown instanceof NetworkError) throw thrown
    throw new NetworkError(errorCode(thrown) ?? 'UNKNOWN', `${place}: ${textOf(thrown)}`, {cause: thrown})
  } finally {
    clearTimeout(timer)
  }
}
