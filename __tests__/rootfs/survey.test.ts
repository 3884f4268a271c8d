import {describe, expect, test} from '@jest/globals'
import {type LayoutFile, layerBytes} from '../../scripts/support/layout-builder.ts'
import {buildTar} from '../../scripts/support/tar-builder.ts'
import type {Inspection, RootFs} from '../../src/image/rootfs.ts'
import {START} from '../../src/rootfs/content/at-hand.ts'
import {buildElf} from '../support/elf-builder.ts'
import {dir, file, gone, hard, link, opaque, rootFsOf, type TestLayer} from '../support/layers.ts'
import {all, failure} from '../support/streams.ts'
import {surveyByOpening} from '../support/survey-by-opening.ts'
import {buildZip} from '../support/zip-builder.ts'

/** What the bytes at some places of a file are. */
function reading(id: string, ...places: readonly (readonly [offset: number, length: number])[]) {
  const calls: string[] = []
  const inspection: Inspection<string> = {
    id,
    inspect: async ({path}, content) => {
      calls.push(path)
      const parts: string[] = []
      for (const [offset, length] of places) {
        const from = offset < 0 ? Math.max(0, content.size + offset) : offset
        parts.push(Buffer.from(await content.read(from, length)).toString('latin1'))
      }
      return parts.join('|')
    },
  }
  return {inspection, calls}
}

const start = reading('start', [0, 4096]).inspection

async function survey(rootfs: RootFs, inspection: Inspection<unknown> = start) {
  const surveyed = await all(rootfs.survey(inspection))
  return Object.fromEntries(
    surveyed.filter(({node}) => node.kind === 'file').map(({node, result}) => [node.path, result]),
  )
}

test('what a look at the first bytes leaves out is not inspected, and seen as nothing', async () => {
  const {inspection, calls} = reading('programs', [0, 5])
  const seen: [string, string][] = []
  const mayFind: Inspection<string>['mayFind'] = ({path}, bytes) => {
    seen.push([path, Buffer.from(bytes).toString('latin1')])
    return bytes[0] === 0x7f
  }
  const files = [
    ['a', 'text, and more'] as const,
    ['b', '\x7fELF-and-more'] as const,
    ['c', ''] as const,
    ['d', 'x'] as const,
  ].map(([path, content]) => ({path, content, mode: 0o644}))
  expect(await survey(rootFsOf([files]), {...inspection, mayFind})).toEqual({
    '/a': undefined,
    '/b': '\x7fELF-',
    '/c': undefined,
    '/d': undefined,
  })
  expect(calls).toEqual(['/b'])
  expect(seen).toEqual([
    ['/a', 'text, an'],
    ['/b', '\x7fELF-and'],
    ['/c', ''],
    ['/d', 'x'],
  ])
})

