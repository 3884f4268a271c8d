import {describe, expect, test} from '@jest/globals'
import {hasMachOMagic, identifyMachO} from '../../src/binary/mach-o.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {bytes} from '../support/bytes.ts'

const identify = (head: Uint8Array) => identifyMachO(bytesAccess(head), head)
const big = (...words: readonly number[]) =>
  bytes(...words.flatMap(word => [(word >>> 24) & 0xff, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff]))
const little = (...words: readonly number[]) =>
  bytes(...words.flatMap(word => [word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, (word >>> 24) & 0xff]))

const zeros = (count: number) => new Uint8Array(count)

describe('the magic of Mach-O', () => {
  test.each([
    [big(0xfeedface), true],
    [big(0xfeedfacf), true],
    [big(0xcefaedfe), true],
    [big(0xcffaedfe), true],
    [big(0xcafebabe), true],
    [big(0xcafebabf), true],
    [big(0xcafebabd), false],
    [big(0xfeedfad0), false],
    [bytes(0xfe, 0xed, 0xfa), false],
    [bytes(), false],
  ])('%j', (start, expected) => {
    expect(hasMachOMagic(start)).toBe(expected)
  })
})

describe('a file of one machine', () => {
  test.each<[title: string, head: Uint8Array, cpus: readonly string[], fileType: string | undefined]>([
    ['PowerPC', big(0xfeedface, 18, 0, 1), ['ppc'], 'object file'],
    ['PowerPC of 64 bits', big(0xfeedfacf, 0x01000012, 0, 4), ['ppc64'], 'core dump'],
    ['a watch', little(0xfeedface, 0x0200000c, 0, 7), ['arm64_32'], 'dynamic linker'],
    ['ARM', little(0xfeedface, 12, 0, 8), ['arm'], 'bundle'],
    ['of a kernel', little(0xfeedfacf, 0x01000007, 0, 11), ['x86_64'], 'kernel extension'],
    ['nobody knows', little(0xfeedfacf, 0x2a, 0, 10), ['cpu 0x2a'], 'debug symbols'],
    ['of no type', little(0xfeedfacf, 0x01000007, 0, 99), ['x86_64'], undefined],
  ])('%s', (_, head, cpus, fileType) => {
    expect(identify(head)).toEqual({kind: 'mach-o', cpus, fat: false, fileType})
  })

  test('that ends in its header', () => {
    const head = little(0xfeedfacf, 7, 0, 2).subarray(0, 15)
    expect(identify(head)).toEqual({
      ...{kind: 'mach-o', cpus: [], fat: false, fileType: undefined},
      malformed: {offset: 15, reason: 'the file ends in its Mach-O header'},
    })
    expect(identify(head.subarray(0, 8))).toMatchObject({malformed: {offset: 8}})
    expect(identify(head.subarray(0, 7))).toBeUndefined()
  })
})

describe('a file of several machines', () => {
  const entry = (cpu: number, size: number) => bytes(big(cpu), zeros(size - 4))
  const many = (count: number) => bytes(big(0xcafebabe, count), ...Array.from({length: 31}, () => entry(7, 20)))

  test.each<[title: string, head: Uint8Array, cpus: readonly string[]]>([
    ['two', bytes(big(0xcafebabe, 2), entry(7, 20), entry(12, 20)), ['i386', 'arm']],
    ['of 64 bits', bytes(big(0xcafebabf, 2), entry(7, 32), entry(12, 32)), ['i386', 'arm']],
    ['none', big(0xcafebabe, 0), []],
    ['thirty', many(30), Array.from({length: 30}, () => 'i386')],
    [
      'more than that, of 64 bits',
      bytes(big(0xcafebabf, 31), zeros(32 * 32)),
      Array.from({length: 30}, () => 'cpu 0x0'),
    ],
  ])('%s', (_, head, cpus) => {
    expect(identify(head)).toEqual({kind: 'mach-o', cpus, fat: true, fileType: undefined})
  })

  test('of more than thirty it is a Java class', () => {
    expect(identify(many(31))).toBeUndefined()
  })

  test('that ends in its table', () => {
    const head = bytes(big(0xcafebabe, 2), entry(7, 20), entry(12, 19))
    expect(identify(head)).toEqual({
      ...{kind: 'mach-o', cpus: ['i386'], fat: true, fileType: undefined},
      malformed: {offset: 47, reason: 'the file ends in its table of 2 architectures'},
    })
  })
})
