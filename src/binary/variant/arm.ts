import type {RandomAccess} from '../../lib/bytes.ts'
import {normalisePlatform, type Platform} from '../../platform/index.ts'
import type {ArmNeeds} from '../arm/instruction.ts'
import {findTooNew} from '../arm/walk.ts'
import type {Attributes} from '../elf/attributes.ts'
import type {ElfIdentity} from '../elf/types.ts'
import {excess, type Strength, type VariantEvidence} from './evidence.ts'

/** https://github.com/ARM-software/abi-aa/blob/main/addenda32/addenda32.rst */
const TAG = {
  Tag_CPU_arch: 6,
  Tag_CPU_arch_profile: 7,
  Tag_FP_arch: 10,
  Tag_Advanced_SIMD_arch: 12,
  Tag_ABI_VFP_args: 28,
} as const

const CPU_ARCH: readonly string[] = (
  'pre-v4 v4 v4T v5T v5TE v5TEJ v6 v6KZ v6T2 v6K v7 v6-M v6S-M v7E-M v8-A v8-R v8-M.baseline v8-M.mainline ' +
  'v8.1-A v8.2-A v8.3-A v8.1-M.mainline v9-A'
).split(' ')
const FP_ARCH: readonly string[] = 'none VFPv1 VFPv2 VFPv3 VFPv3-D16 VFPv4 VFPv4-D16 FP-ARMv8 FP-ARMv8-D16'.split(' ')

/**
 * What a platform surely has, by Tag_CPU_arch and Tag_FP_arch; what is in neither set
 * is too new, or doubtful and not reported.
 */
interface Acceptance {
  readonly tooNewCpu: ReadonlySet<number>
  readonly tooNewFp: ReadonlySet<number>
  /** NEON is optional in ARMv7, and nothing at all below. */
  readonly simd: 'too-new' | 'fine'
}

const V8_AND_UP = [14, 15, 18, 19, 20, 22]
const ACCEPTANCE: Readonly<Record<string, Acceptance>> = {
  v5: {tooNewCpu: new Set([6, 7, 8, 9, 10, ...V8_AND_UP]), tooNewFp: new Set([3, 4, 5, 6, 7, 8]), simd: 'too-new'},
  // ARM1176 (Raspberry Pi 1 and Zero): v6KZ and v6K, VFPv2.
  v6: {tooNewCpu: new Set([10, ...V8_AND_UP]), tooNewFp: new Set([3, 4, 5, 6, 7, 8]), simd: 'too-new'},
  v7: {tooNewCpu: new Set(V8_AND_UP), tooNewFp: new Set([7, 8]), simd: 'fine'},
}

/**
 * What `.ARM.attributes` says. The linker takes the maximum over all objects, so that one routine behind a run-time
 * check raises it: it proves something only of the loader, which has no such checks.
 */
export function weighArmAttributes(attributes: Attributes, platform: Platform, strength: Strength): VariantEvidence {
  const cpu = numberOf(attributes, TAG.Tag_CPU_arch)
  const fp = numberOf(attributes, TAG.Tag_FP_arch)
  const simd = numberOf(attributes, TAG.Tag_Advanced_SIMD_arch)
  const says = [
    `CPU ${CPU_ARCH[cpu] ?? cpu}`,
    `FP ${FP_ARCH[fp] ?? fp}`,
    ...(simd > 0 ? ['NEON'] : []),
    ...(numberOf(attributes, TAG.Tag_ABI_VFP_args) === 1 ? ['hard-float arguments'] : []),
  ].join(', ')
  const {architecture, variant} = normalisePlatform(platform)
  const accepted = architecture === 'arm' && Object.hasOwn(ACCEPTANCE, variant) ? ACCEPTANCE[variant] : undefined
  const evidence = {source: '.ARM.attributes', says, strength} as const
  if (!accepted) return evidence
  const needs = [
    ...(accepted.tooNewCpu.has(cpu) ? [`ARM${CPU_ARCH[cpu]}`] : []),
    ...(accepted.tooNewFp.has(fp) ? [FP_ARCH[fp] ?? ''] : []),
    ...(accepted.simd === 'too-new' && simd > 0 ? ['NEON'] : []),
  ]
  return needs.length === 0 ? evidence : {...evidence, exceeds: excess(platform, needs.join(' with '), strength)}
}

/** What the processors of a platform surely refuse. ARMv7 has it all, but for NEON, which is not needed to start. */
const TOO_NEW: Readonly<Record<string, ReadonlySet<ArmNeeds>>> = {
  v5: new Set<ArmNeeds>(['ARMv6', 'ARMv7', 'VFPv3', 'VFPv4', 'NEON']),
  v6: new Set<ArmNeeds>(['ARMv7', 'VFPv3', 'VFPv4', 'NEON']),
}

/**
 * What the processor meets first: the instructions from the entry point on. One that is too new ends the process with
 * SIGILL before anything can ask what the processor has. Undefined where there is none, which proves nothing.
 */
export async function weighArmEntry(
  elf: ElfIdentity,
  file: RandomAccess,
  platform: Platform,
): Promise<VariantEvidence | undefined> {
  const {architecture, variant} = normalisePlatform(platform)
  const tooNew = architecture === 'arm' && Object.hasOwn(TOO_NEW, variant) ? TOO_NEW[variant] : undefined
  const met = tooNew && (await findTooNew(elf, file, tooNew))
  const needs = met?.instruction.needs
  if (met === undefined || needs === undefined) return undefined
  return {
    source: 'entry-point',
    says: `it comes to ${needs.what} at 0x${met.address.toString(16)}`,
    strength: 'authoritative',
    exceeds: excess(platform, needs.level, 'authoritative'),
  }
}

function numberOf(attributes: Attributes, tag: number): number {
  const value = attributes.get(tag)
  return typeof value === 'number' ? value : 0
}
