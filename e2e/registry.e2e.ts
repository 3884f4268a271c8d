import {chmod, mkdir, mkdtemp, readFile, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {afterAll, beforeAll, beforeEach, describe, expect, test} from '@jest/globals'
import {gatherImage} from '../__tests__/support/gather-image.ts'
import {type Fault, type RegistryServer, startRegistryServer} from '../__tests__/support/registry-server.ts'
import {testClock} from '../__tests__/support/test-clock.ts'
import {parseReference} from '../src/image/reference.ts'
import {createLimiter} from '../src/lib/concurrency.ts'
import {openRegistry} from '../src/source/registry/open-registry.ts'
import {makeAuthority, makeCertificate} from './ground/certificates.ts'
import {serverEnvironment} from './ground/ground.ts'
import {type Registry, type RegistryOptions, startRegistry} from './ground/registry.ts'
import {Repository} from './ground/registry-api.ts'
import {runAny} from './ground/run.ts'
import {startTokenServer, type TokenServer} from './ground/token-server.ts'
import {parseReport} from './support/checks.ts'
import {openStand} from './support/stand.ts'
import {type ProgramRun, startProgram} from './support/tested-program.ts'

// Debian's registry as it is run in earnest: behind passwords, tokens, certificates, other hosts
// and a bad network. No engine takes part.

const stand = await openStand()
const SECRET = 'dont-print-me'
const USER = `somebody:${SECRET}`
const BASIC = `Basic ${Buffer.from(USER).toString('base64')}`
/**
 * bcrypt, as htpasswd files have it: `perl -e 'print crypt("dont-print-me", q($2b$05$) . "abcdefghijklmnopqrstuu")'`
 */
const HTPASSWD = 'somebody:$2b$05$abcdefghijklmnopqrstuu63lc.qwi0/uEblMxV9gYiZfpOwXGZH6\n'
const IMAGE = 'e2e/wrong-symlink'
const HOST = 'registry.example.test'

let folder = ''
const stops: (() => Promise<void>)[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(stand.scratch, 'registry-'))
})
afterAll(async () => {
  for (const stop of stops.reverse()) await stop()
})

/** One more registry with all that the stand's own has. */
async function startAnother(name: string, options: RegistryOptions): Promise<Registry> {
  const data = join(stand.folder, 'registry', 'data')
  const registry = await startRegistry(stand.tools, join(folder, name), serverEnvironment(stand.folder), {
    data,
    ...options,
  })
  stops.push(() => registry.stop())
  return registry
}

type Env = Readonly<Record<string, string>>

async function check(image: string, env: Env = {}): Promise<ProgramRun> {
  const args = [`docker://${image}`, '--format', 'json']
  const own = {HOME: folder, PATH: '/usr/bin:/bin', XDG_RUNTIME_DIR: folder, ...env}
  return startProgram(join(stand.dist, 'cli.mjs'), args, {cwd: folder, env: own}).ended
}

/** The right answer for this image: amd64's program in linux/arm64. */
function expectAnswer({exitCode, stdout, stderr}: ProgramRun): void {
  expect(stderr).toBe('')
  expect(parseReport(stdout).findings.map(({rule, platform}) => `${rule} ${platform}`)).toEqual([
    'wrong-machine linux/arm64',
  ])
  expect(exitCode).toBe(1)
  expect(stdout).not.toContain(SECRET)
}

/** A clear error, with nothing in it that nobody may see. */
function expectRefusal({exitCode, stdout, stderr}: ProgramRun, message: RegExp): void {
  expect({exitCode, stdout}).toEqual({exitCode: 3, stdout: ''})
  expect(stderr).toMatch(message)
  for (const secret of [SECRET, BASIC.slice(6)]) expect(stderr).not.toContain(secret)
}

