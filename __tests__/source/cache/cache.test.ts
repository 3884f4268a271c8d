import {readdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from '@jest/globals'
import {parseReference} from '../../../src/image/reference.ts'
import type {Inspection} from '../../../src/image/rootfs.ts'
import {createLimiter} from '../../../src/lib/concurrency.ts'
import {LayerPool} from '../../../src/rootfs/index.ts'
import {diskFolder} from '../../../src/source/cache/disk-folder.ts'
import {type EntryFolder, layerRecords} from '../../../src/source/cache/layer-records.ts'
import {toolCacheFolder} from '../../../src/source/cache/tool-cache.ts'
import {openLayout} from '../../../src/source/layout/layout.ts'
import {openRegistry} from '../../../src/source/registry/open-registry.ts'
import {CONTRACT_IMAGES} from '../../support/contract-images.ts'
import {gatherImage} from '../../support/gather-image.ts'
import type {BuiltImage} from '../../support/image-builder.ts'
import {layoutFiles, writeLayout} from '../../support/image-writers.ts'
import {type RegistryServer, startRegistryServer} from '../../support/registry-server.ts'
import {all} from '../../support/streams.ts'
import {temporaryFolder} from '../../support/temporary-folder.ts'
import {NO_ENV, TWO_PLATFORMS} from '../registry/fixtures.ts'

let folder = ''
let server: RegistryServer
let warnings: string[] = []
beforeEach(async () => {
  folder = temporaryFolder('cache')
  server = await startRegistryServer()
  server.push('org/app', TWO_PLATFORMS, '1')
  warnings = []
})
afterEach(async () => {
  await server.stop()
  delete process.env.RUNNER_TOOL_CACHE
})

const START: Inspection<string> = {
  id: 'start',
  inspect: async (_, content) => Buffer.from(await content.read(0, 4)).toString('latin1'),
}

/** One run: everything that is read of an image, as a check and as a survey. */
async function run(cache: EntryFolder | undefined, name = 'org/app:1', version = '1.0.0') {
  const warn = (message: string) => void warnings.push(message)
  const records = cache && layerRecords({folder: cache, version, warn})
  const reference = parseReference(`${server.host}/${name}`)
  if (!reference.ok) throw new Error(reference.problem)
  const layers = new LayerPool({records})
  const {signal} = new AbortController()
  const source = openRegistry({text: name, reference: reference.value, layers}, {env: NO_ENV, signal})
  try {
    const surveys = []
    for (const entry of (await source.root()).entries) {
      const image = await source.platformImage(entry)
      surveys.push(await all(image.rootfs.survey(START)))
      await image.close()
    }
    return {surveys, facts: await gatherImage(source, {required: undefined, scope: 'image'}, createLimiter(4))}
  } finally {
    await source.close()
  }
}

/** How often layers were asked for as a whole. */
function layersRead(image: BuiltImage = TWO_PLATFORMS): number {
  const layers = image.platforms.flatMap(platform => platform.layers.map(({digest}) => digest))
  const read = server.requests.filter(({url, headers}) => layers.some(digest => url.endsWith(digest)) && !headers.range)
  server.forget()
  return read.length
}

const LAYERS = new Set(TWO_PLATFORMS.platforms.flatMap(({layers}) => layers.map(({digest}) => digest))).size

describe.each([
  ['a folder', () => diskFolder(join(folder, 'layers'))],
  [
    "the runner's tool cache",
    () => {
      process.env.RUNNER_TOOL_CACHE = join(folder, 'tools')
      return toolCacheFolder(folder)
    },
  ],
] as const)('in %s', (_, open) => {
  /** The files of entries. */
  const entries = async (): Promise<string[]> => {
    const names = await readdir(folder, {recursive: true, withFileTypes: true})
    return names
      .filter(entry => entry.isFile() && !entry.name.endsWith('.complete'))
      .map(entry => join(entry.parentPath, entry.name))
      .toSorted()
  }

  test('a layer is read in the first run, and not in the second', async () => {
    const first = await run(open())
    expect(layersRead()).toBe(LAYERS)
    expect(await entries()).toHaveLength(LAYERS)
    expect(await run(open())).toEqual(first)
    expect(layersRead()).toBe(0)
    expect(await run(undefined)).toEqual(first)
    expect(warnings).toEqual([])
  })

  test('a layer that is not there any more is missed all the same', async () => {
    await run(open())
    for (const {layers} of TWO_PLATFORMS.platforms) for (const {digest} of layers) server.remove(digest)
    await expect(run(open())).rejects.toMatchObject({code: 'blob-missing'})
  })

  test.each<[string, (bytes: Buffer) => Uint8Array]>([
    [
      'changed',
      bytes => {
        bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1
        return bytes
      },
    ],
    ['cut off', bytes => bytes.subarray(0, bytes.length / 2)],
    ['empty', () => new Uint8Array()],
  ])('an entry that is %s is left aside with a warning, and written anew', async (_what, change) => {
    const first = await run(open())
    layersRead()
    for (const path of await entries()) await writeFile(path, change(await readFile(path)))
    expect(await run(open())).toEqual(first)
    expect(layersRead()).toBe(LAYERS)
    expect(warnings).toHaveLength(LAYERS)
    expect(warnings[0]).toMatch(/^the cache entry of layer sha256:[0-9a-f]{64} is ignored: its /)
    await run(open())
    expect(layersRead()).toBe(0)
  })

  test('an entry of another layer is never taken', async () => {
    const first = await run(open())
    layersRead()
    const paths = await entries()
    const contents = await Promise.all(paths.map(path => readFile(path)))
    for (const [at, path] of paths.entries()) await writeFile(path, contents[(at + 1) % contents.length] ?? '')
    expect(await run(open())).toEqual(first)
    expect(layersRead()).toBe(LAYERS)
    expect(warnings).toHaveLength(LAYERS)
  })

  test('an entry of another version is not taken, without a word', async () => {
    await run(open())
    layersRead()
    await run(open(), 'org/app:1', '2.0.0')
    expect(layersRead()).toBe(LAYERS)
    expect(warnings).toEqual([])
  })

  test('runs at the same time do each other no harm', async () => {
    const expected = await run(undefined)
    for (const facts of await Promise.all([run(open()), run(open()), run(open())])) expect(facts).toEqual(expected)
    expect(await run(open())).toEqual(expected)
  })
})

test('where nothing can be written, there is one warning and no cache', async () => {
  const file = join(folder, 'file')
  await writeFile(file, '')
  const cache = diskFolder(join(file, 'layers'))
  const expected = await run(undefined)
  expect(await run({read: async () => undefined, write: cache.write})).toEqual(expected)
  expect(warnings).toEqual([expect.stringMatching(/^what was read of the layers is not cached: .*(ENOTDIR|EEXIST)/)])
})

test('where nothing can be read, there are warnings and no cache', async () => {
  const broken: EntryFolder = {
    read: async () => {
      throw new Error('EIO: i/o error')
    },
    write: async () => undefined,
  }
  expect(await run(broken)).toEqual(await run(undefined))
  expect(new Set(warnings.map(text => text.replace(/sha256:\w+/, 'DIGEST')))).toEqual(
    new Set(['the cache entry of layer DIGEST is ignored: EIO: i/o error']),
  )
})

describe('the images of the contract are the same out of the cache', () => {
  test.each(Object.entries(CONTRACT_IMAGES))('%s', async (_, image: BuiltImage) => {
    server.push('org/contract', image, '1')
    const without = await run(undefined, 'org/contract:1')
    const cold = await run(diskFolder(folder), 'org/contract:1')
    layersRead(image)
    const warm = await run(diskFolder(folder), 'org/contract:1')
    expect(cold).toEqual(without)
    expect(warm).toEqual(without)
    expect(layersRead(image)).toBe(0)
    expect(warnings).toEqual([])
  })
})

test('what a layout has is cached too; what is asked of it later is read out of the layout', async () => {
  const directory = await writeLayout(join(folder, 'layout'), layoutFiles([{image: TWO_PLATFORMS}]))
  const once = async () => {
    const records = layerRecords({folder: diskFolder(join(folder, 'cache')), version: '1', warn: () => {}})
    const source = await openLayout({directory, layers: new LayerPool({records})})
    const facts = await gatherImage(source, {required: undefined, scope: 'image'}, createLimiter(4))
    const [entry] = (await source.root()).entries
    if (!entry) throw new Error('no platform')
    const image = await source.platformImage(entry)
    const found = await image.rootfs.lookup('/usr/data')
    if (found.outcome !== 'found') throw new Error(found.outcome)
    const data = await (await image.rootfs.open(found.node)).read(100_000, 100)
    await source.close()
    return {facts, data}
  }
  expect(await once()).toEqual(await once())
})
