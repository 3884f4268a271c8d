import {once} from 'node:events'
import {createServer, request} from 'node:http'
import {pipeline} from 'node:stream/promises'

/** A second door to a registry that counts what goes through it. */
export interface CountingProxy {
  /** `127.0.0.1:PORT` */
  readonly address: string
  /** Of answers' bodies. */
  bytes(): number
  requests(): number
  reset(): void
  stop(): Promise<void>
}

export async function startCountingProxy(registry: string): Promise<CountingProxy> {
  let bytes = 0
  let requests = 0
  const server = createServer((incoming, outgoing) => {
    requests += 1
    const giveUp = (): void => void outgoing.destroy()
    const {method, url, headers} = incoming
    const asked = request(`http://${registry}${url}`, {method, headers}, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      pipeline(answer, outgoing).catch(giveUp)
    })
    asked.on('error', giveUp)
    pipeline(incoming, asked).catch(giveUp)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return {
    address: `127.0.0.1:${address.port}`,
    bytes: () => bytes,
    requests: () => requests,
    reset: () => {
      bytes = 0
      requests = 0
    },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      if (server.listening) await once(server, 'close')
    },
  }
}
