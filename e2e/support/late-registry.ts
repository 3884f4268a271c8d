import {once} from 'node:events'
import {createServer, request} from 'node:http'
import type {Registry} from '../ground/registry.ts'

/**
 * A door to a registry that does not know a digest yet when it is first asked for it:
 * one that copies pushes between regions.
 */
export interface LateRegistry {
  readonly address: string
  /** How often "not found" was answered. */
  refusals(): number
  stop(): Promise<void>
}

/** Opens such a door; each manifest by digest is denied so many times. */
export async function startLateRegistry(registry: Pick<Registry, 'address'>, times: number): Promise<LateRegistry> {
  const denied = new Map<string, number>()
  const server = createServer((incoming, outgoing) => {
    const url = incoming.url ?? ''
    const count = denied.get(url) ?? 0
    if (/\/manifests\/sha256:/.test(url) && count < times) {
      denied.set(url, count + 1)
      outgoing.writeHead(404, {'content-type': 'application/json'})
      outgoing.end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}')
      return
    }
    const {method, headers} = incoming
    const asked = request(`http://${registry.address}${url}`, {method, headers}, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    asked.on('error', () => outgoing.destroy())
    incoming.pipe(asked)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the late registry has no port')
  return {
    address: `127.0.0.1:${address.port}`,
    refusals: () => [...denied.values()].reduce((sum, count) => sum + count, 0),
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
