import {byteView, exactNumber, readRange} from '../../lib/byte-view.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import type {Malformed} from '../problem.ts'
import {ET, PHDR_SIZE, PHDR_TABLE_LIMIT} from './constants.ts'
import type {ElfHeader, Segment} from './types.ts'

/** Program headers, and the first thing about them that makes no sense. */
export interface SegmentTable {
  readonly segments: readonly Segment[]
  readonly malformed?: Malformed
}

/**
 * Reads the program headers under the kernel's own limits (fs/binfmt_elf.c load_elf_phdrs); at most 64 KiB are read.
 * An offset or size beyond 2^53 is given as 2^53 - 1, past every file's end, and is the table's `malformed`.
 */
export async function readSegments(header: ElfHeader, file: RandomAccess): Promise<SegmentTable> {
  if (header.phnum === 0) return {segments: []}
  const wide = header.class === 64
  const size = PHDR_SIZE[header.class]
  const none = (offset: number, reason: string): SegmentTable => {
    // What is no program is not refused for its program headers.
    const isProgram = header.type === ET.ET_EXEC || header.type === ET.ET_DYN
    return isProgram ? {segments: [], malformed: {offset, reason}} : {segments: []}
  }
  if (header.phentsize !== size) {
    return none(wide ? 54 : 42, `e_phentsize is ${header.phentsize}, expected ${size}`)
  }
  const length = header.phnum * size
  if (length > PHDR_TABLE_LIMIT)
    return none(wide ? 56 : 44, `${header.phnum} program headers, more than the kernel takes`)
  const offset = exactNumber(header.phoff)
  if (offset === undefined) return none(wide ? 32 : 28, `e_phoff is ${header.phoff}, beyond any file`)
  const table = await readRange(file, offset, length)
  if (!table) return none(offset, `${header.phnum} program headers at ${offset}, the file ends at ${file.size}`)
  return decodeSegments(table, header, offset)
}

/**
 *     Elf64_Phdr: u32 p_type, p_flags; u64 p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_align
 *     Elf32_Phdr: u32 p_type, p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_flags, p_align
 */
function decodeSegments(table: Uint8Array, header: ElfHeader, tableOffset: number): SegmentTable {
  const view = byteView(table, header.data)
  const wide = header.class === 64
  const width = wide ? 8 : 4
  const word = (at: number) => (wide ? view.u64(at) : BigInt(view.u32(at)))
  const segments: Segment[] = []
  let malformed: Malformed | undefined
  for (let at = 0; at < view.length; at += PHDR_SIZE[header.class]) {
    const words = at + (wide ? 8 : 4)
    const exact = (name: string, position: number): number => {
      const value = word(position)
      const number = exactNumber(value)
      if (number !== undefined) return number
      malformed ??= {offset: tableOffset + position, reason: `${name} is ${value}, beyond any file`}
      return Number.MAX_SAFE_INTEGER
    }
    segments.push({
      type: view.u32(at),
      flags: view.u32(wide ? at + 4 : at + 24),
      offset: exact('p_offset', words),
      vaddr: word(words + width),
      paddr: word(words + 2 * width),
      filesz: exact('p_filesz', words + 3 * width),
      memsz: word(words + 4 * width),
      align: word(wide ? at + 48 : at + 28),
    })
  }
  return malformed ? {segments, malformed} : {segments}
}
