import {gunzipSync, gzipSync} from 'node:zlib'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {layerBytes} from '../../../scripts/support/layout-builder.ts'
import {buildTar} from '../../../scripts/support/tar-builder.ts'
import type {Inspection} from '../../../src/image/rootfs.ts'
import {decodeRecord} from '../../../src/rootfs/content/decode-record.ts'
import {LayerPool, type LayerRecords, layeredRootFs} from '../../../src/rootfs/index.ts'
import {buildElf} from '../../support/elf-builder.ts'
import {
  dir,
  file,
  gone,
  hard,
  layerBlobOf,
  link,
  opaque,
  rootFsOf,
  type TestLayer,
  treeOf,
} from '../../support/layers.ts'
import {all} from '../../support/streams.ts'

/** Records in memory. */
function memoryRecords() {
  const saved = new Map<string, Uint8Array>()
  const records: LayerRecords = {
    load: async digest => saved.get(digest),
    save: async (digest, record) => void saved.set(digest, record),
  }
  return {records, saved}
}

const poolOf = (records: LayerRecords) => new LayerPool({records})

const inspection: Inspection<string | {readonly size: number}> = {
  id: 'test/1',
  inspect: async ({size}, content) =>
    size === 0 ? undefined : size > 100 ? {size} : Buffer.from(await content.read(0, 100)).toString('latin1'),
}

const ELF = buildElf({interpreter: '/lib64/ld.so.1', needed: ['libc.so.6']})
/** As its bytes are in a header. */
const CAPABILITY = `\u0001\0\0\u0002\0\u0020${'\0'.repeat(14)}`
const sparse = {'GNU.sparse.map': '5,1,100000,1', 'GNU.sparse.size': '200000', 'GNU.sparse.name': 'holes'}

/** Layers from the bottom that hold all that a record has to know. */
const LAYERS: readonly TestLayer[] = [
  [
    {path: 'a/x', content: 'one', mode: 0o644},
    file('a/y'),
    {path: 'bin/tool', content: ELF, mode: 0o755},
    file('etc/passwd', 'root:x:0:0'),
  ],
  {
    tar: buildTar([
      {name: 'x', content: 'ab', pax: sparse},
      {name: 'dev/null', type: '3', mode: 0o666},
      {name: 'pipe', type: '6'},
      {name: 'ping', content: 'p', pax: {'SCHILY.xattr.security.capability': CAPABILITY}},
      {name: Buffer.from([0x6e, 0xff, 0x80]), content: 'no UTF-8', uid: 70_000},
      {name: 'same', type: '1', linkName: 'x-not-there-yet'},
      {name: 'x-not-there-yet', content: 'here'},
    ]),
  },
  [
    gone('a/y'),
    hard('two', 'a/x'),
    dir('opt', 0o700),
    opaque('opt'),
    file('opt/é', ''),
    link('l', 'a/x'),
    hard('opt/z', 'two'),
  ],
]

/** All that is seen of the layers, as a survey and as trees and contents. */
async function seen(layers: readonly TestLayer[], pool: LayerPool) {
  const rootfs = rootFsOf(layers, {pool})
  const surveyed = await all(rootfs.survey(inspection))
  const passes = rootfs.passes.length
  return {surveyed, passes, tree: await treeOf(rootfs)}
}

