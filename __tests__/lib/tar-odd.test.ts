import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {buildTar, tarHeader, tarItem} from '../../scripts/support/tar-builder.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {LIMITS} from '../../src/lib/limits.ts'
import {readTar, readTarFile} from '../../src/lib/tar.ts'
import {all, failure, inChunks, watched} from '../support/streams.ts'
import {seeEntries, tarNames, walkTar} from '../support/tar-walk.ts'

describe('odd tars', () => {
  test('v7: a directory is a name with a slash', async () => {
    const v7 = {format: 'v7', type: '\0'} as const
    expect(
      await walkTar(
        buildTar([
          {name: 'dir/', ...v7},
          {name: 'file', content: 'x', ...v7},
        ]),
      ),
    ).toMatchObject([
      {name: 'dir/', kind: 'directory'},
      {name: 'file', kind: 'file', text: 'x'},
    ])
  })

  test('a link with a size has no body', async () => {
    expect(
      await tarNames(
        buildTar([
          {name: 'a', type: '1', linkName: 'b', size: 5000},
          {name: 'c', content: 'x'},
        ]),
      ),
    ).toEqual(['a', 'c'])
  })

  test.each(['2', '3', '4', '5', '6'])('type %s with a size has no body', async type => {
    expect(await tarNames(buildTar([{name: 'a', type, size: 512}, {name: 'c'}]))).toEqual(['a', 'c'])
  })

  test('an entry of a foreign type is skipped with its body', async () => {
    expect(await tarNames(buildTar([{name: 'a', type: 'Q', content: 'x'.repeat(600)}, {name: 'b'}]))).toEqual([
      'a',
      'b',
    ])
  })

  test('a file capability', async () => {
    const capability = Buffer.from('0100000200040000000000000000000000000000', 'hex')
    const [entry] = await all(
      readTar(inChunks(buildTar([{name: 'a', pax: {'SCHILY.xattr.security.capability': capability}}]))),
    )
    expect(Buffer.from(entry?.xattrs.get('security.capability') ?? []).equals(capability)).toBe(true)
  })

  test('a checksum over signed bytes', async () => {
    const block = Buffer.from(tarHeader({name: Buffer.from('grün', 'latin1')}))
    const sum =
      block.subarray(0, 148).reduce((total, byte) => total + (byte > 127 ? byte - 256 : byte), 0) +
      8 * 32 +
      block.subarray(156).reduce((total, byte) => total + byte, 0)
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
    expect(await tarNames(Buffer.concat([block, Buffer.alloc(1024)]))).toEqual(['gr\udcfcn'])
  })
})

describe('the end', () => {
  const one = tarItem({name: 'a', content: 'x'})

  test.each([
    {what: 'nothing at all', tar: Buffer.alloc(0), found: []},
    {what: 'two zero blocks and no entry', tar: Buffer.alloc(1024), found: []},
    {what: 'one zero block and no entry', tar: Buffer.alloc(512), found: []},
    {what: 'no end marker', tar: one, found: ['a']},
    {what: 'one zero block', tar: Buffer.concat([one, Buffer.alloc(512)]), found: ['a']},
    {what: 'no padding behind the last body', tar: one.subarray(0, 513), found: ['a']},
    {what: 'twenty zero blocks', tar: Buffer.concat([one, Buffer.alloc(10_240)]), found: ['a']},
    {
      what: 'junk behind the end',
      tar: Buffer.concat([one, Buffer.alloc(1024), Buffer.from('junk'), one]),
      found: ['a'],
    },
  ])('$what', async ({tar, found}) => {
    expect(await tarNames(tar)).toEqual(found)
  })

  test('of the stream is reached also where the tar ends before', async () => {
    const {chunks, seen} = watched(Buffer.concat([one, Buffer.alloc(1024), Buffer.alloc(100_000, 'junk')]))
    await seeEntries(readTar(chunks))
    expect(seen.given).toBe(1024 + 1024 + 100_000)
  })

  test('comes early where nobody reads on', async () => {
    const {chunks, seen} = watched(buildTar([{name: 'a', content: Buffer.alloc(100_000)}, {name: 'b'}]))
    for await (const _ of readTar(chunks)) break
    expect(seen).toEqual({given: 1024, ended: true})
  })
})

