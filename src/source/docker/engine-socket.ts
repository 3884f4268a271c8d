import type {IncomingMessage} from 'node:http'
import type {Waits} from '../../net/waits.ts'
import type {DockerCli} from './docker-cli.ts'

/** Where this machine's engine is spoken to without a docker client. */
export interface EngineSocket {
  readonly socketPath: string
  /** Of the API that it speaks: `1.51`. */
  readonly version: string
}

/** How the engine is asked in a run. */
export interface EngineAccess {
  readonly signal: AbortSignal
  readonly waits?: Waits | undefined
  /** Undefined where there is none by which this may be done. */
  socket(): Promise<EngineSocket | undefined>
}

/** In milliseconds: an engine that does not say at once that it is there is left to the docker client. */
const PING_LIMIT = 2000

/** Of these the client makes more than a request: which API it speaks, what it sends along, and how it is reached. */
const CLIENT_ONLY = ['DOCKER_API_VERSION', 'DOCKER_CUSTOM_HEADERS', 'DOCKER_TLS', 'DOCKER_TLS_VERIFY'] as const

/**
 * The socket by which the docker client would speak to the engine: as DOCKER_HOST has it, or the context in use, which
 * docker is asked for. Undefined where that is no socket of this machine, where the client has more to say than where,
 * or where no engine answers there: then the client does everything. Never fails.
 */
export async function findEngineSocket(
  cli: Pick<DockerCli, 'text'>,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<EngineSocket | undefined> {
  if (CLIENT_ONLY.some(name => (env[name] ?? '') !== '')) return undefined
  try {
    // It has precedence over every context.
    const host = env.DOCKER_HOST || (await cli.text(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}']))
    const socketPath = socketPathOf(host)
    const version = socketPath === undefined ? undefined : await apiVersion(socketPath, signal)
    return socketPath === undefined || version === undefined ? undefined : {socketPath, version}
  } catch {
    return undefined
  }
}

/** `/var/run/docker.sock` of `unix:///var/run/docker.sock`. */
export function socketPathOf(host: string): string | undefined {
  return /^unix:\/\/(\/[^\0]+)$/.exec(host)?.[1]
}

/** What the engine says of itself: https://docs.docker.com/reference/api/engine/ (SystemPing). */
async function apiVersion(socketPath: string, signal: AbortSignal): Promise<string | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PING_LIMIT)])
  const answer = await askEngine(socketPath, '/_ping', limit)
  answer.resume()
  const version = answer.headers['api-version']
  return answer.statusCode === 200 && typeof version === 'string' && /^\d+\.\d+$/.test(version) ? version : undefined
}

/** One GET over a connection of its own, up to the head of its answer. */
export async function askEngine(socketPath: string, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  const {request} = await import('../../net/node-http.ts')
  return new Promise((resolve, reject) => {
    const asked = request({socketPath, path, agent: false, signal, headers: {host: 'docker'}})
    asked.once('error', reject)
    asked.once('response', resolve)
    asked.end()
  })
}