describe('a layer that was recorded', () => {
  test('has the capabilities of its files, before and after', async () => {
    const {records} = memoryRecords()
    for (const pool of [new LayerPool(), poolOf(records), poolOf(records)]) {
      const found = await rootFsOf(LAYERS, {pool}).lookup('/ping')
      const hex = Buffer.from(CAPABILITY, 'latin1').toString('hex')
      expect(found).toMatchObject({outcome: 'found', node: {capability: hex}})
    }
  })

  test('is seen as before, and not read', async () => {
    const {records, saved} = memoryRecords()
    const fresh = await seen(LAYERS, new LayerPool())
    const first = await seen(LAYERS, poolOf(records))
    expect(saved.size).toBe(3)
    const second = await seen(LAYERS, poolOf(records))
    expect(first).toEqual(fresh)
    expect(second).toEqual({...fresh, passes: 0})
  })

  test('gives programs and settings without being read', async () => {
    const {records} = memoryRecords()
    await seen(LAYERS, poolOf(records))
    const rootfs = rootFsOf(LAYERS, {pool: poolOf(records)})
    for (const [path, bytes] of [
      ['/bin/tool', ELF.subarray(0, 64)],
      ['/etc/passwd', Buffer.from('root:x:0:0')],
    ] as const) {
      const found = await rootfs.lookup(path)
      if (found.outcome !== 'found') throw new Error(found.outcome)
      const content = await rootfs.open(found.node)
      expect(Buffer.from(await content.read(0, bytes.length)).equals(bytes)).toBe(true)
    }
    expect(rootfs.passes).toEqual([])
  })

  test('is read for what the record does not hold', async () => {
    const {records} = memoryRecords()
    await seen(LAYERS, poolOf(records))
    const rootfs = rootFsOf(LAYERS, {pool: poolOf(records)})
    const found = await rootfs.lookup('/a/x')
    if (found.outcome !== 'found') throw new Error(found.outcome)
    expect(Buffer.from(await (await rootfs.open(found.node)).read(0, 9)).toString()).toBe('one')
    expect(rootfs.passes).toEqual([0])
  })

  test('still binds no hard link to what it takes away itself', async () => {
    const {records} = memoryRecords()
    const layers: readonly TestLayer[] = [[file('tool')], [gone('tool'), hard('app', 'tool')]]
    for (const passes of [[0, 1], []]) {
      const rootfs = rootFsOf(layers, {pool: poolOf(records)})
      await expect(all(rootfs.survey(inspection))).rejects.toThrow()
      await expect(rootfs.lookup('/app')).rejects.toThrow(/hard link to "tool", which is not there/)
      expect(rootfs.passes.toSorted()).toEqual(passes)
    }
  })

  test('is read once more for another inspection, and then knows both', async () => {
    const {records} = memoryRecords()
    const other = {...inspection, id: 'test/2'}
    await seen(LAYERS, poolOf(records))
    const again = rootFsOf(LAYERS, {pool: poolOf(records)})
    await all(again.survey(other))
    expect(again.passes.toSorted()).toEqual([0, 1, 2])
    const third = rootFsOf(LAYERS, {pool: poolOf(records)})
    await all(third.survey(other))
    await all(third.survey(inspection))
    expect(third.passes).toEqual([])
  })
})

test('a layer that is told to have another size is read, so that its size is proven', async () => {
  const {records} = memoryRecords()
  let passes = 0
  const blob = layerBlobOf(layerBytes({files: [file('a')]}).blob, {onPass: () => (passes += 1)})
  for (const [size, expected] of [
    [100, 1],
    [100, 1],
    [101, 2],
  ] as const) {
    await layeredRootFs([{...blob, size}], {pool: poolOf(records)}).lookup('/a')
    expect(passes).toBe(expected)
  }
})

describe('bytes that are no record', () => {
  test.each<[string, (record: Buffer) => Uint8Array]>([
    ['none', () => new Uint8Array()],
    ['no gzip', () => Buffer.from('x'.repeat(1000))],
    ['gzip of nothing', () => gzipSync('')],
    ['gzip of other JSON', () => gzipSync(Buffer.from('\0\0\0\x02{}'))],
    ['a record that is cut off', record => record.subarray(0, -20)],
    ['a record without its parts', record => gzipSync(gunzipSync(record).subarray(0, -10))],
  ])('%s', async (_, change) => {
    const {records, saved} = memoryRecords()
    await seen(LAYERS, poolOf(records))
    // The lowest layer, which comes last, has a program, of which parts are kept.
    const record = [...saved.values()].at(-1)
    if (!record) throw new Error('nothing was saved')
    expect(decodeRecord(record)).toBeDefined()
    expect(decodeRecord(change(Buffer.from(record)))).toBeUndefined()
  })

  test('whatever is changed in one, it is read as something or left aside', async () => {
    const {records, saved} = memoryRecords()
    await seen(LAYERS, poolOf(records))
    const unpacked = gunzipSync([...saved.values()][0] ?? new Uint8Array())
    fc.assert(
      fc.property(fc.nat(unpacked.length - 1), fc.integer({min: 0, max: 255}), (at, byte) => {
        const changed = Buffer.from(unpacked)
        changed[at] = byte
        decodeRecord(gzipSync(changed))
      }),
    )
  })
})
