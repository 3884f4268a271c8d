import {type Platform, variantPromise} from '../../platform/index.ts'

/**
 * How much a piece of evidence proves. `authoritative`: the program refuses to run, or cannot, on less. `indicative`:
 * some part of it was built for more, and may or may not be reached.
 */
export type Strength = 'authoritative' | 'indicative'

export type EvidenceSource =
  | 'go-build-info'
  | 'entry-point'
  | '.ARM.attributes'
  | 'gnu-property'
  | '.riscv.attributes'
  | '.MIPS.abiflags'
  | 'e_flags'

/** One thing that a file says about the processor that it needs. */
export interface VariantEvidence {
  readonly source: EvidenceSource
  /** As recorded: `GOARM=7`, `Tag_CPU_arch v7, Tag_FP_arch VFPv3-D16`. */
  readonly says: string
  readonly strength: Strength
  /** Set where that is more than the platform promises. */
  readonly exceeds?: Excess
}

export interface Excess {
  /** `ARMv7`, `x86-64-v3`. */
  readonly needs: string
  /** What the platform promises: `v6`. */
  readonly promised: string
  /** `error` on authoritative evidence, unless it is only the default that an empty variant stands for. */
  readonly level: 'error' | 'warning'
}

/** An excess over what the platform promises, with its level. */
export function excess(platform: Platform, needs: string, strength: Strength): Excess {
  const promise = variantPromise(platform)
  const certain = strength === 'authoritative' && (promise === undefined || promise.explicit)
  return {needs, promised: promise?.level ?? 'the baseline', level: certain ? 'error' : 'warning'}
}
