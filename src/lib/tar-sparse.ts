import type {RandomAccess} from './bytes.ts'
import {parseTarNumber} from './tar-header.ts'
import {parseDecimal} from './tar-pax.ts'

/** A part of a sparse file that is in the tar. What lies between the regions is zeros. */
export interface SparseRegion {
  /** In the file, in bytes. */
  readonly offset: number
  readonly length: number
}

/**
 * A sparse file as a whole: `packed` holds the regions one behind the other. Holes take no memory until they are read.
 */
export function sparseAccess(packed: RandomAccess, regions: readonly SparseRegion[], size: number): RandomAccess {
  return {
    size,
    async read(offset, length) {
      if (offset < 0 || length <= 0 || offset >= size) return new Uint8Array()
      const end = Math.min(size, offset + length)
      const bytes = new Uint8Array(end - offset)
      let packedAt = 0
      for (const region of regions) {
        const from = Math.max(offset, region.offset)
        const to = Math.min(end, region.offset + region.length)
        if (from < to) bytes.set(await packed.read(packedAt + from - region.offset, to - from), from - offset)
        packedAt += region.length
      }
      return bytes
    },
  }
}

/** Whether regions are in order, apart, inside the file, and as much as the tar holds. */
export function regionsFit(regions: readonly SparseRegion[], size: number, packedSize: number): boolean {
  let end = 0
  let packed = 0
  for (const region of regions) {
    if (region.offset < end || region.length < 0) return false
    end = region.offset + region.length
    packed += region.length
  }
  return Number.isSafeInteger(end) && end <= size && packed === packedSize
}

/**
 * The regions in a block of GNU's old sparse format (type `S`), `count` pairs of 12-byte numbers from `start`. The
 * first pair without a length field ends them. Undefined where one is not a number.
 * https://www.gnu.org/software/tar/manual/html_node/Old-GNU-Format.html
 */
export function parseGnuRegions(block: Uint8Array, start: number, count: number): SparseRegion[] | undefined {
  const regions: SparseRegion[] = []
  for (let index = 0; index < count; index += 1) {
    const at = start + index * 24
    if (block[at] === 0) break
    const offset = parseTarNumber(block, at, 12)
    const length = parseTarNumber(block, at + 12, 12)
    if (offset === undefined || length === undefined) return undefined
    regions.push({offset, length})
  }
  return regions
}

/** The regions of GNU's formats 0.0 and 0.1: `offset,length,offset,length`. */
export function parsePaxRegions(map: Uint8Array): SparseRegion[] | undefined {
  if (map.length === 0) return []
  const numbers: (number | undefined)[] = []
  for (let at = 0; at <= map.length; ) {
    const comma = map.indexOf(0x2c, at)
    const end = comma < 0 ? map.length : comma
    numbers.push(parseDecimal(map.subarray(at, end)))
    at = end + 1
  }
  return pairs(numbers)
}

/**
 * How many lines the regions of GNU's format 1.0 take; they stand at the start of the file's data: how many regions
 * there are, then offset and length of each, every number on a line of its own, filled up with NULs to a block.
 * Undefined where the first line is not a number. https://www.gnu.org/software/tar/manual/html_node/PAX-1.html
 */
export function inlineRegionLines(firstBlock: Uint8Array): number | undefined {
  const count = parseDecimal(firstBlock.subarray(0, Math.max(0, firstBlock.indexOf(LF))))
  return count === undefined ? undefined : 1 + 2 * count
}

/** The regions of GNU's format 1.0, once all their lines are there. */
export function parseInlineRegions(blocks: Uint8Array, lines: number): SparseRegion[] | undefined {
  const numbers: (number | undefined)[] = []
  let at = 0
  while (numbers.length < lines) {
    const end = blocks.indexOf(LF, at)
    if (end < 0) return undefined
    numbers.push(parseDecimal(blocks.subarray(at, end)))
    at = end + 1
  }
  return pairs(numbers.slice(1))
}

const LF = 0x0a

function pairs(numbers: readonly (number | undefined)[]): SparseRegion[] | undefined {
  const regions: SparseRegion[] = []
  for (let at = 0; at < numbers.length; at += 2) {
    const offset = numbers[at]
    const length = numbers[at + 1]
    if (offset === undefined || length === undefined) return undefined
    regions.push({offset, length})
  }
  return regions
}
