import {exactNumber, readRange} from '../../lib/byte-view.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import type {Malformed} from '../problem.ts'
import {ET, PHDR_SIZE, PHDR_TABLE_LIMIT, PT} from './constants.ts'
import type {ElfHeader, Segment} from './types.ts'

/** Program headers, and the first thing about them that makes no sense. */
export interface SegmentTable {
  readonly segments: readonly Segment[]
  readonly malformed?: Malformed
  /** p_offset of the first PT_INTERP as it stands, where its segment cannot give it. */
  readonly interpreterOffset?: bigint
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
    // What is not a program is not refused for its program headers.
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
 * Straight reads of a DataView, without a word for each field: this is most of what a
 * first look at an image's files costs.
 */
function decodeSegments(table: Uint8Array, header: ElfHeader, tableOffset: number): SegmentTable {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength)
  const little = header.data === 'little'
  const segments: Segment[] = []
  for (let at = 0; at < table.length; at += PHDR_SIZE[header.class]) {
    segments.push(header.class === 64 ? decodePhdr64(view, at, little) : decodePhdr32(view, at, little))
  }
  const malformed = header.class === 64 ? findInexact(view, segments, little, tableOffset) : undefined
  if (!malformed) return {segments}
  const index = segments.findIndex(({type}) => type === PT.PT_INTERP)
  const clamped = segments[index]?.offset === Number.MAX_SAFE_INTEGER
  const interpreterOffset = clamped ? {interpreterOffset: view.getBigUint64(index * PHDR_SIZE[64] + 8, little)} : {}
  return {segments, malformed, ...interpreterOffset}
}

/** Elf64_Phdr: u32 p_type, p_flags; u64 p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_align. */
function decodePhdr64(view: DataView, at: number, little: boolean): Segment {
  return {
    type: view.getUint32(at, little),
    flags: view.getUint32(at + 4, little),
    offset: clampedU64(view, at + 8, little),
    vaddr: view.getBigUint64(at + 16, little),
    paddr: view.getBigUint64(at + 24, little),
    filesz: clampedU64(view, at + 32, little),
    memsz: view.getBigUint64(at + 40, little),
    align: view.getBigUint64(at + 48, little),
  }
}

/** Elf32_Phdr: u32 p_type, p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_flags, p_align. */
function decodePhdr32(view: DataView, at: number, little: boolean): Segment {
  return {
    type: view.getUint32(at, little),
    flags: view.getUint32(at + 24, little),
    offset: view.getUint32(at + 4, little),
    vaddr: BigInt(view.getUint32(at + 8, little)),
    paddr: BigInt(view.getUint32(at + 12, little)),
    filesz: view.getUint32(at + 16, little),
    memsz: BigInt(view.getUint32(at + 20, little)),
    align: BigInt(view.getUint32(at + 28, little)),
  }
}

/** A u64 as a number; beyond 2^53 - 1 that very number, which is past the end of every file. */
function clampedU64(view: DataView, at: number, little: boolean): number {
  const high = view.getUint32(little ? at + 4 : at, little)
  const low = view.getUint32(little ? at : at + 4, little)
  return high < 2 ** 21 ? high * 2 ** 32 + low : Number.MAX_SAFE_INTEGER
}

/** The first p_offset or p_filesz that was clamped. */
function findInexact(
  view: DataView,
  segments: readonly Segment[],
  little: boolean,
  tableOffset: number,
): Malformed | undefined {
  const index = segments.findIndex(
    ({offset, filesz}) => offset === Number.MAX_SAFE_INTEGER || filesz === Number.MAX_SAFE_INTEGER,
  )
  if (index < 0) return undefined
  const [name, within] = segments[index]?.offset === Number.MAX_SAFE_INTEGER ? ['p_offset', 8] : ['p_filesz', 32]
  const at = index * PHDR_SIZE[64] + Number(within)
  return {offset: tableOffset + at, reason: `${name} is ${view.getBigUint64(at, little)}, beyond any file`}
}
