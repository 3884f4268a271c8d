import {execFile} from 'node:child_process'
import {cp, mkdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import {NO_ENV, readImage, TWO_PLATFORMS} from '../source/registry/fixtures.ts'
import {type ProxyFault, type ProxyOptions, type ProxyServer, startProxyServer} from '../support/proxy-server.ts'
import {type RegistryServer, startRegistryServer} from '../support/registry-server.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {testClock} from '../support/test-clock.ts'

let folder = ''
let tls = {key: '', cert: ''}
let secure: RegistryServer
let plain: RegistryServer
beforeAll(async () => {
  folder = temporaryFolder('proxy')
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
  const names = ['-subj', '/CN=registry.test', '-addext', 'subjectAltName=DNS:registry.test,DNS:localhost']
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  await promisify(execFile)('openssl', [...kind, ...files, ...names])
  const [key = '', cert = ''] = await Promise.all(
    ['key.pem', 'cert.pem'].map(name => readFile(join(folder, name), 'utf8')),
  )
  tls = {key, cert}
  await mkdir(join(folder, 'certs.d/registry.test'), {recursive: true})
  await cp(join(folder, 'cert.pem'), join(folder, 'certs.d/registry.test/ca.crt'))
  secure = await startRegistryServer({tls})
  plain = await startRegistryServer()
  for (const server of [secure, plain]) server.push('org/app', TWO_PLATFORMS, '1')
})
afterAll(async () => {
  await Promise.all([secure.stop(), plain.stop()])
})

async function withProxy(options: Partial<ProxyOptions>, body: (proxy: ProxyServer) => Promise<void>): Promise<void> {
  const proxy = await startProxyServer({target: secure.host, ...options})
  try {
    await body(proxy)
  } finally {
    await proxy.stop()
  }
}

/** Reads the image of `registry.test`, whose certificate the machine knows. */
const read = (proxy: string, more: Parameters<typeof readImage>[1] = {}) =>
  readImage('registry.test/org/app:1', {
    env: {...NO_ENV, HTTPS_PROXY: proxy, HTTP_PROXY: proxy},
    certificates: join(folder, 'certs.d'),
    ...more,
  })

describe('https', () => {
  test('goes through a tunnel, each connection of which is used again', async () => {
    await withProxy({credentials: 'jane:p@ss:word'}, async proxy => {
      secure.forget()
      const masked: string[] = []
      const facts = await read(proxy.url, {mask: secret => masked.push(secret)})
      expect(facts.platforms).toHaveLength(2)
      expect(new Set(proxy.asked)).toEqual(new Set(['CONNECT registry.test:443']))
      expect(proxy.asked.length).toBeLessThan(secure.requests.length)
      expect(secure.requests.flatMap(({headers}) => headers['proxy-authorization'] ?? [])).toEqual([])
      expect(masked).toEqual(expect.arrayContaining(['p@ss:word', Buffer.from('jane:p@ss:word').toString('base64')]))
    })
  })

  test('the certificate behind the tunnel is looked at', async () => {
    await withProxy({}, async proxy => {
      await expect(read(proxy.url, {certificates: '/nonexistent'})).rejects.toMatchObject({
        code: 'unavailable',
        hint: expect.stringContaining('certs.d/registry.test'),
      })
    })
  })

  test.each<[string, ProxyFault]>([
    ['is busy', {kind: 'refuse', status: 503}],
    ['hangs up', {kind: 'drop'}],
    ['says nothing', {kind: 'hang'}],
    ['breaks off in the middle', {kind: 'cut', after: 3000}],
  ])('what passes is tried again: a proxy that %s', async (_, fault) => {
    await withProxy({fault: count => (count === 1 ? fault : undefined)}, async proxy => {
      const clock = testClock()
      expect((await read(proxy.url, {clock, idleLimit: 300})).platforms).toHaveLength(2)
      expect(clock.pauses.length).toBeGreaterThan(0)
    })
  })

  const RETRIES = 4
  test.each<[string, ProxyFault, RegExp, number]>([
    [
      'refuses',
      {kind: 'refuse', status: 403},
      /the proxy localhost:\d+ refuses a connection to registry\.test:443 \(status 403\)/,
      0,
    ],
    ['is busy for good', {kind: 'refuse', status: 503}, /refuses a connection .*\(status 503\)/, RETRIES],
    [
      'hangs up for good',
      {kind: 'drop'},
      /the proxy localhost:\d+: the connection was closed without an answer/,
      RETRIES,
    ],
    ['says nothing for good', {kind: 'hang'}, /(?:does not answer within|nothing came for) 0\.3 s/, RETRIES],
    ['talks nonsense', {kind: 'garbage'}, /the proxy localhost:\d+: Parse Error/, 0],
  ])('what does not pass is told: a proxy that %s', async (_, fault, message, pauses) => {
    await withProxy({credentials: 'jane:s3cret', fault: () => fault}, async proxy => {
      const clock = testClock()
      // A busy machine may give up before the proxy has read a word: only who waits for nothing has a short limit.
      const reading = read(proxy.url, {clock, idleLimit: fault.kind === 'hang' ? 300 : 30_000})
      await expect(reading).rejects.toMatchObject({code: 'unavailable', message: expect.stringMatching(message)})
      await expect(reading).rejects.not.toThrow(/s3cret/)
      expect(clock.pauses).toHaveLength(pauses)
      if (fault.kind !== 'hang') expect(proxy.asked).toHaveLength(pauses + 1)
    })
  })

  test('wrong credentials are not tried again, and not shown', async () => {
    await withProxy({credentials: 'jane:right'}, async proxy => {
      const reading = read(proxy.url.replace('right', 'wr0ng'))
      await expect(reading).rejects.toThrow(/refuses a connection to registry\.test:443 \(status 407\)/)
      await expect(reading).rejects.not.toThrow(/wr0ng/)
      expect(proxy.asked).toHaveLength(1)
    })
  })

  test('a proxy that is not there', async () => {
    const {url, stop} = await startProxyServer({target: secure.host})
    await stop()
    await expect(read(url)).rejects.toThrow(/the proxy localhost:\d+: .*ECONNREFUSED/)
  })

  test('what answers as a web server is no proxy', async () => {
    await expect(read(plain.origin.replace('127.0.0.1', 'localhost'))).rejects.toMatchObject({code: 'unavailable'})
  })

  test('a proxy that is reached over TLS must have a trusted certificate', async () => {
    await withProxy({tls}, async proxy => {
      expect(proxy.url).toMatch(/^https:/)
      await expect(read(proxy.url)).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(/the proxy localhost:\d+: self-signed certificate/),
        hint: "Put the proxy's authority into NODE_EXTRA_CA_CERTS.",
      })
      expect(proxy.asked).toEqual([])
    })
  })

  // Whom node trusts it reads when it starts.
  test('a proxy that is reached over TLS, with a trusted certificate', async () => {
    await withProxy({tls, credentials: 'jane:secret'}, async proxy => {
      const argv = ['--no-warnings', 'src/bin/cli.ts', 'docker://registry.test/org/app:1', '--scope', 'entrypoint']
      const env = {...NO_ENV, HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem')}
      const cwd = new URL('../..', import.meta.url)
      const {stdout} = await promisify(execFile)(process.execPath, argv, {cwd, env})
      expect(stdout).toMatch(/2 of 2 platforms match/)
      expect(new Set(proxy.asked)).toEqual(new Set(['CONNECT registry.test:443']))
    })
  })

  test('a run that is cancelled does not wait for the proxy', async () => {
    await withProxy({fault: () => ({kind: 'hang'})}, async proxy => {
      const controller = new AbortController()
      const reading = read(proxy.url, {signal: controller.signal, idleLimit: 60_000})
      setTimeout(() => controller.abort(), 50)
      await expect(reading).rejects.toMatchObject({code: 'aborted'})
    })
  })
})

describe('http', () => {
  const insecureRegistries = ['registry.test']

  test('is asked of the proxy, where the tunnel is refused', async () => {
    const refuse = (): ProxyFault => ({kind: 'refuse', status: 403})
    await withProxy({target: plain.host, credentials: 'jane:secret', fault: refuse}, async proxy => {
      plain.forget()
      const facts = await read(proxy.url, {insecureRegistries})
      expect(facts.platforms).toHaveLength(2)
      expect(proxy.asked[0]).toBe('CONNECT registry.test:443')
      expect(proxy.asked.slice(1).every(line => line.startsWith('GET http://registry.test/v2/org/app/'))).toBe(true)
      expect(new Set(plain.requests.map(({headers}) => headers.host))).toEqual(new Set(['registry.test']))
    })
  })

  test('wrong credentials are told', async () => {
    await withProxy({target: plain.host, credentials: 'jane:right'}, async proxy => {
      const reading = read(proxy.url.replace('right', 'wr0ng'), {insecureRegistries})
      await expect(reading).rejects.toThrow(/status 407/)
      await expect(reading).rejects.not.toThrow(/wr0ng/)
    })
  })
})
