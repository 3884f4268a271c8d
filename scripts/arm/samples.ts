import {CONDITIONAL, UNCONDITIONAL} from '../../src/binary/arm/a32.ts'
import type {ArmNeeds} from '../../src/binary/arm/instruction.ts'
import {type Random, seededRandom} from '../kernel/random.ts'

/** What an ARM1176 has not; a lesser processor has not ARMv6 either. */
export const TOO_NEW_FOR_V6: ReadonlySet<ArmNeeds> = new Set<ArmNeeds>(['ARMv7', 'VFPv3', 'VFPv4', 'NEON'])

const AL = 0xe000_0000

/** A32 words, one half of them near the encodings that are known, the other anywhere. */
export function sampleA32(seed: number, count: number): number[] {
  const random = seededRandom(seed)
  return Array.from({length: count}, (_, index) => (index % 2 === 0 ? word(random) : knownA32(random)))
}

/** A word of one of the rows, executed whatever the flags are. */
export function knownA32(random: Random): number {
  const [mask, value] = random.pick([...CONDITIONAL, ...UNCONDITIONAL])
  const filled = (word(random) & ~mask) | value
  return (value >>> 28 === 0xf ? filled : (filled & 0x0fff_ffff) | AL) >>> 0
}

/** T32: every halfword with 16 bits, and so many with 32, as first and second halfword. */
export function sampleT32(seed: number, wide: number): (readonly [first: number, second: number])[] {
  const random = seededRandom(seed)
  const narrow = Array.from({length: 0xe800}, (_, first) => [first, 0xbf00] as const)
  // BL and BLX are one in eight at random, and what matters most.
  const pairs = Array.from({length: wide}, (_, index): readonly [number, number] => {
    const first = index % 4 === 0 ? 0xf000 + random.below(0x800) : 0xe800 + random.below(0x1800)
    return [first, random.below(0x1_0000)]
  })
  return [...narrow, ...pairs]
}

function word(random: Random): number {
  return ((random.below(0x1_0000) << 16) | random.below(0x1_0000)) >>> 0
}
