import {gzipSync} from 'node:zlib'
import {describe, expect, test} from '@jest/globals'
import type {LayoutFile} from '../../scripts/support/layout-builder.ts'
import {buildTar} from '../../scripts/support/tar-builder.ts'
import {DEFAULT_LIMITS, type RaisableLimit} from '../../src/lib/limits.ts'
import {LayerPool, layeredRootFs} from '../../src/rootfs/index.ts'
import {layerBlobOf, rootFsOf, type TestLayer} from '../support/layers.ts'
import {all, failure} from '../support/streams.ts'

const atMost = (name: RaisableLimit, most: number) => ({limits: {...DEFAULT_LIMITS, [name]: most}})
const many = (count: number, file: (number: number) => LayoutFile): readonly LayoutFile[] =>
  Array.from({length: count}, (_, number) => file(number))
const LONG = 'n'.repeat(4000)

describe('what the names of an image take of memory is bounded', () => {
  const roomy = atMost('image-tree-bytes', 100_000)
  const tight = expect.objectContaining({
    code: 'unsupported',
    message: expect.stringMatching(
      /^layer \d .*: the names of the image take more than 100,000 bytes of memory \(limit image-tree-bytes\)$/,
    ),
    hint: 'Where the image is meant to be like that, raise it with limits: image-tree-bytes=196KiB.',
  })

  test.each<[string, readonly TestLayer[], readonly TestLayer[]]>([
    ['files', [many(600, at => ({path: `f${at}`, content: ''}))], [many(1000, at => ({path: `f${at}`, content: ''}))]],
    [
      'directories',
      [many(200, at => ({path: `d${at}`, directory: true}))],
      [many(300, at => ({path: `d${at}`, directory: true}))],
    ],
    [
      'directories that only a path implies',
      [[{path: `${'d/'.repeat(200)}f`, content: ''}]],
      [[{path: `${'d/'.repeat(300)}f`, content: ''}]],
    ],
    [
      'targets of symlinks',
      [many(20, at => ({path: `l${at}`, linkTarget: LONG}))],
      [many(30, at => ({path: `l${at}`, linkTarget: LONG}))],
    ],
    [
      'targets of hard links that are not there',
      [many(20, at => ({path: `l${at}`, hardlink: LONG.replaceAll('nn', 'n/')}))],
      [many(30, at => ({path: `l${at}`, hardlink: LONG.replaceAll('nn', 'n/')}))],
    ],
    [
      'whiteouts',
      [many(800, at => ({path: `f${at}`, whiteout: true}))],
      [many(1200, at => ({path: `f${at}`, whiteout: true}))],
    ],
    [
      'owners',
      [many(200, at => ({path: `f${at}`, content: '', uid: at}))],
      [many(400, at => ({path: `f${at}`, content: '', uid: at}))],
    ],
    [
      'all layers together',
      [many(300, at => ({path: `a${at}`, content: ''})), many(300, at => ({path: `b${at}`, content: ''}))],
      [many(500, at => ({path: `a${at}`, content: ''})), many(500, at => ({path: `b${at}`, content: ''}))],
    ],
  ])('%s', async (_, within, beyond) => {
    const look = (layers: readonly TestLayer[]) => rootFsOf(layers, roomy).lookup('/nowhere')
    await expect(look(within)).resolves.toMatchObject({outcome: 'missing'})
    expect(await failure(look(beyond))).toEqual(tight)
  })

  describe('with what is kept of its files', () => {
    const layer = many(200, at => ({path: `f${at}`, content: `${at}`}))
    const shared = {text: 'x'.repeat(1000)}
    const keeping = (result: () => object) => ({id: 'test', inspect: async () => result()})

    test.each([
      ['a result for each', () => ({...shared}), false],
      ['one result for all', () => shared, true],
    ])('%s', async (_, result, fits) => {
      const read = all(rootFsOf([layer], roomy).survey(keeping(result)))
      if (fits) await expect(read).resolves.toHaveLength(200)
      else expect(await failure(read)).toEqual(tight)
    })

    test('by whoever walks through them', async () => {
      const rootfs = rootFsOf([layer], roomy)
      await all(rootfs.files())
      rootfs.keep?.(10_000)
      expect(() => rootfs.keep?.(100_000)).toThrow(
        expect.objectContaining({
          code: 'unsupported',
          message: 'the names of the image take more than 100,000 bytes of memory (limit image-tree-bytes)',
          hint: expect.stringContaining('image-tree-bytes=196KiB'),
        }),
      )
    })
  })

  test('a layer that stands there several times is there once', async () => {
    const layer = many(500, at => ({path: `f${at}`, content: ''}))
    await expect(all(rootFsOf([layer, layer, layer], roomy).files())).resolves.toHaveLength(500)
  })

  test('a layer that was read for another image counts for each', async () => {
    const pool = new LayerPool(atMost('image-tree-bytes', 300_000))
    const shared = many(500, at => ({path: `f${at}`, content: ''}))
    await all(rootFsOf([shared], {pool}).files())
    const own = many(1000, at => ({path: `g${at}`, content: ''}))
    expect(await failure(all(rootFsOf([shared, own], {pool}).files()))).toMatchObject({code: 'unsupported'})
    await expect(all(rootFsOf([own], {pool}).files())).resolves.toHaveLength(1000)
  })
})

test('a layer that is larger than is read is not read to be proven, either', async () => {
  let passes = 0
  const blob = layerBlobOf(gzipSync(buildTar([{name: 'a', content: 'a'}])), {onPass: () => (passes += 1)})
  const look = (size: number) => layeredRootFs([{...blob, size}], atMost('layer-compressed-bytes', 1000)).lookup('/a')
  await expect(look(1000)).resolves.toMatchObject({outcome: 'found'})
  expect(passes).toBe(1)
  expect(await failure(look(1001))).toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('(limit layer-compressed-bytes)'),
  })
  expect(passes).toBe(1)
})

describe('what layers unpack to beyond any usual ratio is bounded', () => {
  const zeros = (size: number) => layerBlobOf(gzipSync(buildTar([{name: 'zeros', content: new Uint8Array(size)}])))
  const options = atMost('image-excess-bytes', 1_000_000)

  test('in one layer', async () => {
    await expect(all(layeredRootFs([zeros(1_000_000)], options).files())).resolves.toHaveLength(1)
    expect(await failure(all(layeredRootFs([zeros(2_000_000)], options).files()))).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining(
        'it unpacks to more than 200 bytes for each one that is packed, and those beyond are more than 1,000,000 bytes (limit image-excess-bytes)',
      ),
    })
  })

  test('in several together', async () => {
    const layers = [zeros(600_000), zeros(600_001), zeros(600_002)]
    expect(await failure(all(layeredRootFs(layers, options).files()))).toMatchObject({code: 'unsupported'})
  })

  test('what is packed as usual does not count', async () => {
    const text = Array.from({length: 300_000}, (_, at) => `${at * 7919} `).join('')
    const layer = layerBlobOf(gzipSync(buildTar([{name: 'text', content: text}])))
    await expect(all(layeredRootFs([layer], atMost('image-excess-bytes', 1)).files())).resolves.toHaveLength(1)
  })
})