describe('a survey sees what the merged tree has', () => {
  test.each<{what: string; layers: readonly TestLayer[]; found: Readonly<Record<string, string>>}>([
    {what: 'no layer at all', layers: [], found: {}},
    {
      what: 'files of several layers',
      layers: [[file('a', '1'), file('b/c', '2')], [file('b/d', '3')]],
      found: {'/a': '1', '/b/c': '2', '/b/d': '3'},
    },
    {what: 'an upper file upon a lower', layers: [[file('a', 'old')], [file('a', 'new')]], found: {'/a': 'new'}},
    {what: 'a whiteout', layers: [[file('a'), file('b')], [gone('a')]], found: {'/b': 'b'}},
    {
      what: 'an opaque directory',
      layers: [[file('a/b')], [dir('a'), opaque('a'), file('a/c')]],
      found: {'/a/c': 'a/c'},
    },
    {what: 'one name twice in a layer', layers: [[file('a', '1'), file('a', '2')]], found: {'/a': '2'}},
    {what: 'a symlink', layers: [[file('a', '1'), link('b', 'a')]], found: {'/a': '1'}},
    {what: 'a hard link', layers: [[file('a', '1'), hard('b', 'a')]], found: {'/a': '1', '/b': '1'}},
    {
      what: 'a hard link to what is replaced later',
      layers: [[file('a', '1'), hard('b', 'a'), file('a', '2')]],
      found: {'/a': '2', '/b': '1'},
    },
    {what: 'a hard link to a lower layer', layers: [[file('a', '1')], [hard('b', 'a')]], found: {'/a': '1', '/b': '1'}},
    {
      what: 'a hard link to a lower layer whose file is gone',
      layers: [[file('a', '1')], [hard('b', 'a'), gone('a')]],
      found: {'/b': '1'},
    },
    {what: 'a hard link before its target', layers: [[hard('b', 'a'), file('a', '1')]], found: {'/a': '1', '/b': '1'}},
    {what: 'an empty file', layers: [[file('a', '')]], found: {'/a': ''}},
    {what: 'one layer twice', layers: [[file('a', '1')], [gone('a')], [file('a', '1')]], found: {'/a': '1'}},
  ])('$what', async ({layers, found}) => {
    const rootfs = rootFsOf(layers)
    expect(await survey(rootfs)).toEqual(found)
    // Each once, from the top; what is there twice is read once.
    expect(rootfs.passes).toEqual(
      [...layers.keys()].reverse().slice(0, new Set(layers.map(layer => JSON.stringify(layer))).size),
    )
  })

  test('in the order of its files, those that are no regular files among them', async () => {
    const rootfs = rootFsOf([[file('b/x'), file('a'), dir('c')], [link('b-x', 'a')]])
    const nodes = (await all(rootfs.survey(start))).map(({node}) => node)
    expect(nodes).toEqual(await all(rootfs.files()))
    expect(nodes.map(({path}) => path)).toEqual(['/a', '/b', '/b-x', '/b/x', '/c'])
  })

  test('what is not worth keeping is undefined', async () => {
    const rootfs = rootFsOf([[file('a'), file('b')]])
    const odd: Inspection<number> = {id: 'odd', inspect: async ({path}) => (path === '/a' ? undefined : 7)}
    expect(await survey(rootfs, odd)).toEqual({'/a': undefined, '/b': 7})
  })

  test('a sparse file has its holes', async () => {
    const pax = {'GNU.sparse.map': '5,1,100000,1', 'GNU.sparse.size': '200000', 'GNU.sparse.name': 'app'}
    const rootfs = rootFsOf([{tar: buildTar([{name: 'x', content: 'ab', pax}])}])
    expect(await survey(rootfs, reading('holes', [4, 3], [99_999, 3]).inspection)).toEqual({'/app': '\0a\0|\0b\0'})
  })
})

