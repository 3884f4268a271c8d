import {type Decoded, object, optional, parseJson, recordOf, string} from '../../lib/json.ts'
import {fail, type Result} from '../../lib/result.ts'

/**
 * What a registry is shown to let us in. `token` is an identity token: `docker login` keeps it in place of a password.
 */
export type Credentials =
  | {readonly kind: 'password'; readonly username: string; readonly password: string}
  | {readonly kind: 'identity-token'; readonly token: string}
  /** Ready to be sent as a Bearer token. */
  | {readonly kind: 'registry-token'; readonly token: string}

const auth = object({
  auth: optional(string, ''),
  username: optional(string, ''),
  password: optional(string, ''),
  identitytoken: optional(string, ''),
  registrytoken: optional(string, ''),
})

const credentialFile = object({
  /** By registry: the one program that gives its credentials. */
  credHelpers: optional(recordOf(string), {}),
  /** The program that gives those of all others. */
  credsStore: optional(string),
  auths: optional(recordOf(auth), {}),
})

/**
 * One file of Docker's or podman's credentials.
 * https://docs.docker.com/reference/cli/docker/login/, containers-auth.json(5)
 */
export type CredentialFile = Decoded<typeof credentialFile>

/** Parses such a file. A problem is reported without the content. */
export function parseCredentialFile(bytes: Uint8Array): Result<CredentialFile> {
  const parsed = parseJson(bytes, credentialFile)
  if (parsed.ok) return parsed
  // The problems quote values, and every value here may be a secret.
  const places = [...parsed.problem.matchAll(/\$\.[A-Za-z]+/g)].map(match => match[0])
  return fail(places.length === 0 ? 'no JSON' : `${[...new Set(places)].join(', ')} cannot be understood`)
}

/**
 * What a file's `auths` hold for a registry: under one of its names exactly, then under a name that is the same host in
 * other words (`https://ghcr.io/v1/`), for podman also under the longest `host/namespace` that the repository begins
 * with. Never under a name that merely contains it.
 */
export function findAuth(
  {auths}: CredentialFile,
  keys: readonly string[],
  repository: string,
): Credentials | undefined {
  const scoped = keys.flatMap(key => namespaces(repository).map(namespace => `${key}/${namespace}`))
  const candidates = [...scoped, ...keys]
  const exact = candidates.map(key => (Object.hasOwn(auths, key) ? auths[key] : undefined))
  const sameHost = Object.entries(auths)
    .filter(([key]) => keys.some(name => plainHost(name) === plainHost(key)) && isWholeRegistry(key))
    .map(([, auth]) => auth)
  // `{}` only marks that a helper holds the credentials.
  return [...exact, ...sameHost].map(auth => auth && decodeAuth(auth)).find(found => found !== undefined)
}

/** `a/b/c` -> `a/b/c`, `a/b`, `a`. */
function namespaces(repository: string): string[] {
  const names = repository.split('/')
  return names.map((_, index) => names.slice(0, names.length - index).join('/'))
}

function plainHost(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
}

/** A registry's name or old API URL, and not podman's `host/namespace`. */
function isWholeRegistry(key: string): boolean {
  return /^https?:\/\//.test(key) || /^[^/]+(?:\/v[12]?\/?)?$/.test(key)
}

function decodeAuth(raw: Decoded<typeof auth>): Credentials | undefined {
  if (raw.registrytoken !== '') return {kind: 'registry-token', token: raw.registrytoken}
  if (raw.identitytoken !== '') return {kind: 'identity-token', token: raw.identitytoken}
  if (raw.auth === '') {
    const {username, password} = raw
    return username === '' ? undefined : {kind: 'password', username, password}
  }
  const text = Buffer.from(raw.auth, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon <= 0) return undefined
  // Docker pads the password with NULs.
  return {kind: 'password', username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, '')}
}
