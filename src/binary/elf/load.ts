import {EM} from '../../platform/index.ts'
import {ET, PF, PHDR_SIZE, PHDR_TABLE_LIMIT, PT} from './constants.ts'
import type {ElfHeader, ElfIdentity, Segment} from './types.ts'

/**
 * load_elf_binary and load_elf_phdrs, for a loader of one class: type, machine, and program headers that can be read.
 */
export function isLoadable(header: ElfHeader, size: number, machines: readonly number[]): boolean {
  const isProgram = header.type === ET.ET_EXEC || header.type === ET.ET_DYN
  return isProgram && machines.includes(header.machine) && hasSegments(header, size)
}

/**
 * load_elf_phdrs: between one and 64 KiB of program headers of the right size, all in
 * the file. `size`: the file's, in bytes.
 */
export function hasSegments(header: ElfHeader, size: number): boolean {
  const length = header.phnum * PHDR_SIZE[header.class]
  return (
    header.phentsize === PHDR_SIZE[header.class] &&
    length > 0 &&
    length <= PHDR_TABLE_LIMIT &&
    header.phoff + BigInt(length) <= BigInt(size)
  )
}

/** How a program that the kernel takes dies before its first useful instruction. */
export interface Crash {
  readonly signal: 'SIGSEGV' | 'SIGBUS'
  readonly reason: string
}

/** The smallest page of every Linux port here, in bytes; larger pages are findMisalignedSegment's matter. */
const SMALLEST_PAGE = 4096n

/**
 * Why a program of the right machine dies at once: fs/binfmt_elf.c gives no error number after begin_new_exec, only a
 * signal. Undefined where nothing says so. Only for what is to start, not for libraries.
 */
export function findCrash(elf: ElfIdentity): Crash | undefined {
  const loads = elf.segments.filter(({type}) => type === PT.PT_LOAD)
  if (loads.length === 0) return {signal: 'SIGSEGV', reason: 'it has no PT_LOAD: there is nothing to map'}
  for (const load of loads) {
    if (BigInt(load.filesz) > load.memsz) {
      return {signal: 'SIGSEGV', reason: `a PT_LOAD at ${load.offset} has more in the file than in memory`}
    }
    // elf_load maps nothing of the file where p_filesz is 0.
    if (load.filesz > 0 && (BigInt(load.offset) - load.vaddr) % SMALLEST_PAGE !== 0n) {
      return {
        signal: 'SIGSEGV',
        reason: `a PT_LOAD at ${load.offset} cannot be mapped: offset and address differ within the page`,
      }
    }
  }
  return findBadEntry(elf, loads) ?? findTruncation(elf, loads)
}

function findBadEntry(elf: ElfIdentity, loads: readonly Segment[]): Crash | undefined {
  const {header} = elf
  if (header.entry === 0n && header.type === ET.ET_DYN && !elf.interpreter) {
    return {signal: 'SIGSEGV', reason: 'it is a shared library, not a program: no entry point and no loader'}
  }
  const home = loads.find(load => header.entry >= load.vaddr && header.entry < load.vaddr + load.memsz)
  if (!home) return {signal: 'SIGSEGV', reason: `its entry point 0x${header.entry.toString(16)} is in no segment`}
  // Elsewhere the kernel may make all readable pages executable (elf_read_implies_exec), or
  // the entry is a function descriptor.
  const stack = elf.segments.find(({type}) => type === PT.PT_GNU_STACK)
  const strict = header.class === 64 && (header.machine === EM.EM_X86_64 || header.machine === EM.EM_AARCH64)
  if (strict && stack && (stack.flags & PF.PF_X) === 0 && (home.flags & PF.PF_X) === 0) {
    return {signal: 'SIGSEGV', reason: `its entry point 0x${header.entry.toString(16)} is in a segment without PF_X`}
  }
  return undefined
}

/** Pages that lie wholly behind the file's end cannot be read: SIGBUS at the first touch. */
function findTruncation(elf: ElfIdentity, loads: readonly Segment[]): Crash | undefined {
  const end = loads.reduce((furthest, load) => Math.max(furthest, load.filesz === 0 ? 0 : load.offset + load.filesz), 0)
  const mapped = Math.ceil(elf.size / Number(SMALLEST_PAGE)) * Number(SMALLEST_PAGE)
  if (end <= mapped) return undefined
  return {signal: 'SIGBUS', reason: `it is cut short: its segments reach to byte ${end}, the file ends at ${elf.size}`}
}
