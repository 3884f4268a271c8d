import {EM} from '../platform/index.ts'
import {describe} from './describe.ts'
import {EHDR_SIZE, ELFCLASS, ELFDATA, ELFOSABI, ET, EV_CURRENT, PHDR_SIZE} from './elf/constants.ts'
import type {ElfHeader, ElfIdentity} from './elf/types.ts'
import type {Identity} from './identity.ts'

/**
 * What glibc's loader makes of a file that it finds under a needed library's name: it takes it, looks further (another class or
 * machine may lie in the same directories), or gives up with an error. glibc 2.43 elf/dl-load.c open_verify.
 */
export type LibraryVerdict =
  | {readonly outcome: 'loads'}
  | {readonly outcome: 'skipped'; readonly reason: string}
  | {readonly outcome: 'fatal'; readonly reason: string}

/** `loader`: whose kind of library is wanted; the program itself will do. In the order of open_verify. */
export function judgeLibrary(library: Identity, loader: ElfIdentity): LibraryVerdict {
  if (library.kind !== 'elf') {
    return {
      outcome: 'fatal',
      reason: library.kind === 'empty' ? 'file too short' : `invalid ELF header (${describe(library)})`,
    }
  }
  const wanted = loader.header
  const {header} = library
  if (library.size < EHDR_SIZE[wanted.class]) return {outcome: 'fatal', reason: 'file too short'}
  if (header.ident.class !== ELFCLASS[wanted.class])
    return {outcome: 'skipped', reason: `wrong ELF class: ${library.machine}`}
  if (header.ident.data !== ELFDATA[wanted.data]) {
    return {outcome: 'fatal', reason: `ELF file data encoding not ${wanted.data}-endian`}
  }
  if (header.ident.version !== EV_CURRENT) return {outcome: 'fatal', reason: 'ELF file version ident is not 1'}
  const {osabi} = header.ident
  if (osabi !== ELFOSABI.ELFOSABI_NONE && osabi !== ELFOSABI.ELFOSABI_GNU) {
    return {outcome: 'fatal', reason: `ELF file OS ABI invalid (${osabi})`}
  }
  if (header.version !== EV_CURRENT) return {outcome: 'fatal', reason: 'ELF file version is not 1'}
  if (!isSameMachine(header, wanted))
    return {outcome: 'skipped', reason: `${library.machine}, wanted ${loader.machine}`}
  if (header.type !== ET.ET_DYN) return {outcome: 'fatal', reason: `no shared library but ${describe(library)}`}
  if (header.phentsize !== PHDR_SIZE[wanted.class])
    return {outcome: 'fatal', reason: `e_phentsize is ${header.phentsize}`}
  return {outcome: 'loads'}
}

const EF_PPC64_ABI = 3
const EF_RISCV_FLOAT_ABI = 6
const EF_MIPS_ABI2 = 0x20
const EF_MIPS_NAN2008 = 0x400

/** elf_machine_matches_host, sysdeps/…/dl-machine.h: where a machine has several ABIs, e_flags tell them apart. */
function isSameMachine(library: ElfHeader, wanted: ElfHeader): boolean {
  if (library.machine !== wanted.machine) return false
  const same = (mask: number) => (library.flags & mask) === (wanted.flags & mask)
  switch (library.machine) {
    case EM.EM_PPC64:
      return (library.flags & EF_PPC64_ABI) === 0 || same(EF_PPC64_ABI)
    case EM.EM_RISCV:
      return same(EF_RISCV_FLOAT_ABI)
    case EM.EM_MIPS:
      return same(EF_MIPS_ABI2) && same(EF_MIPS_NAN2008)
    default:
      return true
  }
}
