import {EF_MIPS_ABI2, EM, type ProgramTarget} from '../../platform/index.ts'
import {ELFOSABI} from './constants.ts'
import type {ElfHeader} from './types.ts'

/** include/uapi/asm/elf.h of arch/arm. */
const EF_ARM_EABIMASK = 0xff000000
const EF_ARM_APCS_26 = 0x08
/** binutils include/elf/mips.h */
const EF_MIPS_ABI = 0xf000
const E_MIPS_ABI_O32 = 0x1000

/**
 * Why an architecture's own `elf_check_arch` refuses a header of the right machine and class; undefined where it takes
 * it. Only what does not depend on the processor: MIPS NaN encodings and FP modes are left out.
 */
export function findAbiRefusal(header: ElfHeader, target: ProgramTarget): string | undefined {
  if (target.machine === EM.EM_ARM) return findArmRefusal(header)
  if (target.machine === EM.EM_MIPS && target.class === 32) return findMipsRefusal(header)
  return undefined
}

/** arch/arm/kernel/elf.c elf_check_arch. */
function findArmRefusal(header: ElfHeader): string | undefined {
  if (header.ident.osabi === ELFOSABI.ELFOSABI_ARM_FDPIC) return 'FDPIC programs need a kernel without MMU'
  if ((header.entry & 1n) === 0n && (header.entry & 3n) !== 0n) return 'e_entry is not aligned to an instruction'
  if ((header.flags & EF_ARM_EABIMASK) === 0 && (header.flags & EF_ARM_APCS_26) !== 0) {
    return 'it uses 26-bit addresses (APCS-26)'
  }
  return undefined
}

/** arch/mips/include/asm/elf.h elf32_check_arch, of a 32-bit kernel. */
function findMipsRefusal(header: ElfHeader): string | undefined {
  if ((header.flags & EF_MIPS_ABI2) !== 0) return 'N32 programs need a 64-bit kernel'
  const abi = header.flags & EF_MIPS_ABI
  return abi === 0 || abi === E_MIPS_ABI_O32
    ? undefined
    : `its ABI (e_flags & 0xf000 = 0x${abi.toString(16)}) is not O32`
}
