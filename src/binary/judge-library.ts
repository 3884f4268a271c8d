import {EM} from '../platform/index.ts'
import {EHDR_SIZE, ELFCLASS, ELFDATA, ELFOSABI, ET, EV_CURRENT, PHDR_SIZE} from './elf/constants.ts'
import type {ElfHeader, ElfIdentity} from './elf/types.ts'
import type {Identity} from './identity.ts'

/** What a loader looks at in an ELF header: plain data, so that it can be kept. */
export type LinkHeader = Pick<
  ElfHeader,
  'class' | 'data' | 'ident' | 'type' | 'machine' | 'version' | 'flags' | 'phentsize'
>

/** An ELF file as a loader sees it before it looks for others. */
export interface LinkFile {
  readonly kind: 'elf'
  readonly header: LinkHeader
  /** As in ElfIdentity. */
  readonly machine: string
}

/** Whether all of a file's headers are at hand, and not only what a loader looks at before it looks for others. */
export function isWhole(file: LinkFile): file is ElfIdentity {
  return 'segments' in file
}

/** What a loader may meet under a library's name. */
export type LibraryFile = LinkFile | {readonly kind: Exclude<Identity['kind'], 'elf'>}

/**
 * What glibc's loader makes of a file that it finds under a needed library's name: it takes it, looks further (another
 * class or machine may lie in the same directories), or gives up with an error. glibc 2.43 elf/dl-load.c open_verify
 * and _dl_map_object_from_fd. Of what is fatal, `reason` is glibc's own text.
 */
export type LibraryVerdict =
  | {readonly outcome: 'loads'}
  | {readonly outcome: 'skipped'; readonly cause: 'class' | 'machine'; readonly reason: string}
  /**
   * The text stands behind the file's path where it is opened, behind the name that was requested where it is mapped.
   */
  | {readonly outcome: 'fatal'; readonly stage: 'open' | 'map'; readonly reason: string}

/** `wanted`: whose kind of library is wanted; the program itself will do. In the order of open_verify. */
export function judgeLibrary(
  library: LibraryFile,
  {header: wanted, machine}: Omit<LinkFile, 'kind'>,
  size: number,
): LibraryVerdict {
  if (size < EHDR_SIZE[wanted.class]) return fatal('file too short')
  if (library.kind !== 'elf') return fatal('invalid ELF header')
  const {header} = library
  const {ident} = header
  if (ident.class !== ELFCLASS[wanted.class]) {
    const name = ident.class === ELFCLASS[32] ? 'ELFCLASS32' : 'ELFCLASS64'
    return {outcome: 'skipped', cause: 'class', reason: `wrong ELF class: ${name} (${library.machine})`}
  }
  if (ident.data !== ELFDATA[wanted.data]) return fatal(`ELF file data encoding not ${wanted.data}-endian`)
  if (ident.version !== EV_CURRENT) return fatal('ELF file version ident does not match current one')
  if (ident.osabi !== ELFOSABI.ELFOSABI_NONE && ident.osabi !== ELFOSABI.ELFOSABI_GNU) {
    return fatal('ELF file OS ABI invalid')
  }
  if (header.version !== EV_CURRENT) return fatal('ELF file version does not match current one')
  if (!isSameMachine(header, wanted)) {
    return {outcome: 'skipped', cause: 'machine', reason: `it is ${library.machine}, expected ${machine}`}
  }
  if (header.type !== ET.ET_DYN && header.type !== ET.ET_EXEC) return fatal('only ET_DYN and ET_EXEC can be loaded')
  if (header.phentsize !== PHDR_SIZE[wanted.class]) return fatal("ELF file's phentsize not the expected size")
  return header.type === ET.ET_EXEC ? fatal('cannot dynamically load executable', 'map') : {outcome: 'loads'}
}

function fatal(reason: string, stage: 'open' | 'map' = 'open'): LibraryVerdict {
  return {outcome: 'fatal', stage, reason}
}

const EF_PPC64_ABI = 3
const EF_RISCV_FLOAT_ABI = 6
const EF_MIPS_ABI2 = 0x20
const EF_MIPS_NAN2008 = 0x400

/** elf_machine_matches_host, sysdeps/…/dl-machine.h: where a machine has several ABIs, e_flags distinguish them. */
function isSameMachine(library: LinkHeader, wanted: LinkHeader): boolean {
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
