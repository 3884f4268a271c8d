import type {ElfIdentity, Identity, Verdict} from '../binary/index.ts'
import {type ElfClass, type Platform, programTarget} from '../platform/index.ts'
import type {Obstacle} from './steps.ts'

const EHDR_SIZE: Readonly<Record<ElfClass, number>> = {32: 52, 64: 64}
const PHDR_SIZE: Readonly<Record<ElfClass, number>> = {32: 32, 64: 56}
/** fs/binfmt_elf.c load_elf_phdrs: ELF_MIN_ALIGN is not asked, this is. */
const PHDR_TABLE_LIMIT = 65536
const ET_EXEC = 2
const ET_DYN = 3
const PT_LOAD = 1

/** What load_elf_binary() makes of the file that PT_INTERP names. */
export interface LoaderJudgement {
  readonly verdict: Verdict
  readonly obstacle?: Obstacle
}

/**
 * The kernel's checks of a program's loader (fs/binfmt_elf.c load_elf_binary, load_elf_interp), in their order. It must be of
 * the class and machine that the program is started as: an i386 program on amd64 wants an i386 loader. What fails after the
 * point of no return kills the process. `size` is the file's, in bytes.
 */
export function judgeLoader(loader: Identity, program: ElfIdentity, size: number, platform: Platform): LoaderJudgement {
  const {class: elfClass, data, machine} = program.header
  if (size < EHDR_SIZE[elfClass]) return refuse('EIO', `${size} bytes, shorter than an ELF header`)
  if (loader.kind !== 'elf') return refuse('ELIBBAD', `no ELF file (${loader.kind})`)
  const header = readHeader(loader.head, elfClass, data)
  const target = programTarget(platform)
  const native = target !== undefined && isOf(machine, target) && target.class === elfClass
  const sameMachine = native
    ? isOf(header.machine, target)
    : header.machine === machine || bothI386(header.machine, machine)
  const sameClass = !(native && target.checksClass) || loader.head[4] === (elfClass === 64 ? 2 : 1)
  if (!sameMachine || !sameClass || header.phentsize !== PHDR_SIZE[elfClass]) {
    return foreign(loader.machine, native ? target.name : program.machine)
  }
  const table = header.phnum * PHDR_SIZE[elfClass]
  if (table === 0) return refuse('ELIBBAD', 'it has no program headers')
  if (table > PHDR_TABLE_LIMIT || header.phoff + BigInt(table) > BigInt(size)) {
    return refuse('ELIBBAD', 'its program headers cannot be read')
  }
  if (header.type !== ET_EXEC && header.type !== ET_DYN) return crash(`it is no program (e_type ${header.type})`)
  if (!loader.segments.some(({type}) => type === PT_LOAD)) return crash('it has no segment to load')
  return {verdict: {fit: 'native'}}
}

/** The fields that the kernel reads, as it reads them: in its own layout and byte order, whatever `e_ident` says. */
function readHeader(head: Uint8Array, elfClass: ElfClass, data: 'little' | 'big') {
  const padded = new Uint8Array(EHDR_SIZE[64])
  padded.set(head.subarray(0, EHDR_SIZE[64]))
  const view = new DataView(padded.buffer)
  const little = data === 'little'
  const tail = elfClass === 64 ? 54 : 42
  return {
    type: view.getUint16(16, little),
    machine: view.getUint16(18, little),
    phoff: elfClass === 64 ? view.getBigUint64(32, little) : BigInt(view.getUint32(28, little)),
    phentsize: view.getUint16(tail, little),
    phnum: view.getUint16(tail + 2, little),
  }
}

const EM_386 = 3
const EM_486 = 6

function isOf(machine: number, target: {readonly machine: number; readonly alternates: readonly number[]}): boolean {
  return machine === target.machine || target.alternates.includes(machine)
}

function bothI386(a: number, b: number): boolean {
  return (a === EM_386 || a === EM_486) && (b === EM_386 || b === EM_486)
}

function refuse(errno: 'EIO' | 'ELIBBAD', reason: string): LoaderJudgement {
  return {verdict: {fit: 'refused', errno, reason}, obstacle: {kind: 'refused', errno, reason}}
}

function foreign(actual: string, expected: string): LoaderJudgement {
  const reason = `${actual}, expected ${expected}`
  return {verdict: {fit: 'foreign', actual, expected}, obstacle: {kind: 'refused', errno: 'ELIBBAD', reason}}
}

function crash(reason: string): LoaderJudgement {
  const signal = 'SIGSEGV'
  return {verdict: {fit: 'crashes', signal, reason}, obstacle: {kind: 'crashes', signal, reason}}
}
