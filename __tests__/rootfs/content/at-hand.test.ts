import {describe, expect, test} from '@jest/globals'
import {identify, readDynamic} from '../../../src/binary/index.ts'
import type {Prefetch} from '../../../src/binary/prefetch.ts'
import {PROGRAM_PREFETCH} from '../../../src/binary/prefetch.ts'
import type {RootFs} from '../../../src/image/rootfs.ts'
import type {RandomAccess} from '../../../src/lib/bytes.ts'
import {START} from '../../../src/rootfs/content/at-hand.ts'
import {buildElf} from '../../support/elf-builder.ts'
import {rootFsOf, type TestLayer} from '../../support/layers.ts'

const MODE = {program: 0o755, plain: 0o644}
const file = (path: string, content: Uint8Array | string, mode: number) => ({path, content: Buffer.from(content), mode})

async function open(rootfs: RootFs, path: string): Promise<RandomAccess> {
  const found = await rootfs.lookup(path)
  if (found.outcome !== 'found') throw new Error(`${path}: ${found.outcome}`)
  return rootfs.open(found.node)
}

const prefetch = (read: Prefetch['read'], spans: Prefetch['spans'] = async () => []): Prefetch => ({read, spans})

/** Where a layer goes by before anybody asks for the file. */
async function goneBy(layer: TestLayer, budget: object, using: Prefetch) {
  const rootfs = rootFsOf([layer], {prefetch: using, budget: {demanded: 0, ...budget}})
  await rootfs.lookup('/nowhere')
  expect(rootfs.passes).toHaveLength(1)
  return rootfs
}

describe('what is read of a program while its layer goes by', () => {
  const content = Buffer.from(Array.from({length: 10_000}, (_, at) => at % 251))
  const layer = [
    file('bin/app', content, MODE.program),
    file('lib/libx.so.1', content, MODE.plain),
    file('data', content, MODE.plain),
  ]
  const twoParts = prefetch(async access => {
    await access.read(0, 100)
    await access.read(150, 50)
    await access.read(5000, 100)
  })

  test.each(['/bin/app', '/lib/libx.so.1'])('is there later: %s', async path => {
    const rootfs = await goneBy(layer, {}, twoParts)
    const access = await open(rootfs, path)
    expect(Buffer.from(await access.read(20, 180)).equals(content.subarray(20, 200))).toBe(true)
    expect(Buffer.from(await access.read(5000, 100)).equals(content.subarray(5000, 5100))).toBe(true)
    expect(rootfs.passes).toHaveLength(1)
    expect(Buffer.from(await access.read(4999, 100)).equals(content.subarray(4999, 5099))).toBe(true)
    expect(rootfs.passes).toHaveLength(2)
  })

  test('of other files nothing is', async () => {
    const rootfs = await goneBy(layer, {}, twoParts)
    await (await open(rootfs, '/data')).read(0, 10)
    expect(rootfs.passes).toHaveLength(2)
  })

  test('no more than there is room for, from the start on', async () => {
    const rootfs = await goneBy([file('app', content, MODE.program)], {prefetched: 250}, twoParts)
    await (await open(rootfs, '/app')).read(0, 200)
    expect(rootfs.passes).toHaveLength(1)
    await (await open(rootfs, '/app')).read(5000, 100)
    expect(rootfs.passes).toHaveLength(2)
  })

  test('a reader that goes through all of a large file does not fill the memory', async () => {
    const large = Buffer.alloc(4 * 2 ** 20, 7)
    const greedy = prefetch(async access => {
      for (let at = 0; at < access.size; at += 65536) await access.read(at, 65536)
    })
    const rootfs = await goneBy([file('app', large, MODE.program)], {}, greedy)
    await (await open(rootfs, '/app')).read(0, 65536)
    expect(rootfs.passes).toHaveLength(1)
    await (await open(rootfs, '/app')).read(3 * 2 ** 20, 10)
    expect(rootfs.passes).toHaveLength(2)
  })

  test('small settings are kept as a whole, however many programs come first', async () => {
    const many = Array.from({length: 50}, (_, at) => file(`bin/p${at}`, content, MODE.program))
    const rootfs = await goneBy([...many, file('etc/passwd', 'root', MODE.plain)], {prefetched: 1000}, twoParts)
    await (await open(rootfs, '/etc/passwd')).read(0, 4)
    expect(rootfs.passes).toHaveLength(1)
  })

  describe('of a program that is too large to be at hand', () => {
    const large = Buffer.alloc(START + 3 * 2 ** 20)
    for (let at = 0; at < large.length; at += 4096) large.writeUInt32LE(at, at)
    const far = START + 2 ** 20
    const spans = async (start: RandomAccess) => {
      expect(start.size).toBe(large.length)
      await expect(start.read(START - 4, 8)).rejects.toThrow('not at hand')
      return [
        {offset: far, length: 8192},
        {offset: START - 4096, length: 8192},
        {offset: large.length - 10, length: 100},
        {offset: 0, length: 100 * 2 ** 20},
      ]
    }
    const reading = (reads: readonly (readonly [number, number])[]) =>
      prefetch(async access => {
        for (const [offset, length] of reads) expect((await access.read(offset, length)).length).toBe(length)
      }, spans)

    test.each<[string, readonly [number, number], number]>([
      ['its start', [0, 4096], 1],
      ['a part that was asked for', [far, 8192], 1],
      ['a part that begins in the start', [START, 4096], 1],
      ['its end', [large.length - 4096, 4096], 1],
      ['what was not at hand', [far + 8192, 10], 2],
    ])('%s', async (_, [offset, length], passes) => {
      const rootfs = await goneBy(
        [file('app', large, MODE.program)],
        {},
        reading([
          [0, 4096],
          [far, 8192],
          [START, 4096],
          [large.length - 4096, 4096],
          [far + 8192, 10],
          [64, 8],
        ]),
      )
      const got = await (await open(rootfs, '/app')).read(offset, length)
      expect(Buffer.from(got).equals(large.subarray(offset, offset + length))).toBe(true)
      expect(rootfs.passes).toHaveLength(passes)
    })
  })
})

