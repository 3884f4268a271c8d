import {exceedsVariant, type Platform} from '../../platform/index.ts'
import {GNU_PROPERTY} from '../elf/constants.ts'
import {excess, type VariantEvidence} from './evidence.ts'

/**
 * glibc's loaders check the note of the program and of each library, and exit; musl's does not, and a static program
 * has nobody who would. Of the loader itself it is true without a check: all of it was compiled for that level (glibc
 * sysdeps/x86/isa-level.c, dl_isa_level_check leaves it out for that reason).
 */
const GLIBC_LOADER = /\/ld-linux(?:-x86-64)?\.so\.\d+$/

/**
 * GNU_PROPERTY_X86_ISA_1_BASELINE 1, _V2 2, _V3 4, _V4 8. binutils include/elf/common.h; glibc sysdeps/x86/dl-prop.h
 */
export function weighX86Properties(
  properties: ReadonlyMap<number, number>,
  platform: Platform,
  {role, interpreter}: {readonly role: 'program' | 'loader'; readonly interpreter: string | undefined},
): VariantEvidence | undefined {
  const bits = properties.get(GNU_PROPERTY.GNU_PROPERTY_X86_ISA_1_NEEDED)
  if (!bits) return undefined
  const level = 32 - Math.clz32(bits)
  const isChecked = interpreter !== undefined && GLIBC_LOADER.test(interpreter)
  const strength = isChecked || role === 'loader' ? 'authoritative' : 'indicative'
  const evidence = {source: 'gnu-property', says: `x86 ISA needed: 0x${bits.toString(16)}`, strength} as const
  const exceeds = level > 4 || exceedsVariant(platform, `v${level}`) === true
  return exceeds ? {...evidence, exceeds: excess(platform, `x86-64-v${level}`, strength)} : evidence
}
