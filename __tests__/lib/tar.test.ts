import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {base256, buildTar, gnuLong, paxHeader, type TarItem} from '../../scripts/support/tar-builder.ts'
import {readTar} from '../../src/lib/tar.ts'
import type {TarEntry} from '../../src/lib/tar-entry.ts'
import {encodeName} from '../../src/lib/tar-name.ts'
import {all, collect, failure, inChunks} from '../support/streams.ts'
import {seeEntries, tarNames, walkTar} from '../support/tar-walk.ts'

describe('an entry', () => {
  test('of each kind', async () => {
    const items: readonly TarItem[] = [
      {name: 'dir/', type: '5', mode: 0o1777},
      {name: 'file', content: 'text', mode: 0o4755, uid: 7, gid: 8},
      {name: 'hard', type: '1', linkName: 'file'},
      {name: 'soft', type: '2', linkName: '../file', mode: 0o777},
      {name: 'tty', type: '3', device: [5, 1]},
      {name: 'disk', type: '4', device: [8, 0]},
      {name: 'pipe', type: '6'},
      {name: 'contiguous', type: '7', content: 'more'},
      {name: 'volume', type: 'V'},
    ]
    expect(await walkTar(buildTar(items))).toMatchObject([
      {name: 'dir/', kind: 'directory', mode: 0o1777, size: 0},
      {name: 'file', kind: 'file', mode: 0o4755, uid: 7, gid: 8, size: 4, text: 'text', linkName: ''},
      {name: 'hard', kind: 'hard-link', linkName: 'file', size: 0},
      {name: 'soft', kind: 'symlink', linkName: '../file'},
      {name: 'tty', kind: 'character-device', device: {major: 5, minor: 1}},
      {name: 'disk', kind: 'block-device', device: {major: 8, minor: 0}},
      {name: 'pipe', kind: 'fifo', device: {major: 0, minor: 0}},
      {name: 'contiguous', kind: 'file', type: '7', text: 'more'},
      {name: 'volume', kind: 'other', type: 'V'},
    ])
  })

  test.each([0, 1, 511, 512, 513, 100_000])('of %d bytes', async size => {
    const content = Buffer.alloc(size, 'abc')
    expect(
      await walkTar(
        buildTar([
          {name: 'a', content},
          {name: 'b', content: 'next'},
        ]),
      ),
    ).toMatchObject([
      {name: 'a', size, text: content.toString()},
      {name: 'b', text: 'next'},
    ])
  })

  test('says where it lies', async () => {
    const tar = Buffer.concat([paxHeader({path: 'long'}), buildTar([{name: 'x', content: 'here'}, {name: 'y'}])])
    const [entry] = await all(readTar(inChunks(tar)))
    expect(entry).toMatchObject({name: 'long', offset: 0, content: {offset: 1536, length: 4}})
    expect(tar.subarray(1536, 1540).toString()).toBe('here')
  })

  test('has a body that is read in time or not at all', async () => {
    const tar = buildTar([
      {name: 'a', content: 'first'},
      {name: 'b', content: 'second'},
    ])
    const [first] = await all(readTar(inChunks(tar)))
    expect(await failure(collect((first as TarEntry).body()))).toMatchObject({
      message: expect.stringContaining('twice'),
    })
    for await (const entry of readTar(inChunks(tar))) {
      await collect(entry.body())
      expect(await failure(collect(entry.body()))).toMatchObject({message: expect.stringContaining('twice')})
    }
  })

  test('has a body that may be read in part', async () => {
    const tar = buildTar([
      {name: 'a', content: 'x'.repeat(5000)},
      {name: 'b', content: 'second'},
    ])
    const found: string[] = []
    for await (const entry of readTar(inChunks(tar, 600))) {
      found.push(entry.name)
      for await (const _ of entry.body()) break
    }
    expect(found).toEqual(['a', 'b'])
  })
})

