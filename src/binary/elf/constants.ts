import {LIMITS} from '../../lib/limits.ts'

/** Named as in https://gabi.xinuos.com/elf/ and Linux include/uapi/linux/elf.h. */

export const ELF_MAGIC = [0x7f, 0x45, 0x4c, 0x46] as const

/** Elf32_Ehdr and Elf64_Ehdr, in bytes. */
export const EHDR_SIZE = {32: 52, 64: 64} as const
/** Elf32_Phdr and Elf64_Phdr, in bytes: the only e_phentsize that the kernel takes. */
export const PHDR_SIZE = {32: 32, 64: 56} as const
/** Elf32_Shdr and Elf64_Shdr, in bytes. */
export const SHDR_SIZE = {32: 40, 64: 64} as const

export const ELFCLASS = {32: 1, 64: 2} as const
export const ELFDATA = {little: 1, big: 2} as const
export const EV_CURRENT = 1

export const ET = {ET_NONE: 0, ET_REL: 1, ET_EXEC: 2, ET_DYN: 3, ET_CORE: 4} as const

export const PT = {
  PT_NULL: 0,
  PT_LOAD: 1,
  PT_DYNAMIC: 2,
  PT_INTERP: 3,
  PT_NOTE: 4,
  PT_PHDR: 6,
  PT_TLS: 7,
  PT_GNU_EH_FRAME: 0x6474e550,
  PT_GNU_STACK: 0x6474e551,
  PT_GNU_RELRO: 0x6474e552,
  PT_GNU_PROPERTY: 0x6474e553,
  /** Each processor's own: PT_MIPS_REGINFO, PT_RISCV_ATTRIBUTES, PT_MIPS_ABIFLAGS. */
  PT_MIPS_REGINFO: 0x70000000,
  PT_ARM_EXIDX: 0x70000001,
  PT_RISCV_ATTRIBUTES: 0x70000003,
  PT_MIPS_ABIFLAGS: 0x70000003,
} as const

export const PF = {PF_X: 1, PF_W: 2, PF_R: 4} as const

/**
 * EI_OSABI values that Linux programs carry: ELFOSABI_NONE, ELFOSABI_GNU, and on
 * arm ELFOSABI_ARM_AEABI, …_FDPIC, …_ARM.
 */
export const ELFOSABI = {
  ELFOSABI_NONE: 0,
  ELFOSABI_NETBSD: 2,
  ELFOSABI_GNU: 3,
  ELFOSABI_SOLARIS: 6,
  ELFOSABI_FREEBSD: 9,
  ELFOSABI_OPENBSD: 12,
  ELFOSABI_ARM_AEABI: 64,
  ELFOSABI_ARM_FDPIC: 65,
  ELFOSABI_ARM: 97,
} as const

/**
 * fs/binfmt_elf.c load_elf_phdrs: `if (size == 0 || size > 65536)`. Also the most that we allocate for program headers.
 */
export const PHDR_TABLE_LIMIT = LIMITS['elf-program-header-bytes'].most
/** PATH_MAX: fs/binfmt_elf.c refuses a longer PT_INTERP. */
export const INTERP_LIMIT = LIMITS['elf-interpreter-bytes'].most

/**
 * The dynamic table. https://gabi.xinuos.com/elf/08-dynamic.html; the high ones are Sun's and GNU's (glibc elf/elf.h).
 */
export const DT = {
  DT_NULL: 0,
  DT_NEEDED: 1,
  DT_PLTRELSZ: 2,
  DT_HASH: 4,
  DT_STRTAB: 5,
  DT_SYMTAB: 6,
  DT_RELA: 7,
  DT_RELASZ: 8,
  DT_STRSZ: 10,
  DT_SONAME: 14,
  DT_RPATH: 15,
  DT_REL: 17,
  DT_RELSZ: 18,
  DT_PLTREL: 20,
  DT_JMPREL: 23,
  DT_BIND_NOW: 24,
  DT_RUNPATH: 29,
  DT_FLAGS: 30,
  DT_RELR: 36,
  DT_GNU_HASH: 0x6ffffef5,
  DT_VERSYM: 0x6ffffff0,
  DT_FLAGS_1: 0x6ffffffb,
  DT_VERDEF: 0x6ffffffc,
  DT_VERDEFNUM: 0x6ffffffd,
  DT_VERNEED: 0x6ffffffe,
  DT_VERNEEDNUM: 0x6fffffff,
} as const

/** Bits of DT_FLAGS_1. */
export const DF_1 = {DF_1_NOW: 0x1, DF_1_NODEFLIB: 0x800, DF_1_PIE: 0x0800_0000} as const

/** A bit of DT_FLAGS. */
export const DF_BIND_NOW = 0x8

/**
 * Flags of Verdef and Vernaux.
 * https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html
 */
export const VER_FLG = {VER_FLG_BASE: 1, VER_FLG_WEAK: 2} as const

export const SHT = {SHT_NULL: 0, SHT_STRTAB: 3, SHT_NOBITS: 8, SHT_ARM_ATTRIBUTES: 0x70000003} as const

/** Notes by owner `GNU`. */
export const NT_GNU = {NT_GNU_ABI_TAG: 1, NT_GNU_BUILD_ID: 3, NT_GNU_PROPERTY_TYPE_0: 5} as const

/** binutils include/elf/common.h */
export const GNU_PROPERTY = {
  GNU_PROPERTY_AARCH64_FEATURE_1_AND: 0xc0000000,
  GNU_PROPERTY_X86_ISA_1_NEEDED: 0xc0008002,
  GNU_PROPERTY_X86_ISA_1_USED: 0xc0010002,
} as const
