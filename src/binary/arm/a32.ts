import {type ArmFlow, type ArmInstruction, type Encoding, findEncoding, NEXT, signed, UNKNOWN} from './instruction.ts'

/*
 * A32, by the ARM Architecture Reference Manual for ARMv7-A and ARMv7-R (DDI 0406C), A5: bits 31-28 are the condition,
 * 27-25 the class. What is in no table is taken for as old as ARMv5TE: an instruction that is too new may be
 * overlooked, an old one is never taken for new.
 */

/** Of an instruction with a condition; the first row that fits counts. */
export const CONDITIONAL: readonly Encoding[] = [
  [0x0ff0_0000, 0x0300_0000, 'ARMv7', 'MOVW'],
  [0x0ff0_0000, 0x0340_0000, 'ARMv7', 'MOVT'],
  [0x0ff0_00f0, 0x0060_0090, 'ARMv7', 'MLS'],
  [0x0fe0_0070, 0x07c0_0010, 'ARMv7', 'BFI'],
  [0x0fe0_0070, 0x07a0_0050, 'ARMv7', 'SBFX'],
  [0x0fe0_0070, 0x07e0_0050, 'ARMv7', 'UBFX'],
  [0x0fff_0ff0, 0x06ff_0f30, 'ARMv7', 'RBIT'],
  [0x0ff0_f0f0, 0x0710_f010, 'ARMv7', 'SDIV'],
  [0x0ff0_f0f0, 0x0730_f010, 'ARMv7', 'UDIV'],
  // VMOV of an immediate, and VCVT with fixed point.
  [0x0fb0_0ef0, 0x0eb0_0a00, 'VFPv3', 'VMOV (immediate)'],
  [0x0fba_0e50, 0x0eba_0a40, 'VFPv3', 'VCVT (fixed point)'],
  [0x0fb0_0e10, 0x0ea0_0a00, 'VFPv4', 'VFMA'],
  [0x0fb0_0e10, 0x0e90_0a00, 'VFPv4', 'VFNMA'],
  [0x0f90_0f5f, 0x0e80_0b10, 'NEON', 'VDUP'],
  // d16 to d31: VLDR and VSTR, VLDM and VSTM with increment and decrement, and the
  // registers of an operation on doubles.
  [0x0f60_0f00, 0x0d40_0b00, 'VFPv3', 'a register above d15'],
  [0x0fe0_0f01, 0x0d60_0b00, 'VFPv3', 'a register above d15'],
  [0x0fc0_0f01, 0x0cc0_0b00, 'VFPv3', 'a register above d15'],
  // The media instructions as a whole, UMAAL and exclusive access came with ARMv6; UDF is none.
  [0x0ff0_00f0, 0x0040_0090, 'ARMv6', 'UMAAL'],
  [0x0ff0_0fff, 0x0190_0f9f, 'ARMv6', 'LDREX'],
  [0x0ff0_0ff0, 0x0180_0f90, 'ARMv6', 'STREX'],
  [0x0fff_0ff0, 0x06bf_0f30, 'ARMv6', 'REV'],
  [0x0fff_0ff0, 0x06bf_0fb0, 'ARMv6', 'REV16'],
  [0x0fff_0ff0, 0x06ff_0fb0, 'ARMv6', 'REVSH'],
  // SXTAB16, UXTAB16; SXTAB, SXTAH, UXTAB, UXTAH; those without an addition have the pc in its place.
  [0x0fb0_03f0, 0x0680_0070, 'ARMv6', 'an extension (SXTB16 …)'],
  [0x0fa0_03f0, 0x06a0_0070, 'ARMv6', 'an extension (SXTB, UXTH …)'],
]

/** Where bits 31-28 are ones. */
export const UNCONDITIONAL: readonly Encoding[] = [
  [0xfe00_0000, 0xf200_0000, 'NEON', 'a NEON operation'],
  [0xff10_0000, 0xf400_0000, 'NEON', 'a NEON load or store'],
  [0xffff_fff0, 0xf57f_f040, 'ARMv7', 'DSB'],
  [0xffff_fff0, 0xf57f_f050, 'ARMv7', 'DMB'],
  [0xffff_fff0, 0xf57f_f060, 'ARMv7', 'ISB'],
]

