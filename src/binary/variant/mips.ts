import {byteView} from '../../lib/byte-view.ts'
import type {Platform} from '../../platform/index.ts'
import type {ElfHeader} from '../elf/types.ts'
import {excess, type VariantEvidence} from './evidence.ts'

/** EF_MIPS_ARCH_32R6 and _64R6. binutils include/elf/mips.h */
const EF_MIPS_ARCH = 0xf0000000
const RELEASE_6: ReadonlySet<number> = new Set([0x90000000, 0xa0000000])

/**
 * Elf_MIPS_ABIFlags_v0, in bytes: u16 version, u8 isa_level, isa_rev, gpr_size, cpr1_size, cpr2_size, fp_abi, u32 × 4.
 */
export const ABIFLAGS_SIZE = 24

/**
 * What PT_MIPS_ABIFLAGS and EF_MIPS_ARCH say. Release 6 took instructions away: its programs run on release 6
 * processors only, which no Linux port is by default. Other levels are below what the ports are built for.
 */
export function weighMips(
  header: ElfHeader,
  abiflags: Uint8Array | undefined,
  platform: Platform,
): readonly VariantEvidence[] {
  const evidence: VariantEvidence[] = []
  const architecture = (header.flags & EF_MIPS_ARCH) >>> 0
  const weigh = (source: VariantEvidence['source'], says: string, release6: boolean) => {
    const strength = 'authoritative'
    evidence.push({
      source,
      says,
      strength,
      ...(release6 ? {exceeds: excess(platform, 'MIPS release 6', strength)} : {}),
    })
  }
  weigh('e_flags', `EF_MIPS_ARCH 0x${architecture.toString(16)}`, RELEASE_6.has(architecture))
  if (abiflags && abiflags.length >= ABIFLAGS_SIZE) {
    const view = byteView(abiflags, header.data)
    const [level, revision] = [view.u8(2), view.u8(3)]
    weigh('.MIPS.abiflags', `MIPS${level}${revision > 1 ? ` release ${revision}` : ''}`, revision >= 6)
  }
  return evidence
}
