/**
 * What an instruction needs beyond ARMv5TE: a level of the architecture, or an extension of the
 * floating-point unit. ARMv6 stands for all that the ARM1176 has (ARMv6K with VFPv2); ARMv6T2 brought what
 * people know of ARMv7: Thumb-2, MOVW, bit fields.
 */
export type ArmNeeds = 'ARMv6' | 'ARMv7' | 'VFPv3' | 'VFPv4' | 'NEON'

/** Where the processor goes on after an instruction. */
export type ArmFlow =
  | {readonly kind: 'next'}
  /** It certainly goes on there; whether a call returns is another matter. */
  | {readonly kind: 'jump'; readonly to: number; readonly thumb: boolean}
  /** That hangs on registers, flags, memory or the kernel. */
  | {readonly kind: 'unknown'}

/** One instruction of A32 or T32, as far as it matters here. */
export interface ArmInstruction {
  /** In bytes. */
  readonly size: 2 | 4
  readonly flow: ArmFlow
  /** Undefined for what ARMv5TE has, and for what is executed only where a condition holds. */
  readonly needs?: {readonly level: ArmNeeds; readonly what: string}
}

export const NEXT: ArmFlow = {kind: 'next'}
export const UNKNOWN: ArmFlow = {kind: 'unknown'}

/** A row of a table of encodings: (word & mask) is value. */
export type Encoding = readonly [mask: number, value: number, level: ArmNeeds, what: string]

export function findEncoding(table: readonly Encoding[], word: number): ArmInstruction['needs'] {
  const row = table.find(([mask, value]) => (word & mask) >>> 0 === value)
  return row && {level: row[2], what: row[3]}
}

/** The low bits of a word as a signed number. */
export function signed(word: number, bits: number): number {
  return (word << (32 - bits)) >> (32 - bits)
}
