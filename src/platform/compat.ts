import type {ByteOrder} from '../lib/byte-view.ts'
import {type ElfClass, EM} from './machine.ts'
import {normalisePlatform} from './normalise.ts'
import type {Platform} from './platform.ts'

/** A program that is not a platform's own and that some kernels of it start all the same. */
export interface CompatRule {
  /** `e_machine` numbers. */
  readonly machines: readonly number[]
  readonly class: ElfClass
  readonly data: ByteOrder
  /** Only these e_flags: (flags & mask) is, or is not, this. */
  readonly flags?: {readonly mask: number; readonly is?: number; readonly isNot?: number}
  /** What to call the ABI where the machine's name is not enough. */
  readonly name?: string
  /** `warning`: the platform's usual kernels run it. `error`: they do not, though some kernel may. */
  readonly level: 'warning' | 'error'
  /** The level of a program that starts, where it is graver than that of a file which merely lies there. */
  readonly startLevel?: 'error'
  /** Completes "…, which": what it takes to run. */
  readonly reason: string
}

const EF_ARM_EABIMASK = 0xff000000
/** N32. binutils include/elf/mips.h */
export const EF_MIPS_ABI2 = 0x20

const HOST_64 = 'starts only where the kernel is 64-bit, as a builder usually is'

const MIPS_32 = (data: ByteOrder): readonly CompatRule[] => [
  {
    machines: [EM.EM_MIPS],
    class: 32,
    data,
    flags: {mask: EF_MIPS_ABI2, is: EF_MIPS_ABI2},
    name: 'mips N32',
    level: 'warning',
    reason: 'needs a kernel with CONFIG_MIPS32_N32',
  },
  {
    machines: [EM.EM_MIPS],
    class: 32,
    data,
    name: 'mips O32',
    level: 'warning',
    reason: 'needs a kernel with CONFIG_MIPS32_O32',
  },
]

/**
 * By GOARCH of the platform; the first rule that fits counts. Sources: each architecture's compat_elf_check_arch and
 * Kconfig in Linux 7.2, as the project's facts/executables.md §2.3 collects them.
 */
const COMPAT: Readonly<Record<string, readonly CompatRule[]>> = {
  '386': [{machines: [EM.EM_X86_64], class: 64, data: 'little', level: 'error', reason: HOST_64}],
  amd64: [
    {
      machines: [EM.EM_386, EM.EM_486],
      class: 32,
      data: 'little',
      level: 'warning',
      // arch/x86/Kconfig; SLES 16 and SLE Micro switch it off.
      reason: 'needs a kernel with CONFIG_IA32_EMULATION, which some distributions disable',
    },
    {
      machines: [EM.EM_X86_64],
      class: 32,
      data: 'little',
      level: 'error',
      reason: 'needs a kernel with CONFIG_X86_X32_ABI, which distributions leave off',
    },
  ],
  arm: [{machines: [EM.EM_AARCH64], class: 64, data: 'little', level: 'error', reason: HOST_64}],
  arm64: [
    {
      machines: [EM.EM_ARM],
      class: 32,
      data: 'little',
      flags: {mask: EF_ARM_EABIMASK, isNot: 0},
      level: 'warning',
      startLevel: 'error',
      // arch/arm64/kernel/process.c compat_elf_check_arch, arch/arm64/Kconfig COMPAT; Arm's Neoverse V2 and N3,
      // Ampere's AmpereOne and Apple's processors have no AArch32 at EL0.
      reason:
        'needs a processor with AArch32 (Graviton4, AmpereOne and Apple silicon lack it) and a kernel with CONFIG_COMPAT',
    },
    {
      machines: [EM.EM_ARM],
      class: 32,
      data: 'little',
      name: 'arm (OABI)',
      level: 'error',
      reason: 'no arm64 kernel runs: compat_elf_check_arch takes the EABI only',
    },
  ],
  mips: [{machines: [EM.EM_MIPS], class: 64, data: 'big', level: 'error', reason: HOST_64}],
  mipsle: [{machines: [EM.EM_MIPS], class: 64, data: 'little', level: 'error', reason: HOST_64}],
  mips64: MIPS_32('big'),
  mips64le: MIPS_32('little'),
  ppc: [{machines: [EM.EM_PPC64], class: 64, data: 'big', level: 'error', reason: HOST_64}],
  ppc64: [
    {machines: [EM.EM_PPC], class: 32, data: 'big', level: 'warning', reason: 'needs a kernel with CONFIG_COMPAT'},
  ],
  ppc64le: [
    {
      machines: [EM.EM_PPC],
      class: 32,
      data: 'little',
      level: 'error',
      reason: 'needs a kernel with CONFIG_COMPAT, which is off by default on little-endian',
    },
  ],
  riscv64: [
    {
      machines: [EM.EM_RISCV],
      class: 32,
      data: 'little',
      level: 'error',
      reason: 'needs a kernel with CONFIG_COMPAT and a processor that switches to 32 bits, which hardly any does',
    },
  ],
  s390x: [
    {
      machines: [EM.EM_S390],
      class: 32,
      data: 'big',
      level: 'error',
      reason: 'needs a kernel with CONFIG_COMPAT, which Linux 6.19 removed',
    },
  ],
  sparc64: [
    {
      machines: [EM.EM_SPARC, EM.EM_SPARC32PLUS],
      class: 32,
      data: 'big',
      level: 'warning',
      reason: 'needs a kernel with CONFIG_COMPAT',
    },
  ],
}

/** What else than a platform's own programs its kernels may start, and why one should not count on it. */
export function compatRules(platform: Platform): readonly CompatRule[] {
  const {os, architecture} = normalisePlatform(platform)
  if (os !== 'linux' || !Object.hasOwn(COMPAT, architecture)) return []
  return COMPAT[architecture] ?? []
}
