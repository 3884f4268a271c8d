import {setTimeout as wait} from 'node:timers/promises'
import {describe, expect, test} from '@jest/globals'
import {SourceError} from '../../../src/errors.ts'
import type {Digest} from '../../../src/image/digest.ts'
import {buildImage} from '../../support/image-builder.ts'
import {type Fault, type SeenRequest, startRegistryServer} from '../../support/registry-server.ts'
import {testClock} from '../../support/test-clock.ts'
import {failureOf, readImage, smallOnLarge, TWO_PLATFORMS, withServer} from './fixtures.ts'

const [amd64] = TWO_PLATFORMS.platforms
const indexDigest = TWO_PLATFORMS.root.digest
const manifestDigest = amd64?.manifest.digest ?? ''
const configDigest = amd64?.config.digest ?? ''
const [baseDigest = '', appDigest = ''] = amd64?.layers.map(({digest}) => digest) ?? []

/** The fault for the first `times` requests of what the URL ends in. */
const at =
  (end: string, fault: Fault, times = Number.POSITIVE_INFINITY) =>
  ({url}: SeenRequest, count: number): Fault | undefined =>
    url.endsWith(end) && count <= times ? fault : undefined

describe('a registry that works', () => {
  test('gives every platform, and only what is needed is asked for', async () => {
    await withServer({}, async server => {
      const facts = await readImage(`${server.host}/org/app:1`)
      expect(facts.name).toBe(`${server.host}/org/app`)
      expect(facts.root.descriptor?.digest).toBe(indexDigest)
      expect(facts.platforms.map(({startup}) => startup.steps[0]?.verdict?.fit)).toEqual(['native', 'native'])
      const paths = server.requests.map(({url}) => url)
      expect(new Set(paths).size).toBe(paths.length)
      expect(server.requests.every(({method}) => method === 'GET')).toBe(true)
      expect(server.requests.every(({headers}) => headers.authorization === undefined)).toBe(true)
    })
  })
})