/** The ways to have credentials, each in a folder of its own: what to put into the environment. */
const CREDENTIALS: Readonly<Record<string, (host: string, user: string) => Promise<Env>>> = {
  'auths of DOCKER_CONFIG': async (host, user) => {
    const home = await mkdtemp(join(folder, 'auths-'))
    await writeFile(join(home, 'config.json'), authsOf(host, user))
    return {DOCKER_CONFIG: home}
  },
  'a credential helper': async (host, user) => {
    const home = await mkdtemp(join(folder, 'helper-'))
    await writeFile(join(home, 'config.json'), JSON.stringify({credHelpers: {[host]: 'e2e'}}))
    const [Username, Secret] = user.split(':')
    const answer = JSON.stringify({ServerURL: host, Username, Secret})
    const script = `#!/bin/sh\nread server\n[ "$1 $server" = "get ${host}" ] || { echo "credentials not found in native keychain"; exit 1; }\ncat <<END\n${answer}\nEND\n`
    await writeFile(join(home, 'docker-credential-e2e'), script)
    await chmod(join(home, 'docker-credential-e2e'), 0o755)
    return {DOCKER_CONFIG: home, PATH: `${home}:/usr/bin:/bin`}
  },
  DOCKER_AUTH_CONFIG: async (host, user) => ({DOCKER_AUTH_CONFIG: authsOf(host, user)}),
  REGISTRY_AUTH_FILE: async (host, user) => {
    const file = join(await mkdtemp(join(folder, 'file-')), 'auth.json')
    await writeFile(file, authsOf(host, user))
    return {REGISTRY_AUTH_FILE: file}
  },
}
const authsOf = (host: string, user: string): string =>
  JSON.stringify({auths: {[host]: {auth: Buffer.from(user).toString('base64')}}})

describe('a password (htpasswd)', () => {
  let registry: Registry
  beforeAll(async () => {
    const path = join(folder, 'htpasswd')
    await writeFile(path, HTPASSWD)
    registry = await startAnother('basic', {auth: {htpasswd: {realm: 'e2e', path}}})
  })
  const image = (): string => `${registry.address}/${IMAGE}:1`

  test.each(Object.entries(CREDENTIALS))('%s', async (_, credentials) => {
    expectAnswer(await check(image(), await credentials(registry.address, USER)))
  })

  test('none', async () => {
    expectRefusal(await check(image()), /status 401[\s\S]*log in first/)
  })

  test('a wrong one', async () => {
    const env = await CREDENTIALS['auths of DOCKER_CONFIG']?.(registry.address, `somebody:not-${SECRET}`)
    expectRefusal(await check(image(), env), /status 401/)
  })

  test('of a registry whose name only begins alike', async () => {
    const env = await CREDENTIALS['auths of DOCKER_CONFIG']?.(`${registry.address}0`, USER)
    expectRefusal(await check(image(), env), /status 401/)
  })

  test('blobs at another host: the password stays here', async () => {
    const store = await startRegistryServer({
      upstream: `http://${stand.registry.address}`,
      guard: ({headers}) =>
        headers.authorization === undefined ? undefined : {status: 400, headers: {}, body: 'only one mechanism'},
    })
    stops.push(() => store.stop())
    const door = await startDoor(registry, ({url}) =>
      url.includes('/blobs/') ? {kind: 'redirect', to: `${store.origin}${url}?X-Signature=${SECRET}`} : undefined,
    )
    const env = await CREDENTIALS['auths of DOCKER_CONFIG']?.(door.host, USER)
    expectAnswer(await check(`${door.host}/${IMAGE}:1`, env))
    expect(store.requests.length).toBeGreaterThan(3)
    expect(store.requests.filter(({headers}) => headers.authorization !== undefined)).toEqual([])
    expect(door.requests.some(({headers}) => headers.authorization === BASIC)).toBe(true)
  })
})

describe('tokens', () => {
  let tokens: TokenServer
  let registry: Registry
  beforeAll(async () => {
    tokens = await startTokenServer({
      folder,
      mayPull: (authorization, repository) => {
        if (authorization !== undefined && authorization !== BASIC) return undefined
        return authorization === BASIC || repository === 'e2e/right-symlink'
      },
    })
    stops.push(() => tokens.stop())
    registry = await startAnother('token', {auth: tokens.auth})
  })
  beforeEach(() => tokens.forget())
  const scopes = () => [...new Set(tokens.asked.map(({scope}) => scope))]

  test('anonymous, of an image for all', async () => {
    const {exitCode, stderr} = await check(`${registry.address}/e2e/right-symlink:1`)
    expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ''})
    expect(tokens.asked).toEqual([{scope: 'repository:e2e/right-symlink:pull', authorization: undefined}])
  })

  test.each(Object.entries(CREDENTIALS))('%s: only to pull', async (_, credentials) => {
    expectAnswer(await check(`${registry.address}/${IMAGE}:1`, await credentials(registry.address, USER)))
    expect(scopes()).toEqual([`repository:${IMAGE}:pull`])
    expect(tokens.asked.map(({authorization}) => authorization)).toEqual([BASIC])
  })

  test('none', async () => {
    expectRefusal(await check(`${registry.address}/${IMAGE}:1`), /status 401[\s\S]*log in first/)
    expect(scopes()).toEqual([`repository:${IMAGE}:pull`])
  })

  test('credentials that the token server refuses: said, and tried without', async () => {
    const env = await CREDENTIALS['auths of DOCKER_CONFIG']?.(registry.address, `somebody:not-${SECRET}`)
    expectRefusal(await check(`${registry.address}/${IMAGE}:1`, env), /refuses the credentials[\s\S]*status 401/)
    expect(scopes()).toEqual([`repository:${IMAGE}:pull`])
  })
})

