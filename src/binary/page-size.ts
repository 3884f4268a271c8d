import {largestPage, type Platform} from '../platform/index.ts'
import {PT} from './elf/constants.ts'
import type {ElfIdentity} from './elf/types.ts'

/** A segment that a kernel with large pages cannot map. */
export interface PageSizeProblem {
  /** The page size that it takes to see the problem, in bytes. */
  readonly page: number
  /** p_align of the segment, in bytes. */
  readonly align: bigint
  /** Where the segment lies in the file. */
  readonly offset: number
}

/**
 * The first PT_LOAD that is not aligned for the largest page of the platform's kernels: such a program is killed there
 * (fs/binfmt_elf.c elf_map), and such a library refused (glibc: "ELF load command alignment not page-aligned").
 */
export function findPageSizeProblem(
  {segments}: Pick<ElfIdentity, 'segments'>,
  platform: Platform,
): PageSizeProblem | undefined {
  const page = largestPage(platform)
  for (const {type, align, offset, vaddr} of segments) {
    if (type !== PT.PT_LOAD) continue
    const congruent = (BigInt(offset) - vaddr) % BigInt(page) === 0n
    if (align < BigInt(page) || !congruent) return {page, align, offset}
  }
  return undefined
}
