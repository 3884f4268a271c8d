import {expect, test} from '@jest/globals'
import {check} from '../../../src/pipeline/check.ts'
import {DEFAULTS, parseOptions} from '../../../src/pipeline/options.ts'
import {sharedConnections} from '../../../src/source/registry/connections.ts'
import {openRegistry} from '../../../src/source/registry/open-registry.ts'
import {type Fault, startRegistryServer} from '../../support/registry-server.ts'
import {testClock} from '../../support/test-clock.ts'
import {NO_ENV, TWO_PLATFORMS} from './fixtures.ts'

const IMAGES = 30
const body = JSON.stringify({errors: [{code: 'TOOMANYREQUESTS', message: 'You have reached your pull rate limit.'}]})

/** Checks so many images, one after the other, of a registry that gives `granted` answers and then refuses. */
async function checkAll(granted: number, fault: Fault) {
  let asked = 0
  const server = await startRegistryServer({fault: () => (++asked > granted ? fault : undefined)})
  try {
    const names = Array.from({length: IMAGES}, (_, number) => {
      server.push(`org/app${number}`, TWO_PLATFORMS, '1')
      return `docker://${server.host}/org/app${number}:1`
    })
    const options = parseOptions({
      ...DEFAULTS,
      ...{image: names, concurrency: '1', metadata: '', dockerfile: [], ignore: [], baseline: '', platforms: []},
      rules: [],
    })
    const run = {
      connections: sharedConnections(),
      clock: testClock(),
      signal: new AbortController().signal,
      env: NO_ENV,
    }
    const {images} = await check(
      options,
      async location => {
        if (location.transport !== 'registry') throw new Error(`${location.text} is in no registry`)
        return openRegistry(location, run)
      },
      {version: '1.0.0'},
    )
    return {images, requests: server.requests, refused: server.requests.filter(({status}) => status === 429)}
  } finally {
    await server.stop()
  }
}

test('a registry whose limit is spent is asked nothing more, and every image says why', async () => {
  const {images, refused} = await checkAll(0, {kind: 'status', status: 429, body})
  expect(refused).toHaveLength(1)
  expect(images).toHaveLength(IMAGES)
  for (const {problem} of images) {
    expect(problem).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('pull rate limit'),
      hint: expect.stringContaining('Log in'),
    })
  }
})

test('nor one that says nothing of it, after it was asked again', async () => {
  const {images, refused} = await checkAll(0, {kind: 'status', status: 429})
  expect(refused).toHaveLength(5)
  expect(images.filter(({problem}) => problem !== undefined)).toHaveLength(IMAGES)
})

test('what was read before is reported', async () => {
  const {requests} = await checkAll(Number.MAX_SAFE_INTEGER, {kind: 'reset'})
  const {images, refused} = await checkAll(Math.floor(requests.length / 2), {kind: 'status', status: 429, body})
  expect(refused).toHaveLength(1)
  const read = images.filter(({platforms}) => platforms.length > 0).length
  expect(read).toBeGreaterThan(0)
  expect(images.filter(({problem}) => problem !== undefined)).toHaveLength(IMAGES - read)
})
