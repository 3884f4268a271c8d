import {describe, expect, test} from '@jest/globals'
import {dynamicElf} from '../../scripts/kernel/dynamic-elf.ts'
import {PROGRAM_PREFETCH} from '../../src/binary/prefetch.ts'
import {bytesAccess, type RandomAccess} from '../../src/lib/bytes.ts'
import {buildElf} from '../support/elf-builder.ts'
import {note} from '../support/elf-writer.ts'

const MUSL = '/lib/ld-musl-x86_64.so.1'
const GLIBC = '/lib64/ld-linux-x86-64.so.2'

/** Whether every byte of a part of a file was asked for. */
async function readsOf(bytes: Uint8Array, path: string) {
  const seen = new Uint8Array(bytes.length)
  const inner = bytesAccess(bytes)
  const file: RandomAccess = {
    size: bytes.length,
    read: (offset, length) => {
      seen.fill(1, offset, offset + length)
      return inner.read(offset, length)
    },
  }
  await PROGRAM_PREFETCH.read(file, path)
  return (text: string | Uint8Array) => {
    const at = Buffer.from(bytes).indexOf(text)
    if (at < 0) throw new Error('it is not in the file')
    return seen.subarray(at, at + text.length).every(byte => byte === 1)
  }
}

const END = 'the end of it'
const padded = (bytes: Uint8Array, more = 0) =>
  Buffer.concat([bytes, new Uint8Array(64 * 1024 + more), Buffer.from(END)])

describe('what is read while a layer comes by', () => {
  const script = (size: number) =>
    Buffer.concat([Buffer.from('#!/bin/sh\n'), Buffer.alloc(size - 10 - END.length, ' '), Buffer.from(END)])

  test.each<[title: string, bytes: Uint8Array, path: string, isRead: boolean]>([
    ['a script as a whole', script(64 * 1024), 'bin/app', true],
    ['not one that is larger', script(64 * 1024 + 1), 'bin/app', false],
    ['not a text', padded(Buffer.from('a text\n')), 'bin/app', false],
    ['not the whole of a program', padded(dynamicElf({needed: [], interp: GLIBC})), 'bin/app', false],
    ["glibc's loader", padded(dynamicElf({needed: []})), 'lib64/ld-linux-x86-64.so.2', true],
    ["musl's loader", padded(dynamicElf({needed: []})), 'lib/ld-musl-x86_64.so.1', true],
    ['a loader at the root', padded(dynamicElf({needed: []})), 'ld.so.1', true],
    ['a loader by another name', padded(dynamicElf({needed: []})), 'lib/libc.musl-x86_64.so.1', true],
    ['the C library', padded(dynamicElf({needed: []})), 'usr/lib/libc.so.6', true],
    ['the C library of a release', padded(dynamicElf({needed: []})), 'lib/libc-2.31.so', true],
    ['the C library of musl', padded(dynamicElf({needed: []})), 'usr/lib/libc.so', true],
    ['not a loader that is larger', padded(dynamicElf({needed: []}), 4 * 2 ** 20), 'lib64/ld-linux-x86-64.so.2', false],
    ['not another library', padded(dynamicElf({needed: []})), 'lib/libcrypt.so.1', false],
    ['not a name like it', padded(dynamicElf({needed: []})), 'lib/xlibc.so.6', false],
    ['not more of its name', padded(dynamicElf({needed: []})), 'lib/libc.so.6.txt', false],
  ])('%s', async (_, bytes, path, isRead) => {
    expect((await readsOf(bytes, path))(END)).toBe(isRead)
  })

  test.each<[title: string, shape: Parameters<typeof dynamicElf>[0], isRead: boolean]>([
    ['of what is linked with musl', {needed: [], interp: MUSL}, true],
    ['of a library that is linked with musl', {needed: ['libc.musl-x86_64.so.1']}, true],
    ['of a part of glibc', {needed: [], defines: ['GLIBC_PRIVATE']}, true],
    [
      'of what asks for a part of glibc',
      {needed: [], needs: [{file: 'libc.so.6', versions: [{name: 'GLIBC_PRIVATE', weak: false}]}]},
      true,
    ],
    ['not of others', {needed: ['libc.so.6'], interp: GLIBC, defines: ['A']}, false],
    [
      'not of what asks for other versions',
      {needed: ['libc.so.6'], needs: [{file: 'libc.so.6', versions: [{name: 'GLIBC_2.34', weak: false}]}]},
      false,
    ],
  ])('symbols %s', async (_, shape, isRead) => {
    // The name takes more than what is read of the file first, and of its strings at once.
    const bytes = dynamicElf({...shape, exports: [{name: 'f'.repeat(100_000), value: 0x1122334455}]})
    const value = Uint8Array.of(0x55, 0x44, 0x33, 0x22, 0x11, 0, 0, 0)
    expect((await readsOf(bytes, 'bin/x'))(value)).toBe(isRead)
  })

  test('notes, and what tells of variants but of libraries', async () => {
    const NOTE = note('little', {name: 'Mark', type: 1, description: Buffer.from('a note!!')})
    const file = padded(buildElf({notes: [NOTE]}))
    expect((await readsOf(file, 'bin/app'))('a note!!')).toBe(true)
    const rwData = Buffer.concat([
      Buffer.from('\xff Go buildinf:\x08\x02', 'latin1'),
      Buffer.alloc(16),
      Buffer.from('\x08go1.26.1\x00', 'latin1'),
    ])
    const go = buildElf({rwData: new Uint8Array(rwData), code: new Uint8Array(100_000)})
    expect((await readsOf(go, 'bin/app'))('go1.26.1')).toBe(true)
    expect((await readsOf(go, 'lib/libx.so.1'))('go1.26.1')).toBe(false)
  })
})

describe('what is worth having of a large program', () => {
  const spans = (bytes: Uint8Array) => PROGRAM_PREFETCH.spans(bytesAccess(bytes))

  test('nothing of what is no program', async () => {
    expect(await spans(Buffer.from('#!/bin/sh\n'))).toEqual([])
  })

  test('tables and the start of data, and of code nothing', async () => {
    const large = buildElf({rwData: new Uint8Array(100_000), interpreter: GLIBC, needed: ['libc.so.6']})
    const lengths = (await spans(large)).map(({length}) => length)
    expect(lengths.filter(length => length === 64 * 1024)).toHaveLength(1)
    expect(lengths.filter(length => length > 64 * 1024)).toEqual([])
    // The first segment is code.
    expect(lengths.filter(length => length === 0).length).toBeGreaterThan(0)
    const offsets = (await spans(large)).map(({offset, length}) => offset + length)
    expect(Math.max(...offsets)).toBeLessThanOrEqual(large.length)
  })

  test('of what musl binds the first segment, up to four MiB', async () => {
    const small = dynamicElf({needed: [], interp: MUSL})
    expect(await spans(small)).toContainEqual({offset: 0, length: small.length})
    const large = buildElf({interpreter: MUSL, needed: [], code: new Uint8Array(5 * 2 ** 20)})
    const [first] = (await spans(large)).filter(({length}) => length > 2 ** 20)
    expect(first?.length).toBe(4 * 2 ** 20)
    const glibc = buildElf({interpreter: GLIBC, needed: [], code: new Uint8Array(5 * 2 ** 20)})
    expect((await spans(glibc)).filter(({length}) => length > 2 ** 20)).toEqual([])
  })
})
