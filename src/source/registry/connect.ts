import type {Reference} from '../../image/reference.ts'
import {defined} from '../../lib/defined.ts'
import {type Clock, SYSTEM_CLOCK, tellingPauses} from '../../net/clock.ts'
import {createHttp, type Http} from '../../net/http.ts'
import {proxySecrets} from '../../net/proxy.ts'
import {readTlsSettings} from '../../net/tls-settings.ts'
import type {Waits} from '../../net/waits.ts'
import {knownSecrets} from '../known-secrets.ts'
import {RegistryClient} from './client.ts'
import {type Connections, sharedConnections} from './connections.ts'
import {type Endpoint, endpointOf, isNamed} from './endpoint.ts'
import {findCredentials} from './find-credentials.ts'

/** What the registry reader needs of the process that it runs in. */
export interface RegistryEnvironment {
  /** Where credentials and proxies are named. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborting ends all requests. */
  readonly signal: AbortSignal
  /** Told of every secret before it is used, so that no log shows it. */
  mask?(secret: string): void
  /** Called with what is left aside, such as credentials that cannot be read. */
  warn?(message: string): void
  /**
   * Registries, as references name them, that may be accessed over plain HTTP or with a
   * self-signed certificate.
   */
  readonly insecureRegistries?: readonly string[]
  /** Of the run; where there are none, those of the image are its own. */
  readonly connections?: Connections
  /** Where Docker keeps what registries are known by: /etc/docker/certs.d unless tests say otherwise. */
  readonly certificates?: string
  /** For tests. */
  readonly clock?: Clock
  /** Told of every request, until its response begins. */
  readonly waits?: Waits
  /** For tests: in milliseconds, how long nothing may come. */
  readonly idleLimit?: number
}

/** A repository that can be asked. */
export interface ConnectedRepository {
  readonly endpoint: Endpoint
  readonly client: RegistryClient
  readonly clock: Clock
  readonly connections: Connections
  /** Throws what was thrown, without the secrets of the run. */
  rethrow(thrown: unknown): never
  close(): void
}

/** Connects to a repository. `scope`: what is asked for in place of the right to pull from it. */
export async function connectRepository(
  reference: Reference,
  surroundings: RegistryEnvironment,
  scope?: string,
): Promise<ConnectedRepository> {
  const {env, signal, idleLimit, waits} = surroundings
  const secrets = knownSecrets(secret => surroundings.mask?.(secret))
  const warn = (message: string): void => surroundings.warn?.(secrets.hide(message))
  for (const secret of proxySecrets(env)) secrets.add(secret)
  const {insecureRegistries = []} = surroundings
  const endpoint = endpointOf(reference, insecureRegistries)
  const pausing = `${endpoint.host}, which is asked again after a pause`
  const clock = tellingPauses(surroundings.clock ?? SYSTEM_CLOCK, waits, pausing)
  const connect = async (): Promise<Http> => {
    const settings = await readTlsSettings(endpoint.host, surroundings.certificates)
    const unverified = {rejectUnauthorized: false}
    const own = endpoint.insecure ? {...settings, ...unverified} : settings
    return createHttp({
      env,
      signal,
      tls: host => (host === endpoint.host ? own : isNamed(host, insecureRegistries) ? unverified : {}),
      ...defined({idleLimit, waits}),
    })
  }
  const {connections = sharedConnections()} = surroundings
  const http = await connections.take(endpoint, connect)
  const session = connections.session(endpoint)
  const client = new RegistryClient({
    endpoint,
    http,
    insecureRegistries,
    clock,
    signal,
    spent: connections.spent,
    session,
    credentials: () => findCredentials(endpoint, {env, signal, warn, helpers: session.helpers}),
    mask: secrets.add,
    warn,
    ...defined({scope}),
  })
  const rethrow = (thrown: unknown): never => {
    throw secrets.hideIn(thrown)
  }
  return {endpoint, client, clock, connections, rethrow, close: () => http.close()}
}
