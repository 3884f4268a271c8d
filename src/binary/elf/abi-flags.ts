import {EM} from '../../platform/index.ts'
import type {ElfHeader} from './types.ts'

/** Fields of e_flags by machine: a mask, and what its values mean. Masks in the order in which they are told. */
type Field = readonly [mask: number, meanings: Readonly<Record<number, string>>]

/** binutils include/elf/arm.h, mips.h, ppc64.h, riscv.h, loongarch.h */
const FIELDS: ReadonlyMap<number, readonly Field[]> = new Map<number, readonly Field[]>([
  [
    EM.EM_ARM,
    [
      [0xff000000, {0: 'OABI', 67108864: 'EABI4', 83886080: 'EABI5'}],
      [0x600, {512: 'soft-float', 1024: 'hard-float'}],
      [0x00800000, {8388608: 'BE8'}],
    ],
  ],
  [
    EM.EM_MIPS,
    [
      [0xf000, {4096: 'O32', 8192: 'O64', 12288: 'EABI32', 16384: 'EABI64'}],
      [0x20, {32: 'N32'}],
      [
        0xf0000000,
        {
          0: 'MIPS I',
          268435456: 'MIPS II',
          536870912: 'MIPS III',
          805306368: 'MIPS IV',
          1073741824: 'MIPS V',
          1342177280: 'MIPS32',
          1610612736: 'MIPS64',
          1879048192: 'MIPS32 r2',
          2147483648: 'MIPS64 r2',
          2415919104: 'MIPS32 r6',
          2684354560: 'MIPS64 r6',
        },
      ],
      [0x400, {1024: 'NaN 2008'}],
      [0x200, {512: 'FP64'}],
    ],
  ],
  [EM.EM_PPC64, [[3, {1: 'ELFv1', 2: 'ELFv2'}]]],
  [
    EM.EM_RISCV,
    [
      [1, {1: 'RVC'}],
      [6, {0: 'soft-float', 2: 'single-float', 4: 'double-float', 6: 'quad-float'}],
      [8, {8: 'RVE'}],
      [0x10, {16: 'TSO'}],
    ],
  ],
  [
    EM.EM_LOONGARCH,
    [
      [7, {1: 'soft-float', 2: 'single-float', 3: 'double-float'}],
      [0xc0, {0: 'object ABI v0', 64: 'object ABI v1'}],
    ],
  ],
])

/**
 * What e_flags say of the ABI, in words: `EABI5`, `hard-float`; `O32`, `MIPS32 r2`; `ELFv2`.
 * Empty where a machine has no such flags.
 */
export function describeAbi(header: ElfHeader): readonly string[] {
  return (FIELDS.get(header.machine) ?? []).flatMap(([mask, meanings]) => meanings[(header.flags & mask) >>> 0] ?? [])
}
