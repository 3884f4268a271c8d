import {describe, expect, test} from '@jest/globals'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {openStored, readZipDirectory} from '../../src/lib/zip-directory.ts'
import {buildZip, type ZipOptions} from '../support/zip-builder.ts'

const LIMIT = 1 << 20
const FILES = [
  {name: 'META-INF/MANIFEST.MF', content: Buffer.from('Manifest-Version: 1.0\n')},
  {name: 'lib/ü.so', content: Buffer.from('packed'), method: 8},
  {name: 'lib/inner.jar', content: buildZip([{name: 'a.class'}])},
]

const namesIn = async (zip: Uint8Array, limit = LIMIT) =>
  (await readZipDirectory(bytesAccess(zip), limit))?.map(({name}) => name)

describe('the central directory of a zip', () => {
  test.each<[string, ZipOptions]>([
    ['as it is', {}],
    ['with a comment', {comment: 'PK\x05\x06 and what makes it long'}],
    ['behind a script', {before: '#!/bin/sh\nexec java -jar "$0"\n'}],
    ['of 64 bits', {isWide: true}],
    ['of 64 bits, behind a script', {isWide: true, before: '#!/bin/sh\n'}],
  ])('%s', async (_, options) => {
    const file = bytesAccess(buildZip(FILES, options))
    const entries = (await readZipDirectory(file, LIMIT)) ?? []
    expect(entries.map(({name, method}) => [name, method])).toEqual([
      ['META-INF/MANIFEST.MF', 0],
      ['lib/ü.so', 8],
      ['lib/inner.jar', 0],
    ])
    const contents = await Promise.all(
      entries.map(async entry => {
        const inner = await openStored(file, entry)
        return inner && Buffer.from(await inner.read(0, inner.size + 10))
      }),
    )
    expect(contents).toEqual([FILES[0]?.content, undefined, FILES[2]?.content])
    const inner = entries[2] && (await openStored(file, entries[2]))
    expect(inner && (await readZipDirectory(inner, LIMIT))?.map(({name}) => name)).toEqual(['a.class'])
  })

  const zip = buildZip(FILES)
  const directory = zip.readUInt32LE(zip.length - 6)
  test.each<[string, Uint8Array, readonly string[] | undefined]>([
    ['nothing', Buffer.alloc(0), undefined],
    ['no zip', Buffer.alloc(70_000, 'x'), undefined],
    ['an empty one', buildZip([]), []],
    ['a comment that is cut off', Buffer.from(buildZip(FILES, {comment: 'abc'}).subarray(0, -1)), undefined],
    ['bytes behind the end', Buffer.concat([zip, Buffer.from('x')]), undefined],
    ['a directory that is said to begin before the file', patch(zip, zip.length - 10, 0xfffffff0), undefined],
    ['offsets beyond the file', patch(zip, zip.length - 6, 0xfffffff0), undefined],
    ['an entry that is none', patch(zip, directory, 0), []],
    ['a name that goes beyond', patch(zip, directory + 28, 0xffff), []],
  ])('%s', async (_, bytes, names) => {
    expect(await namesIn(bytes)).toEqual(names)
  })

  test('whole or not, by the limit', async () => {
    const size = zip.readUInt32LE(zip.length - 10)
    expect(await namesIn(zip, size)).toHaveLength(3)
    expect(await namesIn(zip, size - 1)).toBeUndefined()
  })

  test('cut off anywhere it throws nothing', async () => {
    const plain = buildZip(FILES.slice(0, 2), {isWide: true})
    for (let length = 0; length < plain.length; length += 1)
      expect(await namesIn(plain.subarray(0, length))).toBeUndefined()
  })

  test('a file that is not where it is said to be', async () => {
    const file = bytesAccess(zip)
    const entry = {name: 'a', method: 0, compressedSize: 5, offset: 1}
    expect(await openStored(file, entry)).toBeUndefined()
    expect(await openStored(file, {...entry, offset: zip.length})).toBeUndefined()
    expect(await openStored(file, {...entry, offset: 0, compressedSize: zip.length})).toBeUndefined()
  })
})

function patch(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes)
  if (value > 0xffff || at > copy.length - 30) copy.writeUInt32LE(value, at)
  else copy.writeUInt16LE(value, at)
  return copy
}
