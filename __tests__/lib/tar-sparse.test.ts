import {execFileSync} from 'node:child_process'
import {closeSync, ftruncateSync, openSync, truncateSync, writeFileSync, writeSync} from 'node:fs'
import {join} from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {buildTar, octal, type TarItem, tarItem} from '../../scripts/support/tar-builder.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {readTar, readTarFile} from '../../src/lib/tar.ts'
import type {TarEntry} from '../../src/lib/tar-entry.ts'
import {sparseAccess} from '../../src/lib/tar-sparse.ts'
import {all, collect, failure, inChunks} from '../support/streams.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

/** Name, size and whole content of each entry. */
async function unpack(tar: Uint8Array): Promise<readonly {name: string; size: number; content: Buffer}[]> {
  const found: {name: string; size: number; content: Buffer}[] = []
  for await (const entry of readTar(inChunks(tar, 700))) {
    const packed = bytesAccess(await collect(entry.body()))
    const {offset, length} = entry.content
    expect(Buffer.from(await packed.read(0, length)).equals(tar.subarray(offset, offset + length))).toBe(true)
    const file = entry.sparse ? sparseAccess(packed, entry.sparse, entry.size) : packed
    found.push({name: entry.name, size: file.size, content: Buffer.from(await file.read(0, file.size))})
  }
  const sought: TarEntry[] = await all(readTarFile(bytesAccess(tar)))
  expect(sought.map(({name, size}) => ({name, size}))).toEqual(found.map(({name, size}) => ({name, size})))
  return found
}

describe('what GNU tar writes', () => {
  let directory: string
  /** Many regions, so that maps need more than one block; data at the start; a hole at the end. */
  const content = Buffer.alloc(3_000_000)
  for (let at = 0; at < 2_000_000; at += 40_000) content.write(`region at ${at}`, at)
  const holes = Buffer.alloc(100_000)
  const dense = Buffer.alloc(10_000, 'dense')

  beforeAll(() => {
    directory = temporaryFolder('sparse')
    const app = openSync(join(directory, 'app'), 'w')
    for (let at = 0; at < 2_000_000; at += 40_000) writeSync(app, `region at ${at}`, at)
    ftruncateSync(app, content.length)
    closeSync(app)
    writeFileSync(join(directory, 'holes'), '')
    truncateSync(join(directory, 'holes'), holes.length)
    writeFileSync(join(directory, 'dense'), dense)
  })

  test.each([
    {what: 'the old format', options: ['--format=gnu']},
    {what: 'format 0.0', options: ['--format=posix', '--sparse-version=0.0']},
    {what: 'format 0.1', options: ['--format=posix', '--sparse-version=0.1']},
    {what: 'format 1.0', options: ['--format=posix', '--sparse-version=1.0']},
  ])('in $what', async ({options}) => {
    const tar = execFileSync(
      'tar',
      ['-C', directory, '--sparse', '--hole-detection=raw', ...options, '-cf', '-', 'app', 'holes', 'dense'],
      {maxBuffer: 1 << 26},
    )
    expect(tar.length).toBeLessThan(1_000_000)
    const found = await unpack(tar)
    expect(found.map(({name, size}) => ({name, size}))).toEqual([
      {name: 'app', size: content.length},
      {name: 'holes', size: holes.length},
      {name: 'dense', size: dense.length},
    ])
    expect(found.map(file => file.content.equals({app: content, holes, dense}[file.name] ?? dense))).toEqual([
      true,
      true,
      true,
    ])
  })
})

describe('random access', () => {
  const regions = [
    {offset: 10, length: 5},
    {offset: 20, length: 0},
    {offset: 30, length: 10},
  ]
  const packed = Buffer.from('abcdeABCDEFGHIJ')
  const whole = Buffer.alloc(50)
  whole.write('abcde', 10)
  whole.write('ABCDEFGHIJ', 30)

  test('gives any part', async () => {
    const file = sparseAccess(bytesAccess(packed), regions, 50)
    for (let from = 0; from <= 50; from += 1) {
      for (let length = 0; length <= 52; length += 1) {
        const part = Buffer.from(await file.read(from, length))
        expect(part.equals(whole.subarray(from, from + length))).toBe(true)
      }
    }
    expect(await file.read(-1, 5)).toHaveLength(0)
    expect(await file.read(50, 5)).toHaveLength(0)
  })

  test('takes no memory for holes', async () => {
    const file = sparseAccess(bytesAccess(packed), [{offset: 0, length: 15}], Number.MAX_SAFE_INTEGER)
    expect(String.fromCharCode(...(await file.read(10, 10)))).toBe('FGHIJ\0\0\0\0\0')
  })
})