describe('what passes', () => {
  const passing: readonly (readonly [string, string, Fault, number])[] = [
    ['a reset of the index', '/manifests/1', {kind: 'reset'}, 2],
    ['a manifest that breaks off', manifestDigest, {kind: 'cut', after: 50}, 1],
    ['500 for a manifest', manifestDigest, {kind: 'status', status: 500}, 4],
    ['429 for a manifest', manifestDigest, {kind: 'status', status: 429, headers: {'retry-after': '7'}}, 1],
    ['503 for a layer', appDigest, {kind: 'status', status: 503}, 4],
    ['a reset of a layer', appDigest, {kind: 'reset'}, 4],
    ['a layer that breaks off', appDigest, {kind: 'cut', after: 300}, 1],
    ['a layer that breaks off at its very start', appDigest, {kind: 'cut', after: 0}, 2],
    ['a large layer that breaks off', baseDigest, {kind: 'cut', after: 30_000}, 3],
    ['a layer that the server takes for shorter', appDigest, {kind: 'short', after: 40}, 9],
    ['a config that breaks off', configDigest, {kind: 'cut', after: 10}, 1],
    ['a layer of which nothing comes for a while', appDigest, {kind: 'hang'}, 1],
    ['a manifest of which nothing comes for a while', manifestDigest, {kind: 'hang'}, 1],
    ['a claim that the layer is compressed once more', appDigest, {kind: 'encoded'}, 9],
    ['a claim that the manifest is compressed', manifestDigest, {kind: 'encoded'}, 9],
  ]
  test.each(passing)('%s', async (_, end, fault, times) => {
    await withServer({fault: at(end, fault, times)}, async server => {
      const facts = await readImage(`${server.host}/org/app:1`, {idleLimit: 200})
      expect(facts.platforms).toHaveLength(2)
    })
  })

  test('a layer is taken up where it broke off', async () => {
    await withServer({fault: at(baseDigest, {kind: 'cut', after: 30_000}, 1)}, async server => {
      await readImage(`${server.host}/org/app:1`)
      const asked = server.requests.filter(({url}) => url.endsWith(baseDigest))
      expect(asked.map(({headers}) => headers.range)).toEqual([undefined, 'bytes=30000-'])
      expect(asked.map(({status}) => status)).toEqual([200, 206])
    })
  })

  test('a server without ranges gives the whole again', async () => {
    const fault = ({url}: SeenRequest, count: number): Fault | undefined =>
      !url.endsWith(baseDigest) ? undefined : count === 1 ? {kind: 'cut', after: 30_000} : {kind: 'whole'}
    await withServer({fault}, async server => {
      expect((await readImage(`${server.host}/org/app:1`)).platforms).toHaveLength(2)
    })
  })

  test('a range that is refused: the whole is asked for', async () => {
    const fault = ({url}: SeenRequest, count: number): Fault | undefined => {
      if (!url.endsWith(baseDigest)) return undefined
      if (count === 1) return {kind: 'cut', after: 30_000}
      return count === 2 ? {kind: 'status', status: 416} : undefined
    }
    await withServer({fault}, async server => {
      expect((await readImage(`${server.host}/org/app:1`)).platforms).toHaveLength(2)
    })
  })

  test('Retry-After is heeded, and pauses grow', async () => {
    const clock = testClock()
    const fault = ({url}: SeenRequest, count: number): Fault | undefined => {
      if (!url.endsWith('/manifests/1') || count > 3) return undefined
      return {kind: 'status', status: 503, headers: count === 2 ? {'retry-after': '40'} : {}}
    }
    await withServer({fault}, async server => {
      await readImage(`${server.host}/org/app:1`, {clock})
      expect(clock.pauses).toEqual([750, 40_000, 3000])
    })
  })

  test('a registry that is started anew, and refuses all connections for a while', async () => {
    // The pauses are those of the real clock, a hundred times as fast.
    const pauses: number[] = []
    const clock = {
      ...testClock(),
      sleep: (milliseconds: number) => {
        pauses.push(milliseconds)
        return wait(milliseconds / 100)
      },
    }
    const fault = at(manifestDigest, {kind: 'gone', back: 20}, 1)
    await withServer({fault}, async server => {
      expect((await readImage(`${server.host}/org/app:1`, {clock})).platforms).toHaveLength(2)
      expect(pauses.length).toBeGreaterThanOrEqual(2)
    })
  })

  test('what refuses connections is asked five times', async () => {
    const clock = testClock()
    await withServer({}, async server => {
      await server.stop()
      await expect(readImage(`${server.host}/org/app:1`, {clock})).rejects.toMatchObject({
        code: 'unavailable',
        message: `manifest ${server.host}/org/app:1 cannot be read from ${server.host}: connect ECONNREFUSED ${server.host} (ECONNREFUSED)`,
        hint: 'Nothing listens there: check the name and the port of the registry, and that it runs.',
      })
    })
    expect(clock.pauses).toEqual([750, 1500, 3000, 6000])
  })

  test('a name that does not exist is asked for once', async () => {
    const clock = testClock()
    await expect(readImage('no-such-registry.invalid/org/app:1', {clock})).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
      hint: "Check the registry's name, and whether this machine finds names and needs a proxy.",
    })
    // A machine without any resolver cannot tell whether the name exists.
    expect([[], [750, 1500, 3000, 6000]]).toContainEqual(clock.pauses)
  })

  test('a digest that was pushed just now comes late', async () => {
    const clock = testClock()
    await withServer({fault: at(indexDigest, {kind: 'status', status: 404}, 3)}, async server => {
      await readImage(`${server.host}/org/app@${indexDigest}`, {clock})
      expect(clock.pauses).toEqual([500, 1000, 2000])
    })
  })

  test("so does a platform's manifest", async () => {
    await withServer({fault: at(manifestDigest, {kind: 'status', status: 404}, 3)}, async server => {
      expect((await readImage(`${server.host}/org/app:1`)).platforms).toHaveLength(2)
    })
  })
})

const WEB_PAGE: Fault = {
  ...{kind: 'status', status: 200, headers: {'content-type': 'text/html; charset=utf-8'}},
  body: '\n<!doctype HTML>\n<html><body>Sign in</body></html>',
}

