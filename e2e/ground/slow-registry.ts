import {once} from 'node:events'
import {createServer, type IncomingMessage, request, type ServerResponse} from 'node:http'
import {pipeline} from 'node:stream/promises'
import type {Registry} from './registry.ts'

/** A second door to a registry, which lets manifests through and keeps blobs waiting until it is told otherwise. */
export interface SlowRegistry {
  /** `127.0.0.1:PORT`, to be used in place of the registry's own. */
  readonly address: string
  /** Resolves when somebody has asked for a blob and has begun to wait for it: a pull is half-way. */
  readonly waiting: Promise<void>
  /** Lets the blobs through, those that are waited for and all later ones. */
  release(): void
  stop(): Promise<void>
}

/** Opens such a door, for the tests of what happens when a run is ended in the middle of a pull. */
export async function startSlowRegistry(registry: Pick<Registry, 'address'>): Promise<SlowRegistry> {
  const waiting = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const server = createServer((incoming, outgoing) => {
    const isBlob = incoming.method === 'GET' && /\/blobs\/sha256:/.test(incoming.url ?? '')
    if (isBlob) waiting.resolve()
    if (isBlob) void released.promise.then(() => forward(registry, incoming, outgoing))
    else forward(registry, incoming, outgoing)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the slow registry has no port')
  return {
    address: `127.0.0.1:${address.port}`,
    waiting: waiting.promise,
    release: released.resolve,
    async stop() {
      server.close()
      server.closeAllConnections()
      if (server.listening) await once(server, 'close')
    },
  }
}

function forward(registry: Pick<Registry, 'address'>, incoming: IncomingMessage, outgoing: ServerResponse): void {
  // Either side may go away at any time; that is what the door is for.
  const giveUp = (): void => void outgoing.destroy()
  const {method, headers} = incoming
  const asked = request(`http://${registry.address}${incoming.url}`, {method, headers}, answer => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
    pipeline(answer, outgoing).catch(giveUp)
  })
  asked.on('error', giveUp)
  pipeline(incoming, asked).catch(giveUp)
}
