import {EM, type Platform, programTarget} from '../platform/index.ts'
import {describe} from './describe.ts'
import {EHDR_SIZE, ELFCLASS, ET, PT} from './elf/constants.ts'
import {decodeHeader} from './elf/header.ts'
import {hasSegments} from './elf/load.ts'
import type {ElfIdentity} from './elf/types.ts'
import type {Identity} from './identity.ts'
import type {Verdict} from './verdict.ts'

/** Numbers that a kernel takes for the same machine. */
const ALIASES: ReadonlyMap<number, number> = new Map<number, number>([
  [EM.EM_486, EM.EM_386],
  [EM.EM_S390_OLD, EM.EM_S390],
])

/**
 * What the kernel says of the file that a program's PT_INTERP names, once it is opened: fs/binfmt_elf.c load_elf_binary from
 * `interp_elf_ex` on, in its order. It must be ELF (a script is no loader), of the machine and class that the program is started
 * as: an i386 program on amd64 wants an i386 loader. `size`: the loader's, in bytes.
 */
export function judgeLoader(loader: Identity, program: ElfIdentity, size: number, platform: Platform): Verdict {
  const {class: elfClass, data, machine} = program.header
  if (size < EHDR_SIZE[elfClass]) return refuse('EIO', `the loader has ${size} bytes, fewer than an ELF header`)
  if (loader.kind !== 'elf') return refuse('ELIBBAD', `the loader is no ELF file: ${describe(loader)}`)
  const header = decodeHeader(loader.head, elfClass, data)
  const target = programTarget(platform)
  const checksClass = target?.checksClass === true && target.class === elfClass
  const sameClass = loader.header.class === elfClass && (!checksClass || header.ident.class === ELFCLASS[elfClass])
  if (machineOf(header.machine) !== machineOf(machine) || !sameClass) {
    return {fit: 'foreign', expected: program.machine, actual: loader.machine, reason: 'execve fails with ELIBBAD'}
  }
  if (!hasSegments(header, size))
    return refuse('ELIBBAD', loader.malformed?.reason ?? 'the loader has no program headers')
  const isProgram = header.type === ET.ET_EXEC || header.type === ET.ET_DYN
  if (!isProgram || !loader.segments.some(({type}) => type === PT.PT_LOAD)) {
    return {fit: 'crashes', signal: 'SIGSEGV', reason: `the loader cannot be loaded: ${describe(loader)}`}
  }
  return {fit: 'native'}
}

function refuse(errno: 'EIO' | 'ELIBBAD', reason: string): Verdict {
  return {fit: 'refused', errno, reason}
}

function machineOf(machine: number): number {
  return ALIASES.get(machine) ?? machine
}
