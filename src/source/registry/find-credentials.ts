import {readFile} from 'node:fs/promises'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {errorCode, messageOf} from '../../errors.ts'
import {type CredentialFile, type Credentials, findAuth, parseCredentialFile} from './credential-file.ts'
import {askHelper, type HelperAnswer, type HelperOptions} from './credential-helper.ts'
import {credentialKeys, type Endpoint} from './endpoint.ts'

export interface CredentialOptions extends HelperOptions {
  /** Called with credentials that exist and cannot be read; the search goes on. */
  warn(message: string): void
  /** By helper and server: what was answered in this run. */
  readonly helpers?: Map<string, Promise<HelperAnswer>>
}

/**
 * The credentials for a repository, from where Docker and then podman keep them, the first that has any:
 * DOCKER_AUTH_CONFIG (the JSON itself), $DOCKER_CONFIG/config.json or ~/.docker/config.json, REGISTRY_AUTH_FILE,
 * $XDG_RUNTIME_DIR/containers/auth.json, $XDG_CONFIG_HOME/containers/auth.json. Undefined: anonymous.
 */
export async function findCredentials(
  endpoint: Endpoint,
  options: CredentialOptions,
): Promise<Credentials | undefined> {
  const inline = options.env.DOCKER_AUTH_CONFIG
  if (inline !== undefined && inline !== '') {
    const parsed = parseCredentialFile(Buffer.from(inline))
    // Docker takes nothing but `auths` from it.
    if (parsed.ok) {
      const found = findAuth(parsed.value, credentialKeys(endpoint.domain), endpoint.repository)
      if (found) return found
    } else options.warn(`DOCKER_AUTH_CONFIG is left aside: ${parsed.problem}`)
  }
  for (const path of credentialPaths(options.env)) {
    const file = await readCredentialFile(path, options)
    const found = file && (await findInFile(file, path, endpoint, options))
    if (found) return found
  }
  return undefined
}

function credentialPaths(env: HelperOptions['env']): string[] {
  const given = (name: string): string | undefined => (env[name] === '' ? undefined : env[name])
  const home = given('HOME') ?? given('USERPROFILE') ?? homedir()
  const uid = process.getuid?.()
  const runtime = given('XDG_RUNTIME_DIR') ?? (uid === undefined ? undefined : `/run/containers/${uid}`)
  const named = given('REGISTRY_AUTH_FILE')
  return [
    join(given('DOCKER_CONFIG') ?? join(home, '.docker'), 'config.json'),
    ...(named === undefined ? [] : [named]),
    ...(runtime === undefined ? [] : [join(runtime, 'containers', 'auth.json')]),
    join(given('XDG_CONFIG_HOME') ?? join(home, '.config'), 'containers', 'auth.json'),
  ]
}

async function readCredentialFile(path: string, {warn}: CredentialOptions): Promise<CredentialFile | undefined> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (thrown) {
    const code = errorCode(thrown)
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      warn(`${path} is left aside: it cannot be read (${code ?? messageOf(thrown)})`)
    return undefined
  }
  const parsed = parseCredentialFile(bytes)
  if (parsed.ok) return parsed.value
  warn(`${path} is left aside: ${parsed.problem}`)
  return undefined
}

/** As Docker does: a registry's own helper, else the store for all, else what is written in the file. */
async function findInFile(
  file: CredentialFile,
  path: string,
  {domain, repository}: Endpoint,
  options: CredentialOptions,
): Promise<Credentials | undefined> {
  const keys = credentialKeys(domain)
  const own = keys.find(key => Object.hasOwn(file.credHelpers, key))
  const helper = own === undefined ? file.credsStore : file.credHelpers[own]
  if (helper === undefined || helper === '') return findAuth(file, keys, repository)
  const server = own ?? keys[0] ?? domain
  const known = options.helpers?.get(`${helper} ${server}`) ?? askHelper(helper, server, options)
  options.helpers?.set(`${helper} ${server}`, known)
  const answer = await known
  switch (answer.kind) {
    case 'found':
      return answer.credentials
    case 'none':
      return undefined
    case 'absent':
      options.warn(`${path} names the credential helper docker-credential-${helper}, which is not installed`)
      return findAuth(file, keys, repository)
    case 'failed':
      options.warn(`${path}: ${answer.problem}`)
      return undefined
  }
}