describe('how often layers are passed over', () => {
  const elf = buildElf({interpreter: '/lib64/ld.so.1', needed: ['libc.so.6']})
  const large = Buffer.concat([elf, Buffer.alloc(START + 2 ** 20, 1), Buffer.from('the end')])
  const text = Buffer.alloc(300_000, 'text ')
  const files: readonly (readonly LayoutFile[])[] = [
    [
      {path: 'bin/tool', content: elf, mode: 0o755},
      {path: 'bin/large', content: large, mode: 0o755},
      {path: 'lib/modules/x.ko', content: Buffer.concat([elf, Buffer.alloc(100_000, 2)]), mode: 0o644},
      {path: 'data', content: text, mode: 0o644},
    ],
    [file('top'), {path: 'app', content: elf, mode: 0o755}],
  ]
  // Packed once: that takes longer than all that is done with them.
  const layers = files.map((layer): TestLayer => ({blob: layerBytes({files: layer}).blob}))

  test.each<[what: string, places: readonly (readonly [number, number])[], passes: readonly number[]]>([
    ['once for the start of every file', [[0, 4096]], [1, 0]],
    ['once for nothing', [], [1, 0]],
    ['once more for the end of files that are no programs', [[-7, 7]], [1, 0, 0]],
    [
      'once more for what nobody could foresee',
      [
        [0, 4096],
        [200_000, 10],
      ],
      [1, 0, 0],
    ],
  ])('%s', async (_, places, passes) => {
    const rootfs = rootFsOf(layers)
    const {inspection} = reading('places', ...places)
    const found = await survey(rootfs, inspection)
    expect(rootfs.passes).toEqual(passes)
    const oneByOne = await all(surveyByOpening(rootFsOf(layers), inspection))
    expect(found).toEqual(
      Object.fromEntries(
        oneByOne.filter(({node}) => node.kind === 'file').map(({node, result}) => [node.path, result]),
      ),
    )
  })

  test('once for the end of programs, large ones and kernel modules too', async () => {
    const rootfs = rootFsOf(layers)
    const end: Inspection<string> = {
      id: 'end',
      inspect: async ({path}, content) =>
        path === '/data' ? undefined : Buffer.from(await content.read(content.size - 7, 7)).toString('latin1'),
    }
    expect(await survey(rootfs, end)).toMatchObject({'/bin/large': 'the end', '/lib/modules/x.ko': '\x02'.repeat(7)})
    expect(rootfs.passes).toEqual([1, 0])
  })

  test('once for the end of a zip, where its directory stands', async () => {
    const zip = Buffer.concat([buildZip([{name: 'a', content: Buffer.alloc(9_000_000)}]), Buffer.from('the end')])
    const rootfs = rootFsOf([{blob: layerBytes({files: [{path: 'app.jar', content: zip, mode: 0o644}]}).blob}])
    const end: Inspection<string> = {
      id: 'end',
      inspect: async (_, content) => Buffer.from(await content.read(content.size - 7, 7)).toString('latin1'),
    }
    expect(await survey(rootfs, end)).toMatchObject({'/app.jar': 'the end'})
    expect(rootfs.passes).toEqual([0])
  })

  test('never again for the same inspection, nor for programs that are asked for afterwards', async () => {
    const rootfs = rootFsOf(layers)
    const {inspection, calls} = reading('start', [0, 4096])
    const first = await survey(rootfs, inspection)
    expect(await survey(rootfs, inspection)).toEqual(first)
    expect(calls).toHaveLength(6)
    for (const path of ['/app', '/bin/tool', '/bin/large']) {
      const found = await rootfs.lookup(path)
      if (found.outcome !== 'found') throw new Error(found.outcome)
      expect(Buffer.from(await (await rootfs.open(found.node)).read(0, 64)).equals(elf.subarray(0, 64))).toBe(true)
    }
    expect(rootfs.passes).toEqual([1, 0])
  })

  test('once for surveys that are made at the same time', async () => {
    const rootfs = rootFsOf(layers)
    const [one, two] = await Promise.all([survey(rootfs), survey(rootfs)])
    expect(one).toEqual(two)
    expect(rootfs.passes).toEqual([1, 0])
  })

  test('once more where a layer was read before anybody surveyed', async () => {
    const rootfs = rootFsOf(layers)
    await rootfs.lookup('/app')
    expect(rootfs.passes).toEqual([1])
    expect(await survey(rootfs)).toEqual(await survey(rootFsOf(layers)))
    expect(rootfs.passes.toSorted()).toEqual([0, 1, 1])
  })

  test('and once more for each other inspection', async () => {
    const rootfs = rootFsOf(layers)
    await survey(rootfs)
    expect(await survey(rootfs, reading('two', [1, 2]).inspection)).toMatchObject({'/app': 'EL'})
    expect(rootfs.passes.toSorted()).toEqual([0, 0, 1, 1])
  })
})

describe('what goes wrong', () => {
  test('in a layer is reported as everywhere', async () => {
    const rootfs = rootFsOf([[file('a')], {blob: Buffer.from('<html>'.repeat(200))}])
    expect(await failure(survey(rootfs))).toMatchObject({
      code: 'malformed',
      message: expect.stringMatching(/^layer 1 \(sha256:[0-9a-f]+\): tar header at offset 0: the checksum is wrong$/),
    })
  })

  test('in the inspection is thrown as it is', async () => {
    const broken: Inspection<never> = {
      id: 'broken',
      inspect: async () => {
        throw new RangeError('a bug')
      },
    }
    expect(await failure(survey(rootFsOf([[file('a')]]), broken))).toMatchObject({name: 'RangeError', message: 'a bug'})
  })
})
