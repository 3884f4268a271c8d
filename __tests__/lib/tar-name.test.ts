import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {compareNames, decodeName, encodeName, nameLength} from '../../src/lib/tar-name.ts'

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values)
const plain = (name: Uint8Array): number[] => [...name]

describe('a name', () => {
  test.each([
    {what: 'ASCII', raw: bytes(0x61, 0x2f, 0x62), name: 'a/b'},
    {what: 'UTF-8', raw: bytes(0xc3, 0xbc), name: 'ü'},
    {what: 'a byte order mark', raw: bytes(0xef, 0xbb, 0xbf, 0x61), name: '\ufeffa'},
    {what: 'beyond the first plane', raw: bytes(0xf0, 0x9f, 0x98, 0x80), name: '😀'},
    {what: 'Latin-1', raw: bytes(0x66, 0xfc, 0x72), name: 'f\udcfcr'},
    {what: 'Latin-1 between UTF-8', raw: bytes(0xc3, 0xbc, 0xfc, 0xc3, 0xbc), name: 'ü\udcfcü'},
    {what: 'a sequence that is cut off', raw: bytes(0xe2, 0x82), name: '\udce2\udc82'},
    {what: 'an overlong slash', raw: bytes(0xc0, 0xaf), name: '\udcc0\udcaf'},
    {what: 'a surrogate in UTF-8', raw: bytes(0xed, 0xb3, 0xbc), name: '\udced\udcb3\udcbc'},
    {what: 'beyond U+10FFFF', raw: bytes(0xf4, 0x90, 0x80, 0x80), name: '\udcf4\udc90\udc80\udc80'},
    {what: 'a broken byte before an astral character', raw: bytes(0xff, 0xf0, 0x9f, 0x98, 0x80), name: '\udcff😀'},
  ])('of $what', ({raw, name}) => {
    expect(decodeName(raw)).toBe(name)
    expect(plain(encodeName(name))).toEqual(plain(raw))
    expect(nameLength(name)).toBe(raw.length)
  })

  test('of any bytes comes back as it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 40}), raw => {
        expect(plain(encodeName(decodeName(raw)))).toEqual(plain(raw))
      }),
    )
  })

  test('of any bytes is sorted as its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 4}), fc.uint8Array({maxLength: 4}), (a, b) => {
        expect(Math.sign(compareNames(decodeName(a), decodeName(b)))).toBe(Math.sign(Buffer.compare(a, b)))
      }),
    )
  })

  test('that differs in UTF-16 order is sorted by its bytes', () => {
    expect(['😀', '\uffee', 'a', '\udcff'].sort(compareNames)).toEqual(['a', '\uffee', '😀', '\udcff'])
  })
})
