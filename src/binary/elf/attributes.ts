import {type ByteOrder, byteView, decodeCString} from '../../lib/byte-view.ts'
import {fixedBound} from '../../lib/over-limit.ts'

/** Build attributes of one vendor, for the whole file, by tag. */
export type Attributes = ReadonlyMap<number, number | string>

/** The most that is read of an attributes section, in bytes. */
export const ATTRIBUTES_LIMIT = fixedBound('elf-attribute-bytes')

/** Vendors, and which of their tags hold what. */
export type AttributeVendor = 'aeabi' | 'riscv' | 'gnu'

const TAG_FILE = 1
const TAG_COMPATIBILITY = 32
const TAG_AEABI_ALSO_COMPATIBLE = 65
const AEABI_STRINGS: ReadonlySet<number> = new Set([4, 5, 67])

/**
 * Reads `.ARM.attributes`, `.riscv.attributes` or `.gnu.attributes`; undefined where there is nothing of this vendor.
 * https://github.com/ARM-software/abi-aa/blob/main/addenda32/addenda32.rst, binutils readelf.c process_attributes:
 *
 *     'A', then { u32 length, vendor NUL, { uleb tag 1 (file), u32 length, { uleb tag, uleb or string NUL }… }… }…
 */
export function parseAttributes(bytes: Uint8Array, order: ByteOrder, vendor: AttributeVendor): Attributes | undefined {
  if (bytes[0] !== 0x41) return undefined
  const view = byteView(bytes, order)
  for (let at = 1; at + 4 <= view.length; ) {
    const length = view.u32(at)
    const end = at + length
    // A length counts itself; one that does not would loop for ever.
    if (length < 5 || end > view.length) return undefined
    const name = decodeCString(bytes.subarray(at + 4, end))
    if (name === vendor) return parseSubsections(bytes.subarray(at + 4 + name.length + 1, end), order, vendor)
    at = end
  }
  return undefined
}

function parseSubsections(bytes: Uint8Array, order: ByteOrder, vendor: AttributeVendor): Attributes {
  const attributes = new Map<number, number | string>()
  const view = byteView(bytes, order)
  for (let at = 0; at + 5 <= view.length; ) {
    const length = view.u32(at + 1)
    const end = at + length
    if (length < 5 || end > view.length) break
    if (view.u8(at) === TAG_FILE) parsePairs(bytes.subarray(at + 5, end), vendor, attributes)
    at = end
  }
  return attributes
}

function parsePairs(bytes: Uint8Array, vendor: AttributeVendor, attributes: Map<number, number | string>): void {
  let at = 0
  const uleb = (): number => {
    let value = 0
    for (let shift = 1; at < bytes.length; shift *= 128) {
      const byte = bytes[at++] ?? 0
      value += (byte & 0x7f) * shift
      if (byte < 0x80 || shift > 2 ** 28) break
    }
    return value
  }
  const string = (): string => {
    const text = decodeCString(bytes.subarray(at))
    const nul = bytes.indexOf(0, at)
    at = nul < 0 ? bytes.length : nul + 1
    return text
  }
  while (at < bytes.length) {
    const tag = uleb()
    if (tag === TAG_COMPATIBILITY) {
      uleb()
      string()
    } else if (vendor === 'aeabi' && tag === TAG_AEABI_ALSO_COMPATIBLE) {
      // A tag and its value, then NUL; CPU_arch values here have no bit 7 and no zero byte of their own but the end.
      string()
    } else {
      attributes.set(tag, isString(vendor, tag) ? string() : uleb())
    }
  }
}

/** aeabi: 4, 5 and 67, and odd tags above 32. riscv and gnu: odd tags. */
function isString(vendor: AttributeVendor, tag: number): boolean {
  if (vendor !== 'aeabi') return tag % 2 === 1
  return AEABI_STRINGS.has(tag) || (tag > 32 && tag % 2 === 1)
}
