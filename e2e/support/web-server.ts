import {once} from 'node:events'
import {createServer, type IncomingMessage} from 'node:http'

export interface WebServer {
  /** `127.0.0.1:PORT`, in place of a registry's. */
  readonly address: string
  stop(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly body?: string | Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

/** Starts a server that is no registry, whatever it says. */
export async function startWebServer(answer: (request: IncomingMessage) => Answer): Promise<WebServer> {
  const server = createServer((request, response) => {
    const {status, body = '', headers = {}} = answer(request)
    response
      .writeHead(status, {'content-type': 'application/json', ...headers})
      .end(request.method === 'HEAD' ? '' : body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    address: `127.0.0.1:${address.port}`,
    async stop() {
      server.close()
      server.closeAllConnections()
      if (server.listening) await once(server, 'close')
    },
  }
}
