import {describe, expect, test} from '@jest/globals'
import {
  byteView,
  decodeCString,
  decodeText,
  exactNumber,
  readRange,
  readUpTo,
  startsWith,
  withPrefix,
} from '../../src/lib/byte-view.ts'
import {bytesAccess, type RandomAccess} from '../../src/lib/bytes.ts'

const content = Uint8Array.of(0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08)

test.each([
  ['little', 0x01, 0x0201, 0x04030201, 0x0807060504030201n],
  ['big', 0x01, 0x0102, 0x01020304, 0x0102030405060708n],
] as const)('numbers, %s-endian', (order, u8, u16, u32, u64) => {
  const view = byteView(content, order)
  expect([view.u8(0), view.u16(0), view.u32(0), view.u64(0), view.length]).toEqual([u8, u16, u32, u64, 8])
  expect(() => view.u32(5)).toThrow(RangeError)
})

test('a view of a part counts from the part', () => {
  expect(byteView(content.subarray(4), 'big').u16(0)).toBe(0x0506)
})

test.each([
  [0n, 0],
  [2n ** 53n - 1n, Number.MAX_SAFE_INTEGER],
  [2n ** 53n, undefined],
  [2n ** 64n - 1n, undefined],
  [-1n, undefined],
])('%s as an exact number', (value, expected) => {
  expect(exactNumber(value)).toBe(expected)
})

describe('reading what input names', () => {
  const file = bytesAccess(content)

  test.each([
    [0, 8, 8],
    [6, 2, 2],
    [8, 0, 0],
    [6, 3, undefined],
    [9, 0, undefined],
    [-1, 1, undefined],
    [0, -1, undefined],
    [Number.MAX_SAFE_INTEGER, 1, undefined],
  ])('readRange at %i of %i bytes', async (offset, length, expected) => {
    expect((await readRange(file, offset, length))?.length).toBe(expected)
  })

  test.each([
    [0, 8, 100, 8],
    [0, 8, 3, 3],
    [6, 100, 100, 2],
    [8, 1, 1, 0],
    [9, 1, 1, 0],
    [-1, 1, 1, 0],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 10, 0],
  ])('readUpTo at %i of %i bytes, at most %i', async (offset, length, limit, expected) => {
    expect(await readUpTo(file, offset, length, limit)).toHaveLength(expected)
  })

  test('a prefix answers what it holds, and only that', async () => {
    const asked: number[] = []
    const counting: RandomAccess = {
      size: file.size,
      read: (offset, length) => {
        asked.push(offset)
        return file.read(offset, length)
      },
    }
    const first = withPrefix(counting, content.subarray(0, 4))
    expect(await first.read(1, 3)).toEqual(Uint8Array.of(2, 3, 4))
    expect(await first.read(1, 4)).toEqual(Uint8Array.of(2, 3, 4, 5))
    expect(await first.read(-1, 2)).toHaveLength(0)
    expect(asked).toEqual([1, -1])
  })
})

test.each([
  [[0xc3, 0x9f], 'ß'],
  [[0xff], '\ufffd'],
  [[0xef, 0xbb, 0xbf, 0x41], '\ufeffA'],
  [[], ''],
])('text of %j', (values, expected) => {
  expect(decodeText(Uint8Array.from(values))).toBe(expected)
})

test('a C string ends at its NUL, or with the bytes', () => {
  expect(decodeCString(Uint8Array.of(0x41, 0, 0x42))).toBe('A')
  expect(decodeCString(Uint8Array.of(0x41))).toBe('A')
})

test('startsWith', () => {
  expect(startsWith(content, [1, 2])).toBe(true)
  expect(startsWith(content, [1, 3])).toBe(false)
  expect(startsWith(Uint8Array.of(1), [1, 2])).toBe(false)
})
