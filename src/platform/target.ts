import type {ByteOrder} from '../lib/byte-view.ts'
import {type ElfClass, EM, machineName} from './machine.ts'
import {normalisePlatform} from './normalise.ts'
import type {Platform} from './platform.ts'

/** What the programs of a Linux platform must be, for its kernel's own ELF loader. */
export interface ProgramTarget {
  /** `e_machine`. */
  readonly machine: number
  /** Other numbers that the kernel takes for the same machine: EM_486, 0xA390. */
  readonly alternates: readonly number[]
  readonly class: ElfClass
  readonly data: ByteOrder
  /** What people call it: `aarch64`. */
  readonly name: string
  /** Whether the kernel looks at EI_CLASS; else only e_phentsize tells the class. */
  readonly checksClass: boolean
}

function target(
  machine: number,
  elfClass: ElfClass,
  data: ByteOrder,
  more: {readonly alternates?: readonly number[]; readonly checksClass?: boolean} = {},
): ProgramTarget {
  return {
    machine,
    alternates: more.alternates ?? [],
    class: elfClass,
    data,
    name: machineName(machine, elfClass, data),
    checksClass: more.checksClass ?? false,
  }
}

/**
 * The Linux ports by GOARCH (Go src/internal/platform/zosarch.go) with each kernel's `elf_check_arch`
 * (Linux 7.2 arch/…/include/asm/elf.h). riscv, s390, mips and loongarch alone look at EI_CLASS.
 */
const LINUX_TARGETS: Readonly<Record<string, ProgramTarget>> = {
  '386': target(EM.EM_386, 32, 'little', {alternates: [EM.EM_486]}),
  amd64: target(EM.EM_X86_64, 64, 'little'),
  arm: target(EM.EM_ARM, 32, 'little'),
  arm64: target(EM.EM_AARCH64, 64, 'little'),
  loong64: target(EM.EM_LOONGARCH, 64, 'little', {checksClass: true}),
  mips: target(EM.EM_MIPS, 32, 'big', {checksClass: true}),
  mips64: target(EM.EM_MIPS, 64, 'big', {checksClass: true}),
  mips64le: target(EM.EM_MIPS, 64, 'little', {checksClass: true}),
  mipsle: target(EM.EM_MIPS, 32, 'little', {checksClass: true}),
  ppc: target(EM.EM_PPC, 32, 'big'),
  ppc64: target(EM.EM_PPC64, 64, 'big'),
  ppc64le: target(EM.EM_PPC64, 64, 'little'),
  riscv64: target(EM.EM_RISCV, 64, 'little', {checksClass: true}),
  s390x: target(EM.EM_S390, 64, 'big', {alternates: [EM.EM_S390_OLD], checksClass: true}),
  sparc64: target(EM.EM_SPARCV9, 64, 'big'),
}

/** What a platform's programs must be; undefined for an architecture that is not in the table and for all but linux. */
export function programTarget(platform: Platform): ProgramTarget | undefined {
  const {os, architecture} = normalisePlatform(platform)
  return os === 'linux' && Object.hasOwn(LINUX_TARGETS, architecture) ? LINUX_TARGETS[architecture] : undefined
}

/** The architectures that programTarget knows, as a platform names them. */
export const LINUX_ARCHITECTURES: readonly string[] = Object.keys(LINUX_TARGETS)
