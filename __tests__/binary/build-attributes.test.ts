import {describe, expect, test} from '@jest/globals'
import {type AttributeVendor, parseAttributes} from '../../src/binary/elf/attributes.ts'
import {byteWriter} from '../support/elf-writer.ts'

type Part = readonly number[] | string
const pairs = (...parts: readonly Part[]) =>
  Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(`${part}\0`) : Buffer.from(part))))

/** A subsection of a tag, with its length unless another is given. */
function sub(tag: number, content: Uint8Array, length = content.length + 5, order: 'little' | 'big' = 'little') {
  return byteWriter(order, 4).u8(tag).u32(length).bytes(content).toBytes()
}

function vendorPart(name: string, content: Uint8Array, length?: number, order: 'little' | 'big' = 'little') {
  const whole = length ?? 4 + name.length + 1 + content.length
  return byteWriter(order, 4).u32(whole).cstring(name).bytes(content).toBytes()
}

const section = (...parts: readonly Uint8Array[]) => Buffer.concat([Buffer.from('A'), ...parts])
const read = (bytes: Uint8Array, vendor: AttributeVendor = 'aeabi', order: 'little' | 'big' = 'little') => {
  const found = parseAttributes(bytes, order, vendor)
  return found && Object.fromEntries(found)
}

describe('attributes of a vendor', () => {
  test('the first of the name, of several', () => {
    const bytes = section(vendorPart('gnu', sub(1, pairs([4, 1]))), vendorPart('aeabi', sub(1, pairs([6, 10]))))
    expect(read(bytes)).toEqual({6: 10})
    expect(read(bytes, 'gnu')).toEqual({4: 1})
    expect(read(bytes, 'riscv')).toBeUndefined()
  })

  test('in big-endian files', () => {
    const bytes = section(vendorPart('aeabi', sub(1, pairs([6, 10]), undefined, 'big'), undefined, 'big'))
    expect(read(bytes, 'aeabi', 'big')).toEqual({6: 10})
    expect(read(bytes)).toBeUndefined()
  })

  test.each<[title: string, bytes: Uint8Array]>([
    ['another format', Buffer.concat([Buffer.from('B'), vendorPart('aeabi', sub(1, pairs([6, 10])))])],
    ['nothing', new Uint8Array()],
    ['the letter alone', section()],
    ['a length that does not count itself', section(vendorPart('aeabi', sub(1, pairs([6, 10])), 4))],
    ['a length beyond the end', section(vendorPart('aeabi', sub(1, pairs([6, 10])), 99))],
    ['three bytes behind the last', section(vendorPart('gnu', new Uint8Array()), new Uint8Array(3))],
  ])('%s: none', (_, bytes) => {
    expect(read(bytes)).toBeUndefined()
  })

  test('a part of five bytes is one', () => {
    expect(read(section(vendorPart('', new Uint8Array()), vendorPart('aeabi', sub(1, pairs([6, 10])))))).toEqual({
      6: 10,
    })
  })
})

describe('subsections', () => {
  const of = (...subs: readonly Uint8Array[]) => read(section(vendorPart('aeabi', Buffer.concat(subs))))
  test('of the file alone: sections and symbols have others', () => {
    expect(of(sub(2, pairs([6, 1])), sub(1, pairs([6, 2])), sub(3, pairs([6, 3])))).toEqual({6: 2})
  })

  test.each<[title: string, sub: Uint8Array]>([
    ['a length that does not count itself', sub(1, pairs([6, 2]), 4)],
    ['a length of more than there is', sub(1, pairs([6, 2]), 8)],
    ['four bytes', new Uint8Array([1, 4, 0, 0])],
  ])('%s: the rest is left out', (_, last) => {
    expect(of(sub(1, pairs([8, 1])), last)).toEqual({8: 1})
  })

  test('an empty one', () => {
    expect(of(sub(1, new Uint8Array()), sub(1, pairs([8, 1])))).toEqual({8: 1})
  })
})

describe('tags and values', () => {
  const of = (vendor: AttributeVendor, ...parts: readonly Part[]) =>
    read(section(vendorPart(vendor, sub(1, pairs(...parts)))), vendor)

  test.each<[title: string, vendor: AttributeVendor, parts: readonly Part[], expected: object]>([
    [
      'numbers of several bytes',
      'aeabi',
      [
        [6, 0x81, 0x02],
        [8, 0xff, 0xff, 0x03],
      ],
      {6: 257, 8: 65535},
    ],
    ['a tag of two bytes', 'aeabi', [[0x86, 0x01, 7]], {134: 7}],
    [
      'a number of five bytes',
      'aeabi',
      [
        [6, 0x80, 0x80, 0x80, 0x80, 0x01],
        [8, 1],
      ],
      {6: 2 ** 28, 8: 1},
    ],
    ['a number without an end', 'aeabi', [[6, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 8, 1]], {6: 0, 8: 1}],
    [
      'texts of aeabi',
      'aeabi',
      [[4], 'raw', [5], 'cortex', [67], '2.09', [6, 1]],
      {4: 'raw', 5: 'cortex', 67: '2.09', 6: 1},
    ],
    ['odd tags of aeabi', 'aeabi', [[33], 'x', [34, 2], [31, 3]], {33: 'x', 34: 2, 31: 3}],
    ['odd tags of others', 'riscv', [[4, 16], [5], 'rv64i2p1', [7], 'x'], {4: 16, 5: 'rv64i2p1', 7: 'x'}],
    ['what it is compatible with', 'aeabi', [[32, 1], 'gnu', [6, 2]], {6: 2}],
    ['what else it is', 'aeabi', [[65], '\u0006\u000b', [6, 2]], {6: 2}],
    ['the same tag of another vendor', 'riscv', [[65], 'x', [6, 2]], {65: 'x', 6: 2}],
    [
      'a text without an end',
      'aeabi',
      [
        [6, 1],
        [5, 0x61],
      ],
      {6: 1, 5: 'a'},
    ],
  ])('%s', (_, vendor, parts, expected) => {
    expect(of(vendor, ...parts)).toEqual(expected)
  })
})
