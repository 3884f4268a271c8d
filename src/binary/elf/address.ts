import {PT} from './constants.ts'
import type {Segment} from './types.ts'

/** Where in the file an address lies, and how many bytes of the file follow it in the same segment. */
export interface FilePlace {
  readonly offset: number
  readonly available: number
}

/**
 * Maps an address through the PT_LOADs, as a loader would have it in memory; undefined where no file content is mapped.
 */
export function locateAddress(segments: readonly Segment[], address: bigint): FilePlace | undefined {
  for (const {type, vaddr, filesz, offset} of segments) {
    if (type !== PT.PT_LOAD || address < vaddr || address >= vaddr + BigInt(filesz)) continue
    const within = Number(address - vaddr)
    return {offset: offset + within, available: filesz - within}
  }
  return undefined
}
