import {type ElfClass, type Platform, programTarget} from '../platform/index.ts'
import {describe} from './describe.ts'
import {EHDR_SIZE, ELFCLASS, ET, PHDR_SIZE, PT} from './elf/constants.ts'
import {decodeHeader} from './elf/header.ts'
import {hasSegments} from './elf/load.ts'
import type {ElfHeader, ElfIdentity} from './elf/types.ts'
import type {Identity} from './identity.ts'
import {startedMachines} from './judge.ts'
import {unlikeName} from './unlike-name.ts'
import type {Verdict} from './verdict.ts'

/**
 * What the kernel says of the file that a program's PT_INTERP names, once it is opened: fs/binfmt_elf.c load_elf_binary
 * from `interp_elf_ex` on, in its order. It must be ELF (a script is not a loader), of the machine and class that the
 * program is started as: an i386 program on amd64 wants an i386 loader. What fails after the point of no return kills
 * the process. Whatever is `foreign` here is ELIBBAD. `size`: the loader's, in bytes.
 */
export function judgeLoader(loader: Identity, program: ElfIdentity, size: number, platform: Platform): Verdict {
  const {class: elfClass, data} = program.header
  if (size < EHDR_SIZE[elfClass]) return refuse('EIO', `the loader has ${size} bytes, fewer than an ELF header`)
  if (loader.kind !== 'elf') return refuse('ELIBBAD', `the loader is not an ELF file: ${describe(loader)}`)
  const header = decodeHeader(loader.head, elfClass, data)
  if (!startedMachines(program, platform).includes(header.machine) || !isOfClass(header, loader, elfClass, platform)) {
    return {
      fit: 'foreign',
      expected: program.machine,
      actual: unlikeName(loader, program.machine),
      reason: 'execve fails with ELIBBAD',
    }
  }
  if (!hasSegments(header, size))
    return refuse('ELIBBAD', loader.malformed?.reason ?? 'the loader has no program headers')
  const isProgram = header.type === ET.ET_EXEC || header.type === ET.ET_DYN
  if (!isProgram || !loader.segments.some(({type}) => type === PT.PT_LOAD)) {
    return {fit: 'crashes', signal: 'SIGSEGV', reason: `the loader cannot be loaded: ${describe(loader)}`}
  }
  return {fit: 'native'}
}

/**
 * Few kernels look at EI_CLASS (ProgramTarget.checksClass); for the others e_phentsize alone gives another class away.
 */
function isOfClass(header: ElfHeader, loader: ElfIdentity, elfClass: ElfClass, platform: Platform): boolean {
  const target = programTarget(platform)
  if (target?.checksClass && target.class === elfClass && header.ident.class !== ELFCLASS[elfClass]) return false
  return header.phentsize === PHDR_SIZE[elfClass] || loader.header.class === elfClass
}

function refuse(errno: 'EIO' | 'ELIBBAD', reason: string): Verdict {
  return {fit: 'refused', errno, reason}
}
