import {SourceError} from '../../errors.ts'
import type {Reference} from '../../image/reference.ts'
import {isLoopback} from '../../net/url.ts'

/** Where a repository is accessed. */
export interface Endpoint {
  /** The registry as references name it (`docker.io`): what credentials and permissions are kept under. */
  readonly domain: string
  /** Host and port of the registry's API. */
  readonly host: string
  readonly repository: string
  /** Whether plain HTTP, or a self-signed certificate, is good enough where there is no HTTPS. */
  readonly insecure: boolean
}

const HUB = 'docker.io'
const HUB_API = 'registry-1.docker.io'

/**
 * The endpoint of a reference's repository, Docker Hub by its API's own name. Plain HTTP is for this machine only, and
 * for the hosts in `insecureRegistries`, spelled as in references (`registry.local:5000`). Throws a SourceError where a
 * reference names what no request can be sent to: the grammar of references allows any port and `[::::]`.
 */
export function endpointOf(reference: Reference, insecureRegistries: readonly string[] = []): Endpoint {
  const {domain, path} = reference
  const host = domain === HUB ? HUB_API : domain.toLowerCase()
  if (!URL.canParse(`https://${host}/`)) {
    throw new SourceError('unavailable', `${domain} is not the address of a registry`, {
      hint: 'Check the host and the port in the name of the image.',
    })
  }
  const hostname = host.replace(/:[0-9]+$/, '')
  return {domain, host, repository: path, insecure: isLoopback(hostname) || isNamed(domain, insecureRegistries)}
}

/** Whether a host, with the port that it is accessed at, is among those that a user named as insecure. */
export function isNamed(host: string, insecureRegistries: readonly string[]): boolean {
  return insecureRegistries.some(named => named.toLowerCase() === host.toLowerCase())
}

/** The names that Docker Hub's credentials are found under: what `docker login` writes comes first. */
const HUB_KEYS = ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io', HUB_API] as const

/** Under which names a registry's credentials may be kept. */
export function credentialKeys(domain: string): readonly string[] {
  return domain === HUB ? HUB_KEYS : [domain]
}