const AL = 0xe

/** Decodes the instruction at `address`, whose word this is. */
export function decodeA32(word: number, address: number): ArmInstruction {
  const condition = word >>> 28
  const isUnconditional = condition === 0xf
  const flow = isUnconditional ? unconditionalFlow(word, address) : conditionalFlow(word, address)
  // A condition that does not hold leaves even what is undefined without effect.
  if (condition !== AL && !isUnconditional) return {size: 4, flow: flow.kind === 'next' ? NEXT : UNKNOWN}
  const needs = findEncoding(isUnconditional ? UNCONDITIONAL : CONDITIONAL, word)
  return needs ? {size: 4, flow, needs} : {size: 4, flow}
}

function conditionalFlow(word: number, address: number): ArmFlow {
  const rd = (word >>> 12) & 0xf
  switch ((word >>> 25) & 7) {
    case 0:
      return registerFlow(word, rd)
    case 1:
      // MOVW, MOVT, MSR and hints have opcodes of comparisons without S.
      return writesPc(word, rd) ? UNKNOWN : NEXT
    case 2:
      return isLoad(word) && rd === 15 ? UNKNOWN : NEXT
    case 3:
      // The media instructions have bit 4; 0x7f…f… is UDF.
      if ((word & 0x10) !== 0) {
        const isBitField = (word & 0x0fa0_0000) === 0x07a0_0000
        return (word & 0x0ff0_00f0) === 0x07f0_00f0 || (isBitField && rd === 15) ? UNKNOWN : NEXT
      }
      return isLoad(word) && rd === 15 ? UNKNOWN : NEXT
    case 4:
      return isLoad(word) && (word & 0x8000) !== 0 ? UNKNOWN : NEXT
    case 5:
      return {kind: 'jump', to: target(word, address), thumb: false}
    default:
      // SVC: the kernel may end the process.
      return (word & 0x0f00_0000) === 0x0f00_0000 ? UNKNOWN : NEXT
  }
}

/** Data processing with a register, multiplications, halfword loads, and the miscellaneous instructions among them. */
function registerFlow(word: number, rd: number): ArmFlow {
  if ((word & 0x90) === 0x90) {
    // Bits 7 and 4: bits 6-5 are 0 for multiplications and exclusive access, which have no business with the pc.
    return (word & 0x60) !== 0 && rd === 15 ? UNKNOWN : NEXT
  }
  if ((word & 0x0190_0000) === 0x0100_0000) {
    const op = (word >>> 4) & 0xf
    // MRS and MSR, CLZ, QADD and its like, SMLA and its like. BX, BXJ, BLX, BKPT, HVC, SMC and ERET go elsewhere.
    return op === 0 || (op === 1 && (word & 0x0060_0000) === 0x0060_0000) || op === 5 || op >= 8 ? NEXT : UNKNOWN
  }
  return writesPc(word, rd) ? UNKNOWN : NEXT
}

/** Of data processing: TST, TEQ, CMP and CMN write no register. */
function writesPc(word: number, rd: number): boolean {
  const isComparison = (word & 0x0180_0000) === 0x0100_0000
  return rd === 15 && !isComparison
}

function isLoad(word: number): boolean {
  return (word & 0x0010_0000) !== 0
}

function unconditionalFlow(word: number, address: number): ArmFlow {
  // BLX with an immediate; bit 24 is the halfword.
  if ((word & 0xfe00_0000) >>> 0 === 0xfa00_0000) {
    const half = (word >>> 24) & 1 ? 2 : 0
    return {kind: 'jump', to: (target(word, address) + half) >>> 0, thumb: true}
  }
  const isNeon = (word & 0xfe00_0000) >>> 0 === 0xf200_0000 || (word & 0xff10_0000) >>> 0 === 0xf400_0000
  // PLD and PLI, and the barriers.
  const isHint = (word & 0xfc30_f000) >>> 0 === 0xf410_f000 || (word & 0xffff_ff00) >>> 0 === 0xf57f_f000
  return isNeon || isHint ? NEXT : UNKNOWN
}

/** The pc is two instructions ahead. */
function target(word: number, address: number): number {
  return (address + 8 + (signed(word, 24) << 2)) >>> 0
}
