import {isCut, readUpTo} from '../../lib/byte-view.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {tellLimit} from '../../lib/over-limit.ts'
import {EM, type Platform} from '../../platform/index.ts'
import {ATTRIBUTES_LIMIT, type Attributes, type AttributeVendor, parseAttributes} from '../elf/attributes.ts'
import {PT, SHT} from '../elf/constants.ts'
import {readGnuProperties} from '../elf/gnu-property.ts'
import {readSections} from '../elf/sections.ts'
import type {ElfIdentity} from '../elf/types.ts'
import {readGoBuildInfo} from '../go-build-info.ts'
import type {GoBuildInfo} from '../go-module-info.ts'
import {IGNORED, type OnBeyond} from '../problem.ts'
import {weighArmAttributes, weighArmEntry} from './arm.ts'
import type {VariantEvidence} from './evidence.ts'
import {weighGoBuildInfo} from './go.ts'
import {ABIFLAGS_SIZE, weighMips} from './mips.ts'
import {weighRiscvAttributes} from './riscv.ts'
import {weighX86Properties} from './x86.ts'

/** What is known of a file besides its bytes. */
export interface EvidenceOptions {
  /**
   * `loader`: the file that PT_INTERP names, whose attributes prove what a program's
   * only hint at. `program` by default.
   */
  readonly role?: 'program' | 'loader'
  /** Of a library: PT_INTERP of the program that it is loaded into. */
  readonly loadedBy?: string
  /** Where it is known already; else it is read. */
  readonly go?: GoBuildInfo
  readonly onBeyond?: OnBeyond
}

/** Everything that a program says about the processor that it needs, weighed against what the platform promises. */
export async function readVariantEvidence(
  elf: ElfIdentity,
  file: RandomAccess,
  platform: Platform,
  options: EvidenceOptions = {},
): Promise<readonly VariantEvidence[]> {
  const go = options.go ?? (await readGoBuildInfo(elf, file))
  const recorded = go && weighGoBuildInfo(go, platform)
  const evidence = await readMachineEvidence({elf, file, ...options}, platform)
  return recorded ? [recorded, ...evidence] : evidence
}

interface Reading extends Pick<EvidenceOptions, 'role' | 'loadedBy'> {
  readonly elf: ElfIdentity
  readonly file: RandomAccess
  readonly onBeyond?: OnBeyond
}

/** The same without Go's record: what the toolchain wrote into the file's headers, sections and notes. */
export async function readMachineEvidence(
  {elf, file, role = 'program', loadedBy = elf.interpreter?.path, onBeyond = IGNORED}: Reading,
  platform: Platform,
): Promise<readonly VariantEvidence[]> {
  switch (elf.header.machine) {
    case EM.EM_ARM: {
      const attributes = await readAttributes({elf, file, onBeyond}, 'aeabi')
      const entry = present(await weighArmEntry(elf, file, platform))
      return attributes
        ? [...entry, weighArmAttributes(attributes, platform, role === 'loader' ? 'authoritative' : 'indicative')]
        : entry
    }
    case EM.EM_386:
    case EM.EM_X86_64:
      return present(
        weighX86Properties(await readGnuProperties(elf, file, onBeyond), platform, {role, interpreter: loadedBy}),
      )
    case EM.EM_RISCV: {
      const attributes = await readAttributes({elf, file, onBeyond}, 'riscv')
      return attributes ? present(weighRiscvAttributes(attributes, platform)) : []
    }
    case EM.EM_MIPS: {
      const segment = elf.segments.find(({type}) => type === PT.PT_MIPS_ABIFLAGS)
      return weighMips(
        elf.header,
        segment && (await readUpTo(file, segment.offset, segment.filesz, ABIFLAGS_SIZE)),
        platform,
      )
    }
    default:
      return []
  }
}

/**
 * By program header where there is one (riscv), else by the section, whose type is the same number on arm and riscv.
 */
async function readAttributes(
  {elf, file, onBeyond}: Required<Pick<Reading, 'elf' | 'file' | 'onBeyond'>>,
  vendor: AttributeVendor,
): Promise<Attributes | undefined> {
  const segment = vendor === 'riscv' ? elf.segments.find(({type}) => type === PT.PT_RISCV_ATTRIBUTES) : undefined
  const place = segment
    ? {offset: segment.offset, size: segment.filesz}
    : (await readSections(elf, file, onBeyond))?.find(({type}) => type === SHT.SHT_ARM_ATTRIBUTES)
  if (!place) return undefined
  if (isCut(file, place.offset, place.size, ATTRIBUTES_LIMIT.most))
    onBeyond(tellLimit(ATTRIBUTES_LIMIT, most => `its build attributes have more than ${most}`))
  const bytes = await readUpTo(file, place.offset, place.size, ATTRIBUTES_LIMIT.most)
  return parseAttributes(bytes, elf.header.data, vendor)
}

function present(evidence: VariantEvidence | undefined): readonly VariantEvidence[] {
  return evidence ? [evidence] : []
}
