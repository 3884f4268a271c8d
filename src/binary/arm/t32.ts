import {type ArmFlow, type ArmInstruction, NEXT, signed, UNKNOWN} from './instruction.ts'

/*
 * T32, by DDI 0406C, A6. Before ARMv6T2 every instruction has 16 bits, and BL and BLX
 * are two that stand one behind the other.
 */

/** Whether a halfword is the first of two: 11101, 11110 or 11111. */
export function isWide(half: number): boolean {
  return half >= 0xe800
}

/** Decodes the instruction at `address`. `second`: the next halfword, which only a wide one needs. */
export function decodeT32(first: number, second: number, address: number): ArmInstruction {
  return isWide(first) ? decodeWide(first, second, address) : decodeNarrow(first, address)
}

function decodeWide(first: number, second: number, address: number): ArmInstruction {
  if ((first & 0xf800) !== 0xf000 || (second & 0xc000) !== 0xc000) return thumb2(first, second)
  const isBlx = (second & 0x1000) === 0
  // With J1 and J2 it is the pair that Thumb has had from the start; without them a
  // longer way, which only Thumb-2 knows.
  if ((second & 0x2800) !== 0x2800 || (isBlx && (second & 1) !== 0)) return {size: 4, flow: UNKNOWN}
  const offset = (signed(first, 11) << 12) + ((second & 0x7ff) << 1)
  const pc = address + 4
  return {
    size: 4,
    flow: {kind: 'jump', to: ((isBlx ? pc & ~3 : pc) + offset) >>> 0, thumb: !isBlx},
  }
}

function thumb2(first: number, second: number): ArmInstruction {
  const hex = [first, second].map(half => half.toString(16).padStart(4, '0')).join(' ')
  return {size: 4, flow: UNKNOWN, needs: {level: 'ARMv7', what: `the Thumb-2 instruction ${hex}`}}
}

function decodeNarrow(half: number, address: number): ArmInstruction {
  const flow = narrowFlow(half, address)
  const needs = narrowNeeds(half)
  return needs ? {size: 2, flow, needs} : {size: 2, flow}
}

function narrowNeeds(half: number): ArmInstruction['needs'] {
  if ((half & 0xff00) === 0xb200) return {level: 'ARMv6', what: 'an extension (SXTB, UXTH …)'}
  if ((half & 0xff00) === 0xba00 && (half & 0xc0) !== 0x80) return {level: 'ARMv6', what: 'REV'}
  return undefined
}

function narrowFlow(half: number, address: number): ArmFlow {
  // B, with 11 bits.
  if ((half & 0xf800) === 0xe000) return {kind: 'jump', to: (address + 4 + (signed(half, 11) << 1)) >>> 0, thumb: true}
  // BX pc: to the A32 behind it.
  if (half === 0x4778) return {kind: 'jump', to: ((address + 4) & ~3) >>> 0, thumb: false}
  return goesElsewhere(half) ? UNKNOWN : NEXT
}

function goesElsewhere(half: number): boolean {
  // B with a condition, SVC and UDF; BX and BLX.
  if ((half & 0xf000) === 0xd000 || (half & 0xff00) === 0x4700) return true
  // ADD and MOV to the pc.
  if (((half & 0xff00) === 0x4400 || (half & 0xff00) === 0x4600) && (half & 0x87) === 0x87) return true
  // HLT, of ARMv8.
  if ((half & 0xffc0) === 0xba80) return true
  // POP with the pc, BKPT, CBZ and CBNZ; behind IT conditions hold or do not.
  if ((half & 0xff00) === 0xbd00 || (half & 0xff00) === 0xbe00 || (half & 0xf500) === 0xb100) return true
  return (half & 0xff00) === 0xbf00 && (half & 0xf) !== 0
}
