import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {afterEach, beforeAll, describe, expect, test} from '@jest/globals'
import {layerInfos} from '../../../src/image/parse-config.ts'
import type {PlatformEntry} from '../../../src/image/source.ts'
import {layersInSaved, namedByRegistry, savedImage} from '../../../src/source/docker/saved-image.ts'
import {type BuiltImage, buildImage, fileTar} from '../../support/image-builder.ts'
import {legacyFiles, savedFiles} from '../../support/image-writers.ts'
import {testDigest} from '../../support/memory-source.ts'
import {type Answer, scriptedDocker} from '../../support/scripted-docker.ts'
import {failure} from '../../support/streams.ts'
import {temporaryFolder} from '../../support/temporary-folder.ts'

let temporary = ''
beforeAll(async () => {
  temporary = temporaryFolder('saved')
})
afterEach(async () => {
  expect(await readdir(temporary)).toEqual([])
})

const amd64 = {os: 'linux', architecture: 'amd64'}
const image = buildImage([
  {
    platform: amd64,
    layers: [{'usr/bin/app': 'one', bin: {link: 'usr/bin'}, gone: 'x'}, {'usr/bin/tool': 'two'}, {'.wh.gone': ''}],
  },
])
const [built] = image.platforms
if (!built) throw new Error('no platform')
const ENTRY: PlatformEntry = {
  platform: {...amd64, variant: ''},
  descriptor: {...built.manifest, annotations: {}},
  claimedBy: 'index',
}
const ARCHIVES: readonly (readonly [string, () => Uint8Array])[] = [
  ['since Docker 25', () => fileTar(savedFiles(image, built))],
  ['before', () => fileTar(legacyFiles(image, built))],
]

function saving(answer: (command: string) => Answer | undefined, signal = new AbortController().signal) {
  const {cli, asked} = scriptedDocker(answer)
  return {saved: savedImage({cli, signal, temporary}, 'app@sha256:x'), asked}
}

describe.each(ARCHIVES)('what docker save writes %s', (_, archive) => {
  test('the layers of files, by links too', async () => {
    const {saved, asked} = saving(() => archive())
    const {layers, of} = await layersInSaved(saved, ENTRY, [
      '/usr/bin/app',
      '/usr/bin/tool',
      '/bin/app',
      '/gone',
      '/no',
    ])
    expect(layers.map(({index, createdBy}) => [index, createdBy])).toEqual([
      [0, 'layer 0'],
      [1, 'layer 1'],
      [2, 'layer 2'],
    ])
    expect(Object.fromEntries(of)).toEqual({'/usr/bin/app': 0, '/usr/bin/tool': 1, '/bin/app': 0})
    expect(asked).toEqual(['save app@sha256:x'])
    await saved.close()
  })

  test('it is saved once', async () => {
    const {saved, asked} = saving(() => archive())
    await Promise.all([layersInSaved(saved, ENTRY, ['/usr/bin/app']), layersInSaved(saved, ENTRY, [])])
    expect(asked).toHaveLength(1)
    await saved.close()
    await saved.close()
  })
})

test('nothing is saved where nothing is asked', async () => {
  const {saved, asked} = saving(() => undefined)
  await saved.close()
  expect(asked).toEqual([])
})

test('of several platforms the one that is meant, by its digest', async () => {
  const arm64 = {os: 'linux', architecture: 'arm64'}
  const both = buildImage([
    {platform: amd64, layers: [{app: 'x'}, {app: 'y'}]},
    {platform: arm64, layers: [{app: 'z'}]},
  ])
  const [first, second] = both.platforms
  if (!first || !second) throw new Error('no platforms')
  const {saved} = saving(() => fileTar(savedFiles(both, first)))
  const entry = {...ENTRY, descriptor: {...second.manifest, annotations: {}}}
  expect((await layersInSaved(saved, entry, ['/app'])).layers).toHaveLength(1)
  const other = {...ENTRY, descriptor: {...ENTRY.descriptor, digest: testDigest(9)}}
  expect(await failure(layersInSaved(saved, other, ['/app']))).toMatchObject({code: 'not-found'})
  await saved.close()
})

describe('what cannot be told is a SourceError, and leaves nothing behind', () => {
  const archive = fileTar(savedFiles(image, built))
  test.each<[string, Answer, string]>([
    ['docker refuses', {stderr: 'Error response from daemon: No such image: x'}, 'not-found'],
    ['nothing comes', '', 'malformed'],
    ['no tar comes', 'x'.repeat(2000), 'malformed'],
    ['it breaks off', archive.subarray(0, archive.length / 2), 'malformed'],
    ['several images', fileTar(twoImages(image)), 'unsupported'],
  ])('%s', async (_, answer, code) => {
    const {saved} = saving(() => answer)
    expect(await failure(layersInSaved(saved, ENTRY, ['/usr/bin/app']))).toMatchObject({name: 'SourceError', code})
    await saved.close()
  })

  test('the run is cancelled', async () => {
    const {saved} = saving(() => archive, AbortSignal.abort())
    expect(await failure(saved.open())).toMatchObject({code: 'aborted'})
    await saved.close()
  })

  test('there is no folder', async () => {
    const {cli} = scriptedDocker(() => archive)
    const signal = new AbortController().signal
    const saved = savedImage({cli, signal, temporary: join(temporary, 'none')}, 'app')
    expect(await failure(saved.open())).toMatchObject({code: 'unavailable'})
  })
})

function twoImages(one: BuiltImage) {
  const [platform] = one.platforms
  if (!platform) throw new Error('no platform')
  const files = new Map(legacyFiles(one, platform))
  const images: unknown = JSON.parse(Buffer.from(files.get('manifest.json') as Uint8Array).toString())
  return files.set('manifest.json', Buffer.from(JSON.stringify([images, images].flat())))
}

test('layers have the digests of the registry where there are as many', () => {
  const [one, two, three] = [testDigest(1), testDigest(2), testDigest(3)]
  const layers = layerInfos([layer(one)], [{createdBy: 'COPY . /', emptyLayer: false}])
  expect(namedByRegistry(layers, [layer(two)])).toEqual([{index: 0, digest: two, createdBy: 'COPY . /'}])
  expect(namedByRegistry(layers, [layer(two), layer(three)])).toBe(layers)
  expect(namedByRegistry(layers, [])).toBe(layers)

  function layer(digest: typeof one) {
    return {mediaType: '', digest, size: 0, annotations: {}}
  }
})
