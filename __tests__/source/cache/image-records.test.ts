import {readdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from '@jest/globals'
import {parseReference} from '../../../src/image/reference.ts'
import {createLimiter} from '../../../src/lib/concurrency.ts'
import {LayerPool} from '../../../src/rootfs/index.ts'
import {digestOf} from '../../../src/source/blobs/verified.ts'
import {diskFolder} from '../../../src/source/cache/disk-folder.ts'
import {imageRecords, SEEN_FOR} from '../../../src/source/cache/image-records.ts'
import {layerRecords} from '../../../src/source/cache/layer-records.ts'
import {openRegistry} from '../../../src/source/registry/open-registry.ts'
import {gatherImage} from '../../support/gather-image.ts'
import {type RegistryServer, startRegistryServer} from '../../support/registry-server.ts'
import {temporaryFolder} from '../../support/temporary-folder.ts'
import {NO_ENV, TWO_PLATFORMS} from '../registry/fixtures.ts'

let folder = ''
let server: RegistryServer
let warnings: string[] = []
let now = 0
let missing: string | undefined
beforeEach(async () => {
  folder = temporaryFolder('image-records')
  warnings = []
  now = 1_800_000_000_000
  missing = undefined
  server = await startRegistryServer({
    fault: ({url}) =>
      missing !== undefined && url.endsWith(missing) ? {kind: 'status', status: 404, body: '{}'} : undefined,
  })
  server.push('org/app', TWO_PLATFORMS, '1')
  server.push('org/copy', TWO_PLATFORMS, '1')
})
afterEach(() => server.stop())

/** One run with the cache: what was seen, and how many requests of which kind it took. */
async function run(name = 'org/app:1') {
  server.forget()
  const warn = (message: string) => void warnings.push(message)
  const reference = parseReference(`${server.host}/${name}`)
  if (!reference.ok) throw new Error(reference.problem)
  const layers = new LayerPool({records: layerRecords({folder: diskFolder(folder), version: '1.0.0', warn})})
  const records = imageRecords({folder: diskFolder(folder), now: () => now, warn})
  const {signal} = new AbortController()
  const source = openRegistry({text: name, reference: reference.value, layers, records}, {env: NO_ENV, signal})
  try {
    const facts = await gatherImage(source, {required: undefined, scope: 'image'}, createLimiter(4))
    return {facts, requests: server.requests.map(({url}) => url.replace(/.*\/(manifests|blobs)\//, '$1 '))}
  } finally {
    await source.close()
  }
}

const entries = async () => (await readdir(folder)).filter(name => name.startsWith('image-'))
const entry = async () => join(folder, (await entries())[0] ?? '')

test('an image that is known costs the request for what its tag leads to', async () => {
  const first = await run()
  expect(first.requests).toHaveLength(8)
  const second = await run()
  expect(second.requests).toEqual(['manifests 1'])
  expect(second.facts).toEqual(first.facts)
  expect(warnings).toEqual([])
})

test('what a tag leads to is asked each time', async () => {
  await run()
  server.remove(TWO_PLATFORMS.root.digest)
  server.push('org/app', {...TWO_PLATFORMS, root: TWO_PLATFORMS.platforms[0]?.manifest ?? TWO_PLATFORMS.root}, '1')
  expect((await run()).facts.root.kind).toBe('manifest')
})

test('that another repository has its layers is asked of that repository', async () => {
  await run()
  missing = `/org/copy/blobs/${TWO_PLATFORMS.platforms[0]?.layers[0]?.digest}`
  const {facts, requests} = await run('org/copy:1')
  expect(facts.unreadable.map(({code}) => code)).toContain('blob-missing')
  expect(requests.filter(request => request.startsWith('blobs')).length).toBeGreaterThan(1)
})

describe('that a layer is there', () => {
  const layer = TWO_PLATFORMS.platforms[0]?.layers[0]?.digest ?? ''

  test.each([
    ['is not asked within a day', SEEN_FOR - 1, []],
    ['is asked after it', SEEN_FOR, ['blob-missing', 'blob-missing']],
    ['is asked where the clock was put back', -1, ['blob-missing', 'blob-missing']],
  ])('%s', async (_, passed, codes) => {
    await run()
    now += passed
    missing = layer
    expect((await run()).facts.unreadable.map(({code}) => code)).toEqual(codes)
  })
})

describe('an entry', () => {
  test.each([
    ['of which a byte is another', (text: string) => text.replace('seen', 'sEen'), /its checksum is wrong/],
    ['that ends too soon', (text: string) => text.slice(0, -10), /its checksum is wrong/],
    ['that is empty', () => '', /its checksum is wrong/],
    ['that is not JSON', () => sealed('nothing'), /it is not readable/],
    ['of another image', (text: string) => sealed(bodyOf(text).replaceAll('org/app', 'org/api')), /another image/],
  ])('%s is left aside, with a word', async (_, change, expected) => {
    const first = await run()
    await writeFile(await entry(), change(await readFile(await entry(), 'utf8')))
    const second = await run()
    expect(second.facts).toEqual(first.facts)
    expect(second.requests.length).toBeGreaterThan(4)
    expect(warnings.join()).toMatch(expected)
  })

  test('of another format is left aside without one', async () => {
    await run()
    await writeFile(
      await entry(),
      sealed(bodyOf(await readFile(await entry(), 'utf8')).replace('format 1', 'format 0')),
    )
    expect((await run()).requests.length).toBeGreaterThan(4)
    expect(warnings).toEqual([])
  })

  test('whose document was exchanged is not believed: its digest is computed', async () => {
    const first = await run()
    const known = JSON.parse(bodyOf(await readFile(await entry(), 'utf8')))
    const other = Buffer.from('{"architecture":"arm64"}').toString('base64')
    const documents = Object.fromEntries(Object.keys(known.documents).map(digest => [digest, other]))
    await writeFile(await entry(), sealed(JSON.stringify({...known, documents})))
    const second = await run()
    expect(second.facts).toEqual(first.facts)
    expect(second.requests).toHaveLength(5)
    expect((await run()).requests).toHaveLength(1)
  })

  test('that cannot be written costs nothing but requests', async () => {
    await writeFile(join(folder, 'file'), '')
    folder = join(folder, 'file/nothing')
    expect((await run()).facts.platforms).toHaveLength(2)
    expect(warnings.join()).toMatch(/is not cached/)
  })
})

function bodyOf(text: string): string {
  return text.slice(text.indexOf('\n') + 1)
}

function sealed(body: string): string {
  return `${digestOf(Buffer.from(body))}\n${body}`
}