describe('what a check reads of programs, libraries and loaders', () => {
  const library = buildElf({type: 'dyn', soname: 'libc.so.6', versionDefinitions: ['V_1', 'V_2']})
  const program = buildElf({
    interpreter: '/lib64/ld.so.1',
    needed: ['libc.so.6'],
    versionNeeds: [{file: 'libc.so.6', versions: ['V_1']}],
  })
  const large = Buffer.concat([program, Buffer.alloc(START + 10)])
  const layer = [
    file('bin/app', program, MODE.program),
    file('bin/large', large, MODE.program),
    file('bin/script', '#!/bin/sh\nexec app\n', MODE.program),
    file('lib/libc.so.6', library, MODE.plain),
    file('lib64/ld-linux-x86-64.so.2', Buffer.concat([library, Buffer.alloc(200_000, 1)]), MODE.plain),
  ]

  test('one pass gives all of it', async () => {
    const rootfs = await goneBy(layer, {}, PROGRAM_PREFETCH)
    for (const path of ['/bin/app', '/bin/large', '/lib/libc.so.6']) {
      const access = await open(rootfs, path)
      const identity = await identify(access)
      if (identity.kind !== 'elf') throw new Error(`${path} is ${identity.kind}`)
      expect(await readDynamic(identity, access)).toBeDefined()
    }
    for (const path of ['/bin/script', '/lib64/ld-linux-x86-64.so.2']) {
      const access = await open(rootfs, path)
      expect(await access.read(0, access.size)).toHaveLength(access.size)
    }
    expect(rootfs.passes).toHaveLength(1)
  })
})