describe('a map that is malformed', () => {
  const pax = (records: Readonly<Record<string, string>>, content = 'data'): TarItem => ({
    name: 'a',
    content,
    pax: records,
  })
  const version1 = {'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.realsize': '100'}
  const block = (map: string): string => `${map}${'\0'.repeat(512 - map.length)}`
  const old = (patch: (block: Buffer) => void): Buffer =>
    tarItem({name: 'a', type: 'S', format: 'gnu', content: 'data', patch})

  test.each<{what: string; tar: Uint8Array; problem?: string}>([
    {what: 'less data than regions', tar: buildTar([pax({'GNU.sparse.map': '0,5', 'GNU.sparse.size': '100'})])},
    {what: 'more data than regions', tar: buildTar([pax({'GNU.sparse.map': '0,3', 'GNU.sparse.size': '100'})])},
    {what: 'regions behind the end', tar: buildTar([pax({'GNU.sparse.map': '98,4', 'GNU.sparse.size': '100'})])},
    {what: 'regions out of order', tar: buildTar([pax({'GNU.sparse.map': '50,2,0,2', 'GNU.sparse.size': '100'})])},
    {what: 'regions that overlap', tar: buildTar([pax({'GNU.sparse.map': '0,2,1,2', 'GNU.sparse.size': '100'})])},
    {what: 'an odd count', tar: buildTar([pax({'GNU.sparse.map': '0,4,5', 'GNU.sparse.size': '100'})])},
    {what: 'no number', tar: buildTar([pax({'GNU.sparse.map': '0,x', 'GNU.sparse.size': '100'})])},
    {what: 'no number as the size', tar: buildTar([pax({'GNU.sparse.map': '0,4', 'GNU.sparse.size': '-1'})])},
    {what: '1.0 without lines', tar: buildTar([pax(version1, block(''))])},
    {what: '1.0 without enough lines', tar: buildTar([pax(version1, block('2\n0\n4\n'))])},
    {what: '1.0 with a huge count', tar: buildTar([pax(version1, block('9007199254740991\n0\n4\n'))])},
    {what: '1.0 without a block', tar: buildTar([pax(version1, '')])},
    {what: '1.0 with a hole in its lines', tar: buildTar([pax(version1, block('1\n\n\n'))])},
    {what: 'the old one with no number', tar: old(bytes => bytes.write('junk', 386))},
    {what: "the old one in a tar that is not GNU's", tar: tarItem({name: 'a', type: 'S', content: 'data'})},
    {
      what: 'the old one that goes on and on',
      tar: Buffer.concat([old(bytes => bytes.fill(1, 482, 483)).subarray(0, 512), Buffer.alloc(2 << 20, 1)]),
      problem: 'a sparse map of more than 1 MiB (limit tar-sparse-map-bytes)',
    },
  ])('$what', async ({tar, problem = 'the sparse map is malformed'}) => {
    expect(await failure(unpack(tar))).toMatchObject({
      code: 'malformed',
      message: `tar header at offset 0: ${problem}`,
    })
  })

  test('of an unknown version is an ordinary file, as in Go', async () => {
    const found = await unpack(buildTar([pax({'GNU.sparse.major': '2', 'GNU.sparse.minor': '0'})]))
    expect(found).toMatchObject([{name: 'a', size: 4}])
  })

  test('of one region in the old format', async () => {
    const tar = old(bytes => {
      octal(bytes, 386, 12, 1000)
      octal(bytes, 398, 12, 4)
      octal(bytes, 483, 12, 2000)
    })
    const [file] = await unpack(Buffer.concat([tar, Buffer.alloc(1024)]))
    expect(file?.content.subarray(998, 1006).toString('latin1')).toBe('\0\0data\0\0')
    expect(file?.size).toBe(2000)
  })
})
