import {execFile} from 'node:child_process'
import {cp, mkdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import {startProxyServer} from '../../support/proxy-server.ts'
import {type RegistryServer, type RegistryServerOptions, startRegistryServer} from '../../support/registry-server.ts'
import {temporaryFolder} from '../../support/temporary-folder.ts'
import {NO_ENV, readImage, TWO_PLATFORMS} from './fixtures.ts'

let folder = ''
let server: RegistryServer
beforeAll(async () => {
  folder = temporaryFolder('tls')
  const names = ['-subj', '/CN=registry.test', '-addext', 'subjectAltName=DNS:registry.test,DNS:localhost']
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    ...files,
    ...names,
  ])
  const [key, cert] = await Promise.all(['key.pem', 'cert.pem'].map(name => readFile(join(folder, name), 'utf8')))
  server = await startRegistryServer({tls: {key: key ?? '', cert: cert ?? ''}})
  server.push('org/app', TWO_PLATFORMS, '1')
})
afterAll(async () => {
  await server.stop()
})

const port = (): string => server.host.replace(/.*:/, '')

/** A proxy that takes every host for the registry in this process; what is asked of it is written down. */
async function withProxy(
  body: (proxy: string, asked: readonly string[]) => Promise<void>,
  options: {readonly target?: string; readonly credentials?: string} = {},
): Promise<void> {
  const proxy = await startProxyServer({target: server.host, ...options})
  try {
    await body(proxy.url, proxy.asked)
  } finally {
    await proxy.stop()
  }
}

describe('TLS', () => {
  test('on this machine, whoever signed it', async () => {
    expect((await readImage(`localhost:${port()}/org/app:1`)).platforms).toHaveLength(2)
    expect(server.requests.length).toBeGreaterThan(5)
  })

  test('elsewhere not, and the message says what to do', async () => {
    await withProxy(async proxy => {
      const reading = readImage('registry.test/org/app:1', {env: {...NO_ENV, HTTPS_PROXY: proxy}})
      await expect(reading).rejects.toMatchObject({
        code: 'unavailable',
        hint: expect.stringContaining('certs.d/registry.test'),
      })
    })
  })

  test('with the authority that Docker has for the host', async () => {
    await mkdir(join(folder, 'certs.d/registry.test'), {recursive: true})
    await cp(join(folder, 'cert.pem'), join(folder, 'certs.d/registry.test/ca.crt'))
    await withProxy(async proxy => {
      const env = {...NO_ENV, HTTPS_PROXY: proxy}
      const facts = await readImage('registry.test/org/app:1', {env, certificates: join(folder, 'certs.d')})
      expect(facts.platforms).toHaveLength(2)
    })
  })

  test('without it, where that was asked for', async () => {
    await withProxy(async proxy => {
      const env = {...NO_ENV, HTTPS_PROXY: proxy}
      const facts = await readImage('registry.test/org/app:1', {env, insecureRegistries: ['registry.test']})
      expect(facts.platforms).toHaveLength(2)
    })
  })
})

describe('proxies', () => {
  const insecureRegistries = ['registry.test']

  test('https through a tunnel, with the credentials of the proxy', async () => {
    const credentials = 'user:pass'
    await withProxy(
      async (proxy, asked) => {
        const env = {...NO_ENV, https_proxy: proxy}
        expect((await readImage('registry.test/org/app:1', {env, insecureRegistries})).platforms).toHaveLength(2)
        expect(new Set(asked)).toEqual(new Set(['CONNECT registry.test:443']))
        // Without them the proxy refuses.
        const without = {...NO_ENV, https_proxy: proxy.replace(`${credentials}@`, '')}
        await expect(readImage('registry.test/org/app:1', {env: without, insecureRegistries})).rejects.toMatchObject({
          code: 'unavailable',
        })
      },
      {credentials},
    )
  })

  test('not for hosts of NO_PROXY', async () => {
    await withProxy(async (proxy, asked) => {
      const env = {...NO_ENV, HTTPS_PROXY: proxy, NO_PROXY: '.test'}
      await expect(readImage('registry.test/org/app:1', {env, insecureRegistries})).rejects.toMatchObject({
        code: 'unavailable',
      })
      expect(asked).toEqual([])
    })
  })

  test('never for this machine', async () => {
    await withProxy(async (proxy, asked) => {
      const env = {...NO_ENV, HTTPS_PROXY: proxy, HTTP_PROXY: proxy}
      expect((await readImage(`localhost:${port()}/org/app:1`, {env})).platforms).toHaveLength(2)
      expect(asked).toEqual([])
    })
  })

  test('plain HTTP only where it was asked for', async () => {
    const plain = await startRegistryServer()
    plain.push('org/app', TWO_PLATFORMS, '1')
    try {
      await withProxy(
        async (proxy, asked) => {
          const env = {...NO_ENV, HTTP_PROXY: proxy, HTTPS_PROXY: proxy}
          expect((await readImage('registry.test/org/app:1', {env, insecureRegistries})).platforms).toHaveLength(2)
          expect(asked.some(line => line.startsWith('GET http://registry.test/v2/org/app/'))).toBe(true)
          await expect(readImage('registry.test/org/app:1', {env})).rejects.toMatchObject({code: 'unavailable'})
        },
        {target: plain.host},
      )
    } finally {
      await plain.stop()
    }
  })
})

