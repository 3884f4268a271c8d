import {createHash} from 'node:crypto'
import {describe, expect, test} from '@jest/globals'
import {buildTar} from '../../../scripts/support/tar-builder.ts'
import type {RandomAccess} from '../../../src/lib/bytes.ts'
import {file, hard, rootFsOf, type TestLayer, type TestRootFs} from '../../support/layers.ts'
import {failure} from '../../support/streams.ts'

/** Bytes that do not compress. */
const noise = (size: number, salt = ''): Buffer =>
  createHash('shake256', {outputLength: size}).update(`noise ${salt}`).digest()

async function open(rootfs: TestRootFs, path: string): Promise<RandomAccess> {
  const found = await rootfs.lookup(path)
  if (found.outcome !== 'found') throw new Error(found.outcome)
  return rootfs.open(found.node)
}

const big = noise(1_000_000)
const layer = (compression: 'gzip' | 'zstd' | 'none', mode = 0o644): TestLayer => ({
  files: [file('before', 'x'.repeat(3000)), {path: 'data/big', content: big, mode}, file('behind')],
  compression,
})

describe.each(['gzip', 'zstd', 'none'] as const)('a file of a %s layer', compression => {
  test.each([
    {what: 'as a whole', offset: 0, length: big.length},
    {what: 'at its start', offset: 0, length: 100},
    {what: 'in the middle', offset: 400_000, length: 70_000},
    {what: 'at its end', offset: big.length - 10, length: 10},
    {what: 'over its end', offset: big.length - 10, length: 100},
    {what: 'behind its end', offset: big.length, length: 1},
    {what: 'before its start', offset: -1, length: 10},
    {what: 'not at all', offset: 5, length: 0},
  ])('$what', async ({offset, length}) => {
    const rootfs = rootFsOf([layer(compression)])
    const access = await open(rootfs, '/data/big')
    expect(access.size).toBe(big.length)
    const bytes = Buffer.from(await access.read(offset, length))
    expect(bytes.equals(offset < 0 ? Buffer.alloc(0) : big.subarray(offset, offset + length))).toBe(true)
  })
})

describe('how often a layer is passed over', () => {
  const passesAfter = async (rootfs: TestRootFs, reads: () => Promise<unknown>): Promise<number> => {
    await reads()
    return rootfs.passes.length
  }

  test('once for what was looked for when the layer came by, however large', async () => {
    const rootfs = rootFsOf([layer('gzip')])
    const access = await open(rootfs, '/data/big')
    expect(await passesAfter(rootfs, () => access.read(500_000, 10))).toBe(1)
  })

  test('once for programs, libraries and settings', async () => {
    const rootfs = rootFsOf([
      [
        {path: 'usr/bin/tool', content: noise(5000, 'tool'), mode: 0o755},
        {path: 'usr/lib/libc.so.6', content: noise(5000, 'libc'), mode: 0o644},
        {path: 'etc/passwd', content: 'root:x:0:0', mode: 0o644},
        file('first'),
      ],
    ])
    await rootfs.lookup('/first')
    for (const path of ['/usr/bin/tool', '/usr/lib/libc.so.6', '/etc/passwd'])
      await (await open(rootfs, path)).read(0, path === '/etc/passwd' ? 5000 : 16)
    expect(rootfs.passes).toEqual([0])
  })

  test('twice for others, and then they are kept', async () => {
    const rootfs = rootFsOf([layer('gzip')])
    await rootfs.lookup('/before')
    const access = await open(rootfs, '/data/big')
    expect(await passesAfter(rootfs, () => access.read(0, 10))).toBe(2)
    expect(await passesAfter(rootfs, () => access.read(900_000, 10))).toBe(2)
    expect(await passesAfter(rootfs, async () => (await open(rootfs, '/data/big')).read(7, 7))).toBe(2)
  })

  test('twice for all that are asked for at the same time', async () => {
    const many = Array.from({length: 20}, (_, index) => ({
      path: `data/${index}`,
      content: noise(2000, `${index}`),
      mode: 0o644,
    }))
    const rootfs = rootFsOf([many])
    await rootfs.lookup('/data')
    const read = await Promise.all(
      many
        .reverse()
        .map(async ({path, content}) =>
          content.equals(Buffer.from(await (await open(rootfs, `/${path}`)).read(0, 2000))),
        ),
    )
    expect(read).toEqual(many.map(() => true))
    expect(rootfs.passes.length).toBeLessThanOrEqual(2)
  })

  test('once for the header of a program, twice for what nobody foresaw', async () => {
    const rootfs = rootFsOf([layer('gzip', 0o755)], {budget: {demanded: 0}})
    await rootfs.lookup('/before')
    const access = await open(rootfs, '/data/big')
    expect(Buffer.from(await access.read(0, 16)).equals(big.subarray(0, 16))).toBe(true)
    expect(rootfs.passes).toEqual([0])
    expect(Buffer.from(await access.read(900_000, 4097)).equals(big.subarray(900_000, 904_097))).toBe(true)
    expect(rootfs.passes).toEqual([0, 0])
  })

  test('never again for a plain layer that can be sought in', async () => {
    const rootfs = rootFsOf([layer('none')])
    await rootfs.lookup('/before')
    const access = await open(rootfs, '/data/big')
    await access.read(0, 10)
    await access.read(900_000, 10)
    expect(rootfs.passes).toEqual([0])
  })

  test('again for what was pushed out', async () => {
    const files = ['a', 'b'].map(path => ({path, content: noise(1000, path), mode: 0o644}))
    const rootfs = rootFsOf([[file('x'), ...files]], {budget: {demanded: 1500}})
    await rootfs.lookup('/x')
    const read = async (path: string): Promise<void> => {
      expect(await (await open(rootfs, path)).read(0, 1)).toHaveLength(1)
    }
    await read('/a')
    await read('/a')
    expect(rootfs.passes).toHaveLength(2)
    await read('/b')
    expect(rootfs.passes).toHaveLength(3)
    await read('/b')
    expect(rootfs.passes).toHaveLength(3)
    await read('/a')
    expect(rootfs.passes).toHaveLength(4)
  })
})

test('a hard link across layers is read from the layer that has the content', async () => {
  const rootfs = rootFsOf([[{path: 'data', content: big, mode: 0o644}], [hard('app', 'data')]])
  expect(Buffer.from(await (await open(rootfs, '/app')).read(999_990, 100)).equals(big.subarray(999_990))).toBe(true)
})

test.each(['gzip', 'none'] as const)('a sparse file is read with its holes, %s', async compression => {
  const tar = buildTar([
    {
      name: 'x',
      content: 'ab',
      pax: {'GNU.sparse.map': '5,1,100000,1', 'GNU.sparse.size': '200000', 'GNU.sparse.name': 'app'},
    },
  ])
  const rootfs = rootFsOf([{tar, compression}])
  const access = await open(rootfs, '/app')
  expect(access.size).toBe(200_000)
  expect(Buffer.from(await access.read(0, 10)).toString('latin1')).toBe('\0\0\0\0\0a\0\0\0\0')
  expect(Buffer.from(await access.read(99_999, 3)).toString('latin1')).toBe('\0b\0')
})

test('what is not a regular file of this root filesystem cannot be opened', async () => {
  const rootfs = rootFsOf([[file('a/b')]])
  const node = {path: '/a', kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0} as const
  expect(await failure(rootfs.open(node))).toMatchObject({message: expect.stringContaining('/a is not a regular file')})
})
