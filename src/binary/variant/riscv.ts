import {exceedsVariant, type Platform} from '../../platform/index.ts'
import type {Attributes} from '../elf/attributes.ts'
import {excess, type VariantEvidence} from './evidence.ts'

/** Tag_RISCV_arch. https://github.com/riscv-non-isa/riscv-elf-psabi-doc */
const TAG_RISCV_ARCH = 5

/**
 * What each profile adds for user programs, with what its extensions are split into.
 * https://github.com/riscv/riscv-profiles profiles.adoc and rva23-profile.adoc
 */
const PROFILES: readonly (readonly [level: string, extensions: ReadonlySet<string>])[] = [
  [
    'rva20u64',
    new Set(
      'i m a f d c zicsr zicntr zifencei ziccif ziccrse ziccamoa za128rs zicclsm zmmul zaamo zalrsc zca zcd zcf'.split(
        ' ',
      ),
    ),
  ],
  ['rva22u64', new Set('zihpm zba zbb zbs zic64b zicbom zicbop zicboz zfhmin zkt za64rs zihintpause b'.split(' '))],
  [
    'rva23u64',
    new Set(
      (
        'v zvfhmin zvbb zvkb zvkt zihintntl zicond zimop zcmop zcb zfa zawrs supm ' +
        'zve32f zve32x zve64d zve64f zve64x zvl32b zvl64b zvl128b'
      ).split(' '),
    ),
  ],
]

/** What Tag_RISCV_arch says, a union over all objects (indicative): `rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_zicsr2p0`. */
export function weighRiscvAttributes(attributes: Attributes, platform: Platform): VariantEvidence | undefined {
  const arch = attributes.get(TAG_RISCV_ARCH)
  if (typeof arch !== 'string') return undefined
  const extensions = parseExtensions(arch)
  const evidence = {source: '.riscv.attributes', says: arch.slice(0, 400), strength: 'indicative'} as const
  const above = extensions.filter(extension => {
    const level = PROFILES.find(([, members]) => members.has(extension))?.[0]
    return level === undefined || exceedsVariant(platform, level) === true
  })
  return above.length === 0 ? evidence : {...evidence, exceeds: excess(platform, above.join(', '), 'indicative')}
}

/** The names without versions: the letters of the first word, then one word each. */
function parseExtensions(arch: string): readonly string[] {
  const [base = '', ...rest] = arch.toLowerCase().split('_')
  const letters = base.replace(/^rv(?:32|64|128)/, '').match(/[a-z](?:\d+p\d+)?/g) ?? []
  return [...letters, ...rest].map(word => word.replace(/\d+p\d+$/, '')).filter(name => name !== '')
}
