import {once} from 'node:events'
import {createServer as createPlainServer, type IncomingMessage, request, type Server} from 'node:http'
import {createServer as createTlsServer} from 'node:https'
import {connect} from 'node:net'
import type {Duplex} from 'node:stream'

/** What a proxy does with a CONNECT instead of connecting. */
export type ProxyFault =
  | {readonly kind: 'refuse'; readonly status: number}
  | {readonly kind: 'hang'}
  | {readonly kind: 'drop'}
  | {readonly kind: 'garbage'}
  /** Connects, and ends the connection after so many bytes from behind it. */
  | {readonly kind: 'cut'; readonly after: number}

export interface ProxyOptions {
  /** `HOST:PORT` of the one server that every host is taken for. */
  readonly target: string
  readonly tls?: {readonly key: string; readonly cert: string}
  /** `USER:PASSWORD` */
  readonly credentials?: string
  /** Chosen for every CONNECT; the number counts from 1. */
  fault?(count: number): ProxyFault | undefined
}

export interface ProxyServer {
  /** With its credentials. */
  readonly url: string
  readonly host: string
  /** `CONNECT registry.test:443`, `GET http://registry.test/v2/` */
  readonly asked: readonly string[]
  stop(): Promise<void>
}

export async function startProxyServer(options: ProxyOptions): Promise<ProxyServer> {
  const {target, tls, credentials} = options
  const [targetHost = '', targetPort = ''] = target.split(':')
  const asked: string[] = []
  const expected = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`
  const isRefused = ({headers}: IncomingMessage): boolean =>
    expected !== undefined && headers['proxy-authorization'] !== expected
  let tunnels = 0
  const server: Server = tls ? createTlsServer(tls) : createPlainServer()
  server.on('request', (incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`)
    if (isRefused(incoming)) {
      outgoing.writeHead(407, {'proxy-authenticate': 'Basic realm="x"'}).end()
      return
    }
    const {pathname, search} = new URL(incoming.url ?? '', 'http://proxy')
    const {'proxy-authorization': _, ...headers} = incoming.headers
    const forwarded = request(`http://${target}${pathname}${search}`, {headers, method: incoming.method}, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    forwarded.on('error', () => outgoing.destroy())
    incoming.pipe(forwarded)
  })
  server.on('connect', (incoming: IncomingMessage, socket: Duplex) => {
    tunnels += 1
    asked.push(`CONNECT ${incoming.url}`)
    socket.on('error', () => socket.destroy())
    const fault: ProxyFault | undefined = isRefused(incoming) ? {kind: 'refuse', status: 407} : options.fault?.(tunnels)
    switch (fault?.kind) {
      case 'refuse':
        socket.end(`HTTP/1.1 ${fault.status} No\r\ncontent-length: 0\r\n\r\n`)
        return
      case 'hang':
        return
      case 'drop':
        socket.destroy()
        return
      case 'garbage':
        socket.end('what?\r\n\r\n')
        return
      default:
    }
    const onward = connect(Number(targetPort), targetHost, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.pipe(onward)
      let passed = 0
      onward.on('data', (chunk: Buffer) => {
        passed += chunk.length
        socket.write(chunk)
        if (fault !== undefined && passed >= fault.after) socket.end()
      })
      onward.on('end', () => socket.end())
    })
    onward.on('error', () => socket.destroy())
    socket.on('close', () => onward.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  // By the name of its certificate.
  const host = `localhost:${address.port}`
  const user = credentials === undefined ? '' : `${encodeURIComponent(credentials).replace('%3A', ':')}@`
  return {
    url: `${tls ? 'https' : 'http'}://${user}${host}`,
    host,
    asked,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      if (server.listening) await once(server, 'close')
    },
  }
}
