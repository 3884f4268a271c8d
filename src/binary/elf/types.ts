import type {ByteOrder, ElfClass} from '../../platform/index.ts'
import type {ExecErrno, Malformed} from '../problem.ts'

/** Bytes 4 to 8 of `e_ident`, as they stand. */
export interface ElfIdent {
  readonly class: number
  readonly data: number
  readonly version: number
  readonly osabi: number
  readonly abiversion: number
}

/** Elf32_Ehdr or Elf64_Ehdr. https://gabi.xinuos.com/elf/02-eheader.html */
export interface ElfHeader {
  /**
   * The layout and byte order it was read with: what `e_ident` says where that makes
   * sense, else what the rest makes of it.
   */
  readonly class: ElfClass
  readonly data: ByteOrder
  readonly ident: ElfIdent
  readonly type: number
  readonly machine: number
  readonly version: number
  readonly entry: bigint
  readonly phoff: bigint
  readonly shoff: bigint
  readonly flags: number
  readonly ehsize: number
  readonly phentsize: number
  readonly phnum: number
  readonly shentsize: number
  readonly shnum: number
  readonly shstrndx: number
}

/** Elf32_Phdr or Elf64_Phdr. Addresses may be anything; offsets and sizes (bytes) are known to be exact numbers. */
export interface Segment {
  readonly type: number
  /** PF_X 1, PF_W 2, PF_R 4. */
  readonly flags: number
  readonly offset: number
  readonly vaddr: bigint
  readonly paddr: bigint
  readonly filesz: number
  readonly memsz: bigint
  readonly align: bigint
}

/** The first PT_INTERP, as fs/binfmt_elf.c reads it. */
export interface Interpreter {
  /**
   * The bytes up to the first NUL; may be relative (then to the working directory) or empty. Empty where it is refused.
   */
  readonly path: string
  /** p_filesz, in bytes. */
  readonly size: number
  /** Why the kernel refuses the program for it, before it looks for the file. */
  readonly refused?: {readonly errno: ExecErrno; readonly reason: string}
}

export interface ElfIdentity {
  readonly kind: 'elf'
  readonly header: ElfHeader
  /** `x86-64`, `ppc64le`: machine, class and byte order in one word. */
  readonly machine: string
  readonly segments: readonly Segment[]
  readonly interpreter?: Interpreter
  /**
   * What `e_ident` says wrongly. The kernel does not look; libraries are refused for it, and emulators do not match it.
   */
  readonly identProblems: readonly string[]
  /** The first place where the file stops making sense; what is given above was read before it. */
  readonly malformed?: Malformed
  /** The first bytes (at most 64), for those who must read them in another byte order. */
  readonly head: Uint8Array
  /** Of the file, in bytes. */
  readonly size: number
}
