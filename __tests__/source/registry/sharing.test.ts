import {afterEach, beforeEach, describe, expect, test} from '@jest/globals'
import {parseReference} from '../../../src/image/reference.ts'
import type {Inspection} from '../../../src/image/rootfs.ts'
import {createLimiter} from '../../../src/lib/concurrency.ts'
import {LayerPool} from '../../../src/rootfs/index.ts'
import {openRegistry} from '../../../src/source/registry/open-registry.ts'
import {buildElf} from '../../support/elf-builder.ts'
import {gatherImage} from '../../support/gather-image.ts'
import {type BuildPlatform, buildImage, type LayerFiles} from '../../support/image-builder.ts'
import {type RegistryServer, startRegistryServer} from '../../support/registry-server.ts'
import {all} from '../../support/streams.ts'
import {NO_ENV} from './fixtures.ts'

/** More than what the registry reader keeps of small blobs in memory would hide. */
const NOISE = Buffer.from(Array.from({length: 100_000}, (_, at) => (at * at * 31) >> 3))
const BASE: LayerFiles = {
  'etc/': '',
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
  'etc/group': 'root:x:0:\n',
  'usr/data': NOISE,
}

const platform = (architecture: string, ...layers: readonly LayerFiles[]): BuildPlatform => ({
  platform: {os: 'linux', architecture},
  process: {Entrypoint: ['/app'], User: 'root'},
  layers,
})
const app = (machine: number, text = ''): LayerFiles => ({
  app: {content: Buffer.concat([buildElf({machine}), Buffer.from(text)]), mode: 0o755},
})
const IMAGE = buildImage([platform('amd64', BASE, app(62)), platform('arm64', BASE, app(183))])
const OTHER = buildImage([platform('amd64', BASE, app(62, 'new')), platform('arm64', BASE, app(183))])
const BASE_DIGEST = IMAGE.platforms[0]?.layers[0]?.digest ?? ''
const ARM_DIGEST = IMAGE.platforms[1]?.layers[1]?.digest ?? ''

let server: RegistryServer
beforeEach(async () => {
  server = await startRegistryServer()
  server.push('org/app', IMAGE, '1')
  server.push('org/app', OTHER, '2')
  server.push('org/copy', IMAGE, '1')
})
afterEach(() => server.stop())

const START: Inspection<string> = {
  id: 'start',
  inspect: async (_, content) => Buffer.from(await content.read(0, 4)).toString('latin1'),
}

async function opened(pool: LayerPool, name: string) {
  const reference = parseReference(`${server.host}/${name}`)
  if (!reference.ok) throw new Error(reference.problem)
  const {signal} = new AbortController()
  return openRegistry({text: name, reference: reference.value, layers: pool}, {env: NO_ENV, signal})
}

async function check(pool: LayerPool, name: string) {
  const source = await opened(pool, name)
  try {
    return await gatherImage(source, {required: undefined, scope: 'essential'}, createLimiter(4))
  } finally {
    await source.close()
  }
}

async function survey(pool: LayerPool, name: string) {
  const source = await opened(pool, name)
  try {
    const {entries} = await source.root()
    return await Promise.all(
      entries.map(async entry => {
        const image = await source.platformImage(entry)
        const found = await all(image.rootfs.survey(START))
        await image.close()
        return found.length
      }),
    )
  } finally {
    await source.close()
  }
}

/** How often a layer was asked for: as a whole, and whether it is there. */
function asked(digest: string) {
  const requests = server.requests.filter(({url}) => url.endsWith(digest))
  return {
    whole: requests.filter(({headers}) => headers.range === undefined).length,
    probes: requests.filter(({headers}) => headers.range === 'bytes=0-0').length,
  }
}

const run = () => new LayerPool()

describe('a layer that is needed again is not fetched again', () => {
  test('for another platform', async () => {
    await check(run(), 'org/app:1')
    expect(asked(BASE_DIGEST)).toEqual({whole: 1, probes: 0})
  })

  test('for another image of the run, which is asked whether it has it too', async () => {
    const pool = run()
    await check(pool, 'org/app:1')
    await check(pool, 'org/app:2')
    expect(asked(BASE_DIGEST)).toEqual({whole: 1, probes: 1})
    expect(asked(ARM_DIGEST)).toEqual({whole: 1, probes: 1})
  })

  test('for images that are read at the same time', async () => {
    const pool = run()
    const facts = await Promise.all(['org/app:1', 'org/app:2', 'org/copy:1'].map(name => check(pool, name)))
    expect(asked(BASE_DIGEST).whole).toBe(1)
    const alone = await Promise.all(['org/app:1', 'org/app:2', 'org/copy:1'].map(name => check(run(), name)))
    expect(facts).toEqual(alone)
  })

  test('for a survey after a survey', async () => {
    const pool = run()
    const first = await survey(pool, 'org/app:1')
    expect(await survey(pool, 'org/app:2')).toEqual(first)
    expect(asked(BASE_DIGEST).whole).toBe(1)
  })

  test('but in another run', async () => {
    await check(run(), 'org/app:1')
    await check(run(), 'org/app:1')
    expect(asked(BASE_DIGEST)).toEqual({whole: 2, probes: 0})
  })
})

describe('what was read elsewhere hides nothing', () => {
  const missingIn = (repository: string): Promise<RegistryServer> =>
    startRegistryServer({
      fault: ({url}) =>
        url.includes(`/${repository}/`) && url.endsWith(BASE_DIGEST)
          ? {kind: 'status', status: 404, body: '{"errors":[{"code":"BLOB_UNKNOWN"}]}'}
          : undefined,
    })

  test.each([
    {what: 'after one that has it', names: ['org/app:1', 'org/copy:1'], together: false},
    {what: 'before one that has it', names: ['org/copy:1', 'org/app:1'], together: false},
    {what: 'beside one that has it', names: ['org/copy:1', 'org/app:1'], together: true},
  ])('a repository that lacks the layer, $what', async ({names, together}) => {
    await server.stop()
    server = await missingIn('org/copy')
    server.push('org/app', IMAGE, '1')
    server.push('org/copy', IMAGE, '1')
    const pool = run()
    const facts = []
    if (together) facts.push(...(await Promise.all(names.map(name => check(pool, name)))))
    else for (const name of names) facts.push(await check(pool, name))
    for (const [at, name] of names.entries()) {
      const codes = facts[at]?.unreadable.map(({code, message}) => [code, message.split(':')[0]])
      expect(codes).toEqual(
        name === 'org/app:1'
          ? []
          : [
              ['blob-missing', 'linux/amd64'],
              ['blob-missing', 'linux/arm64'],
            ],
      )
    }
  })
})
