import type {ByteOrder} from '../lib/byte-view.ts'

/**
 * `e_machine`, as the ELF specification names it. https://gabi.xinuos.com/elf/a-emachine.html
 * and Linux include/uapi/linux/elf-em.h
 */
export const EM = {
  EM_NONE: 0,
  EM_SPARC: 2,
  EM_386: 3,
  EM_68K: 4,
  EM_486: 6,
  EM_MIPS: 8,
  EM_MIPS_RS3_LE: 10,
  EM_PARISC: 15,
  EM_SPARC32PLUS: 18,
  EM_PPC: 20,
  EM_PPC64: 21,
  EM_S390: 22,
  EM_ARM: 40,
  EM_SH: 42,
  EM_SPARCV9: 43,
  EM_IA_64: 50,
  EM_X86_64: 62,
  EM_AVR: 83,
  EM_OPENRISC: 92,
  EM_ARC_COMPACT: 93,
  EM_XTENSA: 94,
  EM_MSP430: 105,
  EM_ALTERA_NIOS2: 113,
  EM_HEXAGON: 164,
  EM_AARCH64: 183,
  EM_MICROBLAZE: 189,
  EM_CUDA: 190,
  EM_ARC_COMPACT2: 195,
  EM_AMDGPU: 224,
  EM_RISCV: 243,
  EM_BPF: 247,
  EM_CSKY: 252,
  EM_LOONGARCH: 258,
  /** Alpha before it had a number of its own; still what Linux uses. */
  EM_ALPHA: 0x9026,
  /** s390x before it had a number of its own; arch/s390/include/asm/elf.h takes both. */
  EM_S390_OLD: 0xa390,
} as const

/** Bits of an ELF file's class: ELFCLASS32 or ELFCLASS64. */
export type ElfClass = 32 | 64

interface Names {
  readonly 32: string
  readonly 64: string
  /** Where the other byte order has a name of its own. */
  readonly little?: {readonly 32: string; readonly 64: string}
  readonly big?: {readonly 32: string; readonly 64: string}
}

const both = (name: string): Names => ({32: name, 64: name})

const NAMES: ReadonlyMap<number, Names> = new Map<number, Names>([
  [EM.EM_NONE, both('no machine')],
  [EM.EM_SPARC, both('sparc')],
  [EM.EM_386, both('i386')],
  [EM.EM_68K, both('m68k')],
  [EM.EM_486, both('i386')],
  [EM.EM_MIPS, {32: 'mips', 64: 'mips64', little: {32: 'mipsel', 64: 'mips64el'}}],
  [EM.EM_MIPS_RS3_LE, both('mipsel (RS3000)')],
  [EM.EM_PARISC, {32: 'hppa', 64: 'hppa64'}],
  [EM.EM_SPARC32PLUS, both('sparc')],
  [EM.EM_PPC, {32: 'ppc', 64: 'ppc', little: both('ppcle')}],
  [EM.EM_PPC64, {32: 'ppc64', 64: 'ppc64', little: both('ppc64le')}],
  [EM.EM_S390, {32: 's390', 64: 's390x'}],
  [EM.EM_S390_OLD, both('s390x')],
  [EM.EM_ARM, {32: 'arm', 64: 'arm', big: both('armeb')}],
  [EM.EM_SH, both('sh')],
  [EM.EM_SPARCV9, both('sparc64')],
  [EM.EM_IA_64, both('ia64')],
  [EM.EM_X86_64, {32: 'x32', 64: 'x86-64'}],
  [EM.EM_AVR, both('avr')],
  [EM.EM_OPENRISC, both('or1k')],
  [EM.EM_ARC_COMPACT, both('arc')],
  [EM.EM_ARC_COMPACT2, both('arc')],
  [EM.EM_XTENSA, both('xtensa')],
  [EM.EM_MSP430, both('msp430')],
  [EM.EM_ALTERA_NIOS2, both('nios2')],
  [EM.EM_HEXAGON, both('hexagon')],
  [EM.EM_AARCH64, {32: 'aarch64 (ILP32)', 64: 'aarch64', big: {32: 'aarch64_be (ILP32)', 64: 'aarch64_be'}}],
  [EM.EM_MICROBLAZE, {32: 'microblaze', 64: 'microblaze', little: both('microblazeel')}],
  [EM.EM_CUDA, both('CUDA')],
  [EM.EM_AMDGPU, both('AMD GPU')],
  [EM.EM_RISCV, {32: 'riscv32', 64: 'riscv64'}],
  [EM.EM_BPF, both('BPF')],
  [EM.EM_CSKY, both('csky')],
  [EM.EM_LOONGARCH, {32: 'loongarch32', 64: 'loongarch64'}],
  [EM.EM_ALPHA, both('alpha')],
])

/**
 * What people call a machine: `x86-64`, `aarch64`, `ppc64le`, `mips64el`;
 * `machine 0x1234` where the number has no name here.
 */
export function machineName(machine: number, elfClass: ElfClass, data: ByteOrder): string {
  const names = NAMES.get(machine)
  if (!names) return `machine 0x${machine.toString(16)}`
  return (names[data] ?? names)[elfClass]
}