describe('what does not pass is an error that says what and where', () => {
  const failing: readonly (readonly [string, string, Fault, string, RegExp])[] = [
    ['a tag that is not there', '/manifests/1', {kind: 'status', status: 404}, 'not-found', /org\/app:1 .*status 404/],
    [
      'a platform that is not there',
      manifestDigest,
      {kind: 'status', status: 404},
      'blob-missing',
      /linux\/amd64: manifest .* status 404/,
    ],
    [
      'a layer that is not there',
      appDigest,
      {kind: 'status', status: 404},
      'blob-missing',
      new RegExp(`blob ${appDigest}`),
    ],
    [
      'a config that is not there',
      configDigest,
      {kind: 'status', status: 404},
      'blob-missing',
      new RegExp(configDigest),
    ],
    ['a manifest with another digest', manifestDigest, {kind: 'wrong'}, 'digest-mismatch', new RegExp(manifestDigest)],
    ['a config with another digest', configDigest, {kind: 'wrong'}, 'digest-mismatch', new RegExp(configDigest)],
    ['a layer with another digest', appDigest, {kind: 'wrong'}, 'digest-mismatch', new RegExp(appDigest)],
    ['a base layer with another digest', baseDigest, {kind: 'wrong'}, 'digest-mismatch', new RegExp(baseDigest)],
    ['a layer that is too long', appDigest, {kind: 'long'}, 'digest-mismatch', /expected [0-9]+ as its descriptor/],
    ['a manifest that is too long', manifestDigest, {kind: 'long'}, 'digest-mismatch', /bytes, expected/],
    ['500 without end', appDigest, {kind: 'status', status: 500}, 'unavailable', /status 500/],
    ['resets without end', appDigest, {kind: 'reset'}, 'unavailable', /ECONNRESET/],
    ['cuts without progress', appDigest, {kind: 'cut', after: 0}, 'unavailable', /ECONNRESET/],
    ['silence without end', manifestDigest, {kind: 'hang'}, 'unavailable', /nothing came for 0\.1 s/],
    ['a slow drip', baseDigest, {kind: 'drip', pause: 5}, 'unavailable', /only [0-9]+ bytes came in 0\.5 s/],
    [
      'a limit that does not pass',
      '/manifests/1',
      {kind: 'status', status: 429, headers: {'retry-after': '3600'}},
      'unavailable',
      /status 429/,
    ],
    ['a refusal', '/manifests/1', {kind: 'status', status: 403}, 'denied', /status 403/],
    [
      'a redirect in circles',
      '/manifests/1',
      {kind: 'redirect', to: '/v2/org/app/manifests/1'},
      'unavailable',
      /more than 10 redirects/,
    ],
    [
      'a redirect to a cloud’s own address',
      appDigest,
      {kind: 'redirect', to: 'http://169.254.169.254/latest'},
      'unavailable',
      /169\.254\.169\.254/,
    ],
    [
      'a redirect to something else',
      appDigest,
      {kind: 'redirect', to: 'ftp://example.com/x'},
      'unavailable',
      /not https/,
    ],
    [
      'schema 1',
      '/manifests/1',
      {kind: 'status', status: 200, body: '{"schemaVersion":1,"fsLayers":[]}'},
      'malformed',
      /schema 1/,
    ],
    ['HTML', '/manifests/1', {kind: 'status', status: 200, body: '<html>'}, 'malformed', /JSON/],
    ['a web page for a tag', '/manifests/1', WEB_PAGE, 'unavailable', /manifests\/1 answers with a web page/],
    ['a web page for a manifest', manifestDigest, WEB_PAGE, 'unavailable', /answers with a web page/],
    ['a web page for a config', configDigest, WEB_PAGE, 'unavailable', /answers with a web page/],
    ['a web page for a layer', appDigest, WEB_PAGE, 'unavailable', /answers with a web page/],
    ['bytes that are not HTTP', appDigest, {kind: 'raw', bytes: Buffer.from('\0\x01')}, 'unavailable', /HPE_/],
    ['a registry that goes away', appDigest, {kind: 'gone'}, 'unavailable', /127\.0\.0\.1:.*ECONNREFUSED/],
    ['a manifest that breaks off', manifestDigest, {kind: 'cut', after: 5}, 'unavailable', /closed in the middle/],
    ['a layer that breaks off', appDigest, {kind: 'cut', after: 0}, 'unavailable', /127.*closed in the middle/],
    ['a redirect to nowhere', appDigest, {kind: 'redirect', to: 'http://[::bad'}, 'unavailable', /not a URL/],
    ['a status of no registry', appDigest, {kind: 'status', status: 501}, 'unavailable', /status 501/],
  ]
  test.each(failing)('%s', async (_, end, fault, code, message) => {
    await withServer({fault: at(end, fault)}, async server => {
      // Short where it is waited out, and long enough for a loaded machine where it is not.
      const idleLimit = fault.kind === 'hang' ? 100 : fault.kind === 'drip' ? 500 : 5000
      const reading = readImage(`${server.host}/org/app:1`, {idleLimit})
      const failure = await failureOf(reading)
      expect(failure).toMatchObject({code, message: expect.stringMatching(message)})
      // What is thrown says what to do; a finding does so by its rule.
      if (failure instanceof SourceError) expect(failure.hint).toMatch(/^[A-Z].*\.$/)
    })
  })

  test('a layer that is said to be HTML and is none passes', async () => {
    const other = (request: SeenRequest) => {
      const blob = TWO_PLATFORMS.blobs.get(request.url.split('/').at(-1) as Digest)
      return request.url.includes('/blobs/') && blob
        ? {status: 200, headers: {'content-type': 'text/html'}, body: blob.bytes}
        : undefined
    }
    await withServer({other}, async server => {
      expect((await readImage(`${server.host}/org/app:1`)).platforms).toHaveLength(2)
    })
  })

  test('a limit that only a login lifts is not waited for', async () => {
    const clock = testClock()
    const body = JSON.stringify({
      errors: [{code: 'TOOMANYREQUESTS', message: 'You have reached your pull rate limit.'}],
    })
    await withServer({fault: at('/manifests/1', {kind: 'status', status: 429, body})}, async server => {
      await expect(readImage(`${server.host}/org/app:1`, {clock})).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('pull rate limit'),
        hint: expect.stringContaining('Log in'),
      })
      expect(clock.pauses).toEqual([])
    })
  })

  test('a digest that never comes is asked for no longer than 15 seconds', async () => {
    const clock = testClock()
    await withServer({fault: at(indexDigest, {kind: 'status', status: 404})}, async server => {
      await expect(readImage(`${server.host}/org/app@${indexDigest}`, {clock})).rejects.toMatchObject({
        code: 'not-found',
      })
      expect(clock.now()).toBeLessThanOrEqual(15_000)
    })
  })

  test('a host that nobody listens at', async () => {
    await expect(readImage('127.0.0.1:9/org/app:1')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('127.0.0.1:9'),
    })
  })

  test('a run that is cancelled while nothing comes', async () => {
    await withServer({fault: at(appDigest, {kind: 'hang'})}, async server => {
      const controller = new AbortController()
      const reading = readImage(`${server.host}/org/app:1`, {signal: controller.signal, idleLimit: 60_000})
      setTimeout(() => controller.abort(), 100)
      await expect(reading).rejects.toMatchObject({code: 'aborted'})
    })
  })
})

describe('what is asked for', () => {
  test('of a program on top of a large base, the base is not', async () => {
    const image = buildImage(
      ['amd64' as const, 'arm64' as const].map(architecture => ({
        ...smallOnLarge(architecture, 2_000_000),
        process: {Entrypoint: ['/app']},
      })),
    )
    const server = await startRegistryServer()
    try {
      server.push('org/app', image, '1')
      expect((await readImage(`${server.host}/org/app:1`)).platforms).toHaveLength(2)
      // The index; of each platform the manifest, the config, the layer.
      expect(server.requests).toHaveLength(7)
      const bytes = server.requests.reduce((sum, {sent}) => sum + sent, 0)
      expect(bytes).toBeLessThan(0.01 * 2_000_000)
    } finally {
      await server.stop()
    }
  })
})