describe('a name', () => {
  const long = `${'d'.repeat(150)}/${'f'.repeat(150)}`

  test.each<{what: string; tar: Buffer; name: string; link?: string}>([
    {what: 'as it is written', tar: buildTar([{name: './a//b/../c/'}]), name: './a//b/../c/'},
    {what: 'absolute', tar: buildTar([{name: '/app'}]), name: '/app'},
    {what: 'of exactly 100 bytes', tar: buildTar([{name: 'n'.repeat(100)}]), name: 'n'.repeat(100)},
    {what: 'with a prefix', tar: buildTar([{name: 'app', prefix: 'usr/bin'}]), name: 'usr/bin/app'},
    {what: 'without the prefix of GNU', tar: buildTar([{name: 'app', prefix: '0000', format: 'gnu'}]), name: 'app'},
    {what: 'without the prefix of v7', tar: buildTar([{name: 'app', prefix: 'usr', format: 'v7'}]), name: 'app'},
    {what: 'of PAX', tar: buildTar([{name: 'short', pax: {path: long}}]), name: long},
    {what: 'of an empty PAX record', tar: buildTar([{name: 'short', pax: {path: ''}}]), name: 'short'},
    {
      what: 'of PAX records given twice',
      tar: buildTar([
        {
          name: 's',
          pax: [
            ['path', 'first'],
            ['path', 'last'],
          ],
        },
      ]),
      name: 'last',
    },
    {
      what: 'of two PAX headers',
      tar: Buffer.concat([
        paxHeader({path: 'first', linkpath: 'gone'}),
        paxHeader({path: 'second'}),
        buildTar([{name: 's', type: '2', linkName: 'own'}]),
      ]),
      name: 'second',
      link: 'own',
    },
    {
      what: 'of PAX with a link',
      tar: buildTar([{name: 's', type: '2', linkName: 't', pax: {linkpath: long}}]),
      name: 's',
      link: long,
    },
    {what: 'of GNU', tar: Buffer.concat([gnuLong('L', long), buildTar([{name: 'short', format: 'gnu'}])]), name: long},
    {
      what: 'of GNU with a link',
      tar: Buffer.concat([
        gnuLong('K', `${long}2`),
        gnuLong('L', long),
        buildTar([{name: 's', type: '2', format: 'gnu'}]),
      ]),
      name: long,
      link: `${long}2`,
    },
    {
      what: 'of GNU before PAX, as in Go',
      tar: Buffer.concat([paxHeader({path: 'pax'}), gnuLong('L', 'gnu'), buildTar([{name: 's'}])]),
      name: 'gnu',
    },
    {
      what: 'not of a global PAX header',
      tar: Buffer.concat([paxHeader({path: 'global'}, 'g'), buildTar([{name: 'own'}])]),
      name: 'own',
    },
    {
      what: 'of a PAX header with a global one behind',
      tar: Buffer.concat([paxHeader({path: 'local'}), paxHeader({comment: 'git'}, 'g'), buildTar([{name: 'own'}])]),
      name: 'local',
    },
    {what: 'in UTF-8', tar: buildTar([{name: 'grün'}]), name: 'grün'},
    {what: 'in Latin-1', tar: buildTar([{name: Buffer.from('grün', 'latin1')}]), name: 'gr\udcfcn'},
    {
      what: 'in Latin-1 in PAX',
      tar: buildTar([{name: 'x', pax: {path: Buffer.from('grün', 'latin1')}}]),
      name: 'gr\udcfcn',
    },
  ])('$what', async ({tar, name, link = ''}) => {
    expect(await walkTar(tar)).toMatchObject([{name, linkName: link}])
  })

  test('of any bytes comes back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({minLength: 1, maxLength: 99}), async raw => {
        const name = raw.map(byte => byte || 1)
        const [entry] = await seeEntries(readTar(inChunks(buildTar([{name}]))))
        expect([...encodeName(entry?.name ?? '')]).toEqual([...name])
      }),
      {numRuns: 200},
    )
  })

  test('of an extended header is for one entry only', async () => {
    const tar = Buffer.concat([
      gnuLong('L', 'long'),
      buildTar([{name: 'a'}, {name: 'b', pax: {path: 'pax'}}, {name: 'c'}]),
    ])
    expect(await tarNames(tar)).toEqual(['long', 'pax', 'c'])
  })
})

describe('a number', () => {
  const numbered = (patch: (block: Buffer) => void): Buffer => buildTar([{name: 'a', patch}])

  test.each([
    {what: 'in octal with a space behind', patch: (block: Buffer) => block.write('0001750 ', 108), uid: 1000},
    {what: 'in octal with spaces before', patch: (block: Buffer) => block.write('   1750\0', 108), uid: 1000},
    {what: 'in octal over the whole field', patch: (block: Buffer) => block.write('77777777', 108), uid: 0o77777777},
    {what: 'that is empty', patch: (block: Buffer) => block.fill(0, 108, 116), uid: 0},
    {what: 'of spaces', patch: (block: Buffer) => block.fill(' ', 108, 116), uid: 0},
    {what: 'in base-256', patch: (block: Buffer) => base256(block, 108, 8, 3_000_000_000n), uid: 3_000_000_000},
    {what: 'below zero in base-256', patch: (block: Buffer) => base256(block, 108, 8, -2n), uid: -2},
  ])('$what', async ({patch, uid}) => {
    expect(await walkTar(numbered(patch))).toMatchObject([{uid}])
  })

  test('of PAX', async () => {
    const item: TarItem = {name: 'a', content: 'twelve bytes', size: 0, pax: {size: '12', uid: '70000', gid: '70001'}}
    expect(await walkTar(buildTar([item, {name: 'b'}]))).toMatchObject([
      {size: 12, uid: 70000, gid: 70001, text: 'twelve bytes'},
      {name: 'b'},
    ])
  })

  test.each([
    {what: 'that is none', tar: numbered(block => block.write('abc', 108)), message: /offset 0: uid is not a number/},
    {
      what: 'with a nine',
      tar: numbered(block => block.write('0000009\0', 100)),
      message: /offset 0: mode is not a number/,
    },
    {what: 'beyond 2^53', tar: numbered(block => base256(block, 124, 12, 1n << 60n)), message: /size is not a number/},
    {what: 'below zero as a size', tar: numbered(block => base256(block, 124, 12, -512n)), message: /size is -512/},
    {
      what: 'that is none in PAX',
      tar: buildTar([{name: 'a', pax: {size: '0x10'}}]),
      message: /PAX header at offset 0: size is not a number/,
    },
    {what: 'below zero in PAX', tar: buildTar([{name: 'a', pax: {size: '-1'}}]), message: /size is not a number/},
  ])('$what is refused', async ({tar, message}) => {
    expect(await failure(walkTar(tar))).toMatchObject({code: 'malformed', message: expect.stringMatching(message)})
  })
})