describe('what is malformed', () => {
  const badChecksum = buildTar([{name: 'a'}, {name: 'b'}])
  badChecksum[512] = 0x7a

  test.each([
    {what: 'a wrong checksum', tar: badChecksum, message: 'tar header at offset 512: the checksum is wrong'},
    {what: 'no tar', tar: Buffer.from('<html>'.repeat(1000)), message: 'tar header at offset 0: the checksum is wrong'},
    {
      what: 'a zero block in the middle',
      tar: Buffer.concat([tarItem({name: 'a'}), Buffer.alloc(512), buildTar([{name: 'b'}])]),
      message: 'tar header at offset 512: a zero block in the middle',
    },
    {
      what: 'a PAX record that is too long',
      tar: buildTar([{name: 'x', type: 'x', content: '99 path=a\n'}, {name: 'a'}]),
      message: 'PAX header at offset 0: a record is malformed',
    },
    {
      what: 'a PAX record without a newline',
      tar: buildTar([{name: 'x', type: 'x', content: '10 path=abc'}, {name: 'a'}]),
      message: 'PAX header at offset 0: a record is malformed',
    },
    {
      what: 'a PAX record without an equals sign',
      tar: buildTar([{name: 'x', type: 'x', content: '8 patha\n'}, {name: 'a'}]),
      message: 'PAX header at offset 0: a record is malformed',
    },
    {
      what: 'a PAX record without a key',
      tar: buildTar([{name: 'x', type: 'x', content: '5 =a\n'}, {name: 'a'}]),
      message: 'PAX header at offset 0: a record is malformed',
    },
    {
      what: 'a PAX record of length 0',
      tar: buildTar([{name: 'x', type: 'x', content: '0 path=a\n'}, {name: 'a'}]),
      message: 'PAX header at offset 0: a record is malformed',
    },
    {
      what: 'a NUL in a PAX path',
      tar: buildTar([{name: 'x', pax: {path: '/bin/a\0b'}}]),
      message: 'PAX header at offset 0: a record is malformed',
    },
    {
      what: 'a PAX header that is too large',
      tar: buildTar([{name: 'x', type: 'x', size: LIMITS['tar-header-bytes'].most + 1}]),
      message:
        'tar header at offset 0: an extended header of 1048577 bytes, expected at most 1 MiB (limit tar-header-bytes)',
    },
    {
      what: 'a global PAX header that is malformed',
      tar: buildTar([{name: 'x', type: 'g', content: 'junk'}]),
      message: 'PAX header at offset 0: a record is malformed',
    },
  ])('$what', async ({tar, message}) => {
    expect(await failure(walkTar(tar))).toMatchObject({name: 'FormatError', code: 'malformed', message})
  })

  test('cut off anywhere: refused inside an entry, fine between them', async () => {
    const tar = Buffer.concat([
      tarItem({name: 'a', content: 'x'.repeat(600)}),
      tarItem({name: 'b', pax: {path: 'long'}}),
      Buffer.alloc(1024),
    ])
    const accepted: number[] = []
    for (let length = 0; length <= tar.length; length += 1) {
      const results = [
        readTar(inChunks(tar.subarray(0, length), 512)),
        readTarFile(bytesAccess(tar.subarray(0, length))),
      ]
      const outcomes = await Promise.all(
        results.map(walked => failure(seeEntries(walked, false).then(found => found.length))),
      )
      if (outcomes.every(outcome => outcome instanceof Error)) {
        expect(outcomes[0]).toMatchObject({code: 'malformed', message: expect.stringContaining('cut off')})
        expect(String(outcomes[1])).toBe(String(outcomes[0]))
      } else accepted.push(length)
    }
    // 1112 is the end of the first body; then its padding, which may be missing; 2560 to 3072 the PAX header and its
    // entry; then zero blocks.
    const fine = [0, ...Array.from({length: 1536 - 1112 + 1}, (_, index) => 1112 + index), 3072, 3584, 4096]
    expect(accepted).toEqual(fine)
  })

  test('any bytes come to an end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({at: fc.nat(511), byte: fc.nat(255)}), {maxLength: 6}),
        fc.constantFrom('0', '1', '5', 'x', 'g', 'L', 'K', 'S', '\0'),
        fc.uint8Array({maxLength: 700}),
        async (changes, type, content) => {
          const patch = (block: Buffer): void => {
            for (const {at, byte} of changes) block[at] = byte
          }
          const tar = Buffer.concat([
            tarItem({name: 'a', type, content, format: 'gnu', patch}),
            buildTar([{name: 'b', content}]),
          ])
          const [streamed, sought] = await Promise.all(
            [readTar(inChunks(tar, 100)), readTarFile(bytesAccess(tar))].map(walked =>
              seeEntries(walked).then(
                found => found,
                (thrown: Error) => `${thrown.name}: ${thrown.message}`,
              ),
            ),
          )
          expect(streamed).toEqual(sought)
          if (typeof streamed === 'string') expect(streamed).toMatch(/^FormatError: /)
        },
      ),
      {numRuns: 2000},
    )
  })
})