describe('plain HTTP', () => {
  const REGISTRY_AUTH = {auths: {'registry.test': {auth: Buffer.from('jane:s3cret').toString('base64')}}}
  const basicGuard: RegistryServerOptions = {
    guard: ({headers}) =>
      headers.authorization === undefined ? {status: 401, headers: {'www-authenticate': 'Basic realm="x"'}} : undefined,
  }

  async function withPlain(
    options: RegistryServerOptions,
    body: (server: RegistryServer, env: Readonly<Record<string, string>>) => Promise<void>,
  ): Promise<void> {
    const plain = await startRegistryServer(options)
    plain.push('org/app', TWO_PLATFORMS, '1')
    try {
      await withProxy(
        async proxy => {
          const env = {HTTP_PROXY: proxy, HTTPS_PROXY: proxy, DOCKER_AUTH_CONFIG: JSON.stringify(REGISTRY_AUTH)}
          await body(plain, {...NO_ENV, ...env})
        },
        {target: plain.host},
      )
    } finally {
      await plain.stop()
    }
  }

  test('where it was not asked for: the message says what to do, and no credentials were sent', async () => {
    await withPlain(basicGuard, async (server, env) => {
      await expect(readImage('registry.test/org/app:1', {env})).rejects.toMatchObject({
        code: 'unavailable',
        hint: 'It answers in plain HTTP: allow registry.test with insecure-registries (--insecure-registry) if that is meant.',
      })
      expect(server.requests.filter(({headers}) => headers.authorization !== undefined)).toEqual([])
    })
  })

  test('for another than the host that was named: just so', async () => {
    await withPlain(basicGuard, async (_, env) => {
      const insecureRegistries = ['registry.test:5000', 'other.test', 'test']
      await expect(readImage('registry.test/org/app:1', {env, insecureRegistries})).rejects.toMatchObject({
        code: 'unavailable',
      })
    })
  })

  test('where it was asked for: credentials, too', async () => {
    await withPlain(basicGuard, async (server, env) => {
      const facts = await readImage('registry.test/org/app:1', {env, insecureRegistries: ['Registry.Test']})
      expect(facts.platforms).toHaveLength(2)
      expect(server.requests.at(-1)?.headers.authorization).toMatch(/^Basic /)
    })
  })

  test.each([
    [['registry.test', 'auth.test'], 'gets'],
    [['registry.test'], 'does not get'],
  ])('named are %j: a token server in the clear %s credentials', async (insecureRegistries, gets) => {
    const options: RegistryServerOptions = {
      guard: ({headers}) =>
        headers.authorization === 'Bearer good'
          ? undefined
          : {status: 401, headers: {'www-authenticate': 'Bearer realm="http://auth.test/token"'}},
      other: ({url}) => (url.startsWith('/token') ? {status: 200, body: '{"token":"good"}'} : undefined),
    }
    await withPlain(options, async (server, env) => {
      const reading = readImage('registry.test/org/app:1', {env, insecureRegistries})
      if (gets === 'gets') expect((await reading).platforms).toHaveLength(2)
      else {
        await expect(reading).rejects.toMatchObject({
          code: 'denied',
          hint: 'Allow auth.test with insecure-registries (--insecure-registry), too, if that is meant.',
        })
        expect(server.requests.filter(({url}) => url.startsWith('/token'))).toEqual([])
      }
    })
  })
})