describe('certificates', () => {
  let registry: Registry
  let authority: string
  const image = (): string => `${HOST}:${registry.address.replace(/.*:/, '')}/${IMAGE}:1`
  beforeAll(async () => {
    const ca = await makeAuthority(folder, 'authority')
    authority = ca.certificate
    registry = await startAnother('tls', {tls: await makeCertificate(folder, HOST, ca)})
  })

  /** The command where /etc is ours: the registry has a name of its own, and Docker has certificates. */
  async function checkByName(name: string, {env = {}, certs = {}}: {env?: Env; certs?: Env} = {}) {
    const etc = await mkdtemp(join(folder, 'etc-'))
    const files = {hosts: `127.0.0.1 localhost ${HOST} other.example.test\n`, ...certs}
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(etc, path)), {recursive: true})
      await writeFile(join(etc, path), content)
    }
    const command = [process.execPath, join(stand.dist, 'cli.mjs'), `docker://${name}`, '--format', 'json']
    const mounted = ['sh', '-ec', 'mount --bind "$0" /etc; exec "$@"', etc, ...command]
    const {code, stdout, stderr} = await runAny('unshare', ['--mount', '--propagation', 'private', ...mounted], {
      env: {PATH: '/usr/bin:/bin', HOME: folder, ...env},
      cwd: folder,
    })
    return {exitCode: code ?? -1, stdout: stdout.toString(), stderr, milliseconds: 0}
  }

  test('an authority that nobody knows: what to do is said', async () => {
    expectRefusal(await checkByName(image()), /certs\.d\/registry\.example\.test:\d+\/ca\.crt or NODE_EXTRA_CA_CERTS/)
  })

  test('NODE_EXTRA_CA_CERTS', async () => {
    expectAnswer(await checkByName(image(), {env: {NODE_EXTRA_CA_CERTS: authority}}))
  })

  test('as Docker keeps it', async () => {
    const host = image().split('/')[0]
    expectAnswer(
      await checkByName(image(), {certs: {[`docker/certs.d/${host}/ca.crt`]: await readFile(authority, 'utf8')}}),
    )
  })

  test('the authority is known, and the name is another', async () => {
    const other = image().replace(HOST, 'other.example.test')
    expectRefusal(await checkByName(other, {env: {NODE_EXTRA_CA_CERTS: authority}}), /ALTNAME/)
  })

  test('on this machine itself, whoever signed it', async () => {
    expectAnswer(await check(`${registry.address}/${IMAGE}:1`))
  })

  test('plain HTTP is used with no other machine', async () => {
    const plain = `${HOST}:${stand.registry.address.replace(/.*:/, '')}/${IMAGE}:1`
    expectRefusal(await checkByName(plain), /cannot be read from registry\.example\.test/)
  })
})

/** A server in front of a real registry. */
async function startDoor(registry: Pick<Registry, 'address'>, fault: Faulty): Promise<RegistryServer> {
  const door = await startRegistryServer({upstream: `http://${registry.address}`, fault})
  stops.push(() => door.stop())
  return door
}
type Faulty = (request: {readonly url: string}, count: number) => Fault | undefined

