import {describe, expect, test} from '@jest/globals'
import {decodeHeader, decodeHeaderByIdent, findIdentProblems} from '../../src/binary/elf/header.ts'
import type {ByteOrder, ElfClass} from '../../src/platform/index.ts'
import {byteWriter} from '../support/elf-writer.ts'

interface Shape {
  readonly ident?: readonly [elfClass: number, data: number, version: number]
  readonly type?: number
  readonly machine?: number
  readonly phentsize?: number
}

/** A header whose every field is another number. */
function head(width: ElfClass, order: ByteOrder, shape: Shape = {}): Uint8Array {
  const {ident = [width / 32, order === 'big' ? 2 : 1, 1], type = 2, machine = 62} = shape
  const out = byteWriter(order, width === 64 ? 8 : 4)
  out.u8(0x7f, 0x45, 0x4c, 0x46, ...ident, 3, 9).bytes(new Uint8Array(7))
  out.u16(type, machine).u32(1).word(0x1001, 0x1002, 0x1003).u32(0x1004)
  const size = shape.phentsize ?? (width === 64 ? 56 : 32)
  return out.u16(width === 64 ? 64 : 52, size, 0x11, 0x12, 0x13, 0x14).toBytes()
}

const FIELDS = {
  ...{type: 2, machine: 62, version: 1, entry: 0x1001n, phoff: 0x1002n, shoff: 0x1003n, flags: 0x1004},
  ...{phnum: 0x11, shentsize: 0x12, shnum: 0x13, shstrndx: 0x14},
}

test.each<[ElfClass, ByteOrder, ehsize: number, phentsize: number]>([
  [64, 'little', 64, 56],
  [64, 'big', 64, 56],
  [32, 'little', 52, 32],
  [32, 'big', 52, 32],
])('every field of a header of %d bits, %s', (width, order, ehsize, phentsize) => {
  const ident = {class: width / 32, data: order === 'big' ? 2 : 1, version: 1, osabi: 3, abiversion: 9}
  const expected = {class: width, data: order, ident, ...FIELDS, ehsize, phentsize}
  expect(decodeHeader(head(width, order), width, order)).toEqual(expected)
  expect(decodeHeaderByIdent(head(width, order))).toEqual(expected)
  expect(findIdentProblems(decodeHeaderByIdent(head(width, order)))).toEqual([])
})

test('what is not there counts as zero', () => {
  const short = head(64, 'little').subarray(0, 20)
  expect(decodeHeader(short, 64, 'little')).toMatchObject({type: 2, machine: 62, entry: 0n, phnum: 0, shstrndx: 0})
  expect(decodeHeader(head(64, 'little'), 64, 'little').shstrndx).toBe(0x14)
})

describe('what an ident says wrongly', () => {
  test.each<
    [title: string, Parameters<typeof head>, seen: readonly [ElfClass, ByteOrder], problems: readonly string[]]
  >([
    ['the class', [64, 'little', {ident: [1, 1, 1]}], [64, 'little'], ['EI_CLASS is 1 in a 64-bit file']],
    ['the class of 32 bits', [32, 'little', {ident: [2, 1, 1]}], [32, 'little'], ['EI_CLASS is 2 in a 32-bit file']],
    ['no class', [64, 'little', {ident: [0, 1, 1]}], [64, 'little'], ['EI_CLASS is 0 in a 64-bit file']],
    ['the order', [64, 'big', {ident: [2, 1, 1]}], [64, 'big'], ['EI_DATA is 1 in a big-endian file']],
    [
      'the order of a library',
      [64, 'little', {ident: [2, 2, 1], type: 3}],
      [64, 'little'],
      ['EI_DATA is 2 in a little-endian file'],
    ],
    ['no order', [64, 'little', {ident: [2, 0, 1]}], [64, 'little'], ['EI_DATA is 0 in a little-endian file']],
    ['the version', [64, 'little', {ident: [2, 1, 0]}], [64, 'little'], ['EI_VERSION is 0, expected 1']],
  ])('%s', (_, shape, [width, order], problems) => {
    const header = decodeHeaderByIdent(head(...shape))
    expect([header.class, header.data]).toEqual([width, order])
    expect(findIdentProblems(header)).toEqual(problems)
  })

  test('the version of the header', () => {
    const bytes = head(64, 'little')
    bytes[20] = 2
    expect(findIdentProblems(decodeHeaderByIdent(bytes))).toEqual(['e_version is 2, expected 1'])
  })
})

describe('what is left as it says', () => {
  const seen = (...shape: Parameters<typeof head>) => {
    const {class: width, data} = decodeHeaderByIdent(head(...shape))
    return [width, data]
  }
  test('types of an operating system, and those that are none', () => {
    expect(seen(64, 'big', {ident: [2, 1, 1], type: 0x00fe})).toEqual([64, 'little'])
    expect(seen(64, 'big', {ident: [2, 1, 1], type: 0x0004})).toEqual([64, 'little'])
    expect(seen(64, 'little', {ident: [2, 2, 1], type: 0x0400})).toEqual([64, 'big'])
  })

  test('the class of what is no program, and of what fits neither', () => {
    expect(seen(64, 'little', {ident: [1, 1, 1], type: 1})).toEqual([32, 'little'])
    expect(seen(64, 'little', {ident: [1, 1, 1], phentsize: 1})).toEqual([32, 'little'])
    expect(seen(64, 'little', {ident: [2, 1, 1], phentsize: 1})).toEqual([64, 'little'])
  })

  test.each([
    [3, 32],
    [40, 32],
    [62, 64],
    [183, 64],
  ])('machine %d without a class that fits has %d bits', (machine, width) => {
    expect(seen(64, 'little', {ident: [9, 1, 1], phentsize: 1, machine})[0]).toBe(width)
  })
})
