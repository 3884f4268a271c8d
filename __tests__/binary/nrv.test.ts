import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {NRV_METHODS, unpackNrv} from '../../src/binary/nrv.ts'
import {PACKED_HEADERS} from '../support/packed-program.ts'

/** ELF header and program headers. */
const SIZE = 64 + 13 * 56

describe('unpackNrv', () => {
  test('the three methods give the same headers', () => {
    const [first, ...others] = NRV_METHODS.map(method => unpackNrv(PACKED_HEADERS[method], method, 'le32', SIZE))
    expect(Buffer.from(first ?? []).toString('latin1', 0, 4)).toBe('\x7fELF')
    // e_phoff, e_phentsize and e_phnum; the last header is PT_GNU_RELRO, whose p_align is 1.
    const view = new DataView(Uint8Array.from(first ?? []).buffer)
    expect([view.getUint32(32, true), view.getUint16(54, true), view.getUint16(56, true)]).toEqual([64, 56, 13])
    expect([view.getUint32(64 + 12 * 56, true), view.getUint32(SIZE - 8, true)]).toEqual([0x6474e552, 1])
    for (const other of others) expect(other).toEqual(first)
  })

  test.each(NRV_METHODS)('%s: no more than was asked for', method => {
    const whole = unpackNrv(PACKED_HEADERS[method], method, 'le32', SIZE) ?? new Uint8Array()
    for (const length of [0, 1, 17, 200, SIZE - 1]) {
      expect(unpackNrv(PACKED_HEADERS[method], method, 'le32', length)).toEqual(whole.subarray(0, length))
    }
  })

  test.each(NRV_METHODS)('%s: cut short at every length, it gives nothing', method => {
    const packed = PACKED_HEADERS[method]
    // The end of the stream is not part of what is asked for: the last bytes may be missing.
    for (let length = 0; length < packed.length - 12; length++) {
      expect(unpackNrv(packed.subarray(0, length), method, 'le32', SIZE)).toBeUndefined()
    }
  })

  // One word of set bits, the bytes, and so on: every bit says "a byte as it is".
  test.each([
    ['le32', 4],
    ['8', 1],
  ] as const)('bytes as they are, %s', (bits, wordSize) => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 200}), bytes => {
        const words: Uint8Array[] = []
        for (let at = 0; at < bytes.length; at += wordSize * 8) {
          words.push(new Uint8Array(wordSize).fill(0xff), bytes.subarray(at, at + wordSize * 8))
        }
        for (const method of NRV_METHODS) {
          expect(unpackNrv(Buffer.concat(words), method, bits, bytes.length)).toEqual(bytes)
        }
      }),
    )
  })

  test('any bytes at all are unpacked to the length that was asked for, or not', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({maxLength: 300}),
        fc.constantFrom(...NRV_METHODS),
        fc.constantFrom('le32' as const, '8' as const),
        fc.nat(400),
        (bytes, method, bits, limit) => {
          const unpacked = unpackNrv(bytes, method, bits, limit)
          expect([undefined, limit]).toContain(unpacked?.length)
        },
      ),
    )
  })
})