describe('a bad network', () => {
  let digests: Readonly<Record<'index' | 'manifest' | 'config' | 'layer', string>>
  beforeAll(async () => {
    const repository = new Repository(stand.registry, IMAGE)
    const index = await repository.readManifest('1')
    const entries: readonly {digest: string; platform: {architecture: string}}[] = Object(
      JSON.parse(index.bytes.toString()),
    ).manifests
    const manifest = entries.find(({platform}) => platform.architecture === 'arm64')?.digest ?? ''
    const {config, layers} = Object(JSON.parse((await repository.readManifest(manifest)).bytes.toString()))
    digests = {index: '/manifests/1', manifest, config: config.digest, layer: layers.at(-1).digest}
  })
  type Part = keyof typeof digests
  const faultAt =
    (part: Part, fault: Fault, times: number): Faulty =>
    ({url}, count) =>
      url.endsWith(digests[part]) && count <= times ? fault : undefined

  test.each<readonly [string, Part, Fault]>([
    ['429 with Retry-After', 'index', {kind: 'status', status: 429, headers: {'retry-after': '1'}}],
    ['500', 'manifest', {kind: 'status', status: 500}],
    ['503 with an HTML page', 'layer', {kind: 'status', status: 503, body: '<html>Service Unavailable</html>'}],
    ['a reset of the index', 'index', {kind: 'reset'}],
    ['a reset of a layer', 'layer', {kind: 'reset'}],
    ['a config that breaks off', 'config', {kind: 'cut', after: 20}],
    ['a layer that breaks off', 'layer', {kind: 'cut', after: 100_000}],
    ['a layer that is said to be shorter', 'layer', {kind: 'short', after: 100_000}],
    ['a layer that is said to be compressed once more', 'layer', {kind: 'encoded'}],
  ])('%s passes', async (_, part, fault) => {
    const door = await startDoor(stand.registry, faultAt(part, fault, 1))
    expectAnswer(await check(`${door.host}/${IMAGE}:1`))
  })

  /** What does not pass, with our own limits made short: it ends, in so many words. */
  test.each<readonly [string, Part, Fault, string, RegExp]>([
    [
      '429 for an hour',
      'index',
      {kind: 'status', status: 429, headers: {'retry-after': '3600'}},
      'unavailable',
      /status 429/,
    ],
    ['500', 'manifest', {kind: 'status', status: 500}, 'unavailable', /status 500/],
    ['resets', 'layer', {kind: 'reset'}, 'unavailable', /ECONNRESET/],
    ['a layer of which nothing comes', 'layer', {kind: 'cut', after: 0}, 'unavailable', /ECONNRESET/],
    ['silence', 'layer', {kind: 'hang'}, 'unavailable', /nothing came for/],
    ['a slow drip', 'layer', {kind: 'drip', pause: 5}, 'unavailable', /only \d+ bytes came/],
    ['other bytes in a layer', 'layer', {kind: 'wrong'}, 'digest-mismatch', /layer sha256:/],
    ['other bytes in a config', 'config', {kind: 'wrong'}, 'digest-mismatch', /config sha256:/],
    ['other bytes in a manifest', 'manifest', {kind: 'wrong'}, 'digest-mismatch', /manifest sha256:/],
    ['more bytes than there are to be', 'layer', {kind: 'long'}, 'digest-mismatch', /expected \d+ as its descriptor/],
    [
      'an HTML page for an index',
      'index',
      {kind: 'status', status: 200, headers: {'content-type': 'text/html'}, body: '<html>Log in</html>'},
      'unavailable',
      /web page/,
    ],
    [
      'an HTML page for a layer',
      'layer',
      {kind: 'status', status: 200, headers: {'content-type': 'text/html'}, body: '<html>Log in</html>'},
      'unavailable',
      /blob sha256:/,
    ],
    [
      'a Content-Length that is too small',
      'manifest',
      {kind: 'understated', by: 10},
      'digest-mismatch',
      /manifest sha256:/,
    ],
    ['a redirect in a circle', 'layer', {kind: 'redirect', to: '#again'}, 'unavailable', /more than 10 redirects/],
  ])('%s without end: an error', async (_, part, fault, code, message) => {
    const door = await startDoor(stand.registry, faultAt(part, fault, Number.POSITIVE_INFINITY))
    const reference = parseReference(`${door.host}/${IMAGE}:1`)
    if (!reference.ok) throw new Error(reference.problem)
    const surroundings = {env: {HOME: folder}, signal: new AbortController().signal, clock: testClock(), idleLimit: 400}
    const source = openRegistry({text: door.host, reference: reference.value}, surroundings)
    try {
      const options = {required: undefined, scope: 'entrypoint'} as const
      const failure = await gatherImage(source, options, createLimiter(2)).then(
        ({unreadable}) => unreadable[0],
        thrown => thrown,
      )
      expect(failure).toMatchObject({code, message: expect.stringMatching(message)})
    } finally {
      await source.close()
    }
  })
})
