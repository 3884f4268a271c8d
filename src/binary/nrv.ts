import {byteView} from '../lib/byte-view.ts'

/** The three methods of UCL, which UPX packs programs with unless an option says otherwise. */
export const NRV_METHODS = ['nrv2b', 'nrv2d', 'nrv2e'] as const
export type NrvMethod = (typeof NRV_METHODS)[number]

/** How the bits lie among the bytes: in little-endian words of 32 bits, or byte by byte; the highest first. */
export type NrvBits = 'le32' | '8'

/** Longer offsets get a byte more of a match: M2_MAX_OFFSET of UCL's src/n2b_d.c and its siblings. */
const LONG_OFFSET: Readonly<Record<NrvMethod, number>> = {nrv2b: 0xd00, nrv2d: 0x500, nrv2e: 0x500}

/**
 * Unpacks the first `limit` bytes, as the decompressors of UCL 1.03 do (src/n2b_d.c, n2d_d.c, n2e_d.c). Undefined where
 * the packed bytes end too soon or make no sense. https://www.oberhumer.com/opensource/ucl/
 */
export function unpackNrv(packed: Uint8Array, method: NrvMethod, bits: NrvBits, limit: number): Uint8Array | undefined {
  const input = new Input(packed, bits)
  const output = new Uint8Array(limit)
  let length = 0
  let lastOffset = 1
  while (length < limit) {
    while (length < limit && input.bit() === 1) output[length++] = input.byte()
    if (length === limit) break
    let offset = readOffset(input, method)
    let low = 0
    if (offset === 2) {
      offset = lastOffset
      if (method !== 'nrv2b') low = input.bit()
    } else {
      const coded = (offset - 3) * 256 + input.byte()
      // The end of the stream, in 32 bits.
      if (coded >= 0xffffffff) break
      low = method === 'nrv2b' ? 0 : ~coded & 1
      offset = (method === 'nrv2b' ? coded : Math.floor(coded / 2)) + 1
      lastOffset = offset
    }
    const run = readLength(input, method, low) + (offset > LONG_OFFSET[method] ? 1 : 0) + 1
    if (input.exhausted || offset > length) return undefined
    for (const end = Math.min(limit, length + run); length < end; length++)
      output[length] = output[length - offset] ?? 0
  }
  return length === limit && !input.exhausted ? output : undefined
}

/** 2 means the offset before. */
function readOffset(input: Input, method: NrvMethod): number {
  let offset = 1
  for (;;) {
    offset = offset * 2 + input.bit()
    if (input.bit() === 1 || input.exhausted) return offset
    if (method !== 'nrv2b') offset = (offset - 1) * 2 + input.bit()
    if (offset > 0xffffff + 3) return offset
  }
}

/** The length of a match, less one; of the two later methods its lowest bit stands with the offset. */
function readLength(input: Input, method: NrvMethod, low: number): number {
  if (method === 'nrv2e') {
    if (low === 1) return 1 + input.bit()
    if (input.bit() === 1) return 3 + input.bit()
    return readTail(input) + 3
  }
  const first = method === 'nrv2b' ? input.bit() : low
  const length = first * 2 + input.bit()
  return length === 0 ? readTail(input) + 2 : length
}

function readTail(input: Input): number {
  let length = 1
  do length = length * 2 + input.bit()
  while (input.bit() === 0 && length < 2 ** 31 && !input.exhausted)
  return length
}

/** Bits and bytes taken from one stream; behind its end there are zeros, and `exhausted` says so. */
class Input {
  readonly #bytes: Uint8Array
  readonly #wordSize: number
  #at = 0
  #word = 0
  #left = 0
  exhausted = false

  constructor(bytes: Uint8Array, bits: NrvBits) {
    this.#bytes = bytes
    this.#wordSize = bits === 'le32' ? 4 : 1
  }

  bit(): number {
    if (this.#left === 0) {
      if (this.#at + this.#wordSize > this.#bytes.length) {
        this.exhausted = true
        return 0
      }
      const view = byteView(this.#bytes, 'little')
      this.#word = this.#wordSize === 4 ? view.u32(this.#at) : view.u8(this.#at)
      this.#at += this.#wordSize
      this.#left = this.#wordSize * 8
    }
    this.#left--
    return (this.#word >>> this.#left) & 1
  }

  byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) this.exhausted = true
    this.#at++
    return byte ?? 0
  }
}
