import type {ClientRequestArgs} from 'node:http'
import {Agent, type AgentOptions} from 'node:https'
import type {HttpProxy} from './proxy.ts'
import {openTunnel} from './tunnel.ts'

export interface TunnelAgentOptions {
  proxyFor(url: URL): HttpProxy | undefined
  readonly signal: AbortSignal
  /** In milliseconds. */
  readonly limit: number
}

/**
 * A pool of TLS connections that go through proxies: the proxy sees a host and a port, and nothing of what is said.
 * Node's own agents know proxies, too, from 24.5 on; but their NO_PROXY knows neither subdomains nor ranges of
 * addresses as Docker's does, and a proxy without `http://` in front is passed over in silence.
 */
export function createTunnelAgent(pool: AgentOptions, {proxyFor, signal, limit}: TunnelAgentOptions): Agent {
  const agent = new Agent(pool)
  const secure = agent.createConnection.bind(agent)
  agent.createConnection = (options, callback) => {
    const {host, port} = placeOf(options)
    const proxy = proxyFor(new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`))
    if (!proxy) throw new Error(`there is no proxy for ${host}:${port}`)
    openTunnel({proxy, hostname: host, port, signal, limit}).then(
      socket => {
        // The options are those of the request: whom to trust, and by which name. TLS runs over
        // the socket instead of a new one.
        const through = {...options, socket}
        callback?.(null, secure(through) ?? socket)
      },
      // node looks at the second argument only where there is no error.
      (error: Error) => (callback as ((error: Error) => void) | undefined)?.(error),
    )
    return undefined
  }
  return agent
}

function placeOf({host, hostname, port}: ClientRequestArgs): {readonly host: string; readonly port: number} {
  return {host: (hostname ?? host ?? '').replace(/^\[|\]$/g, ''), port: Number(port ?? 443)}
}
