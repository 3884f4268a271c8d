import {decodeA32} from '../../src/binary/arm/a32.ts'
import type {ArmInstruction} from '../../src/binary/arm/instruction.ts'
import {decodeT32, isWide} from '../../src/binary/arm/t32.ts'
import {type Disassembly, disassemble, flowOf, isBeyondVfp2, isKnownTo, isThumb1} from './objdump.ts'
import {sampleA32, sampleT32, TOO_NEW_FOR_V6} from './samples.ts'

/** What was compared of one instruction set. */
export interface DecoderComparison {
  readonly compared: number
  /** How many are too new for an ARM1176, by us. */
  readonly tooNew: number
  /** How many more are, by objdump: nothing is said of these, which is no error. */
  readonly overlooked: number
  readonly disagreements: readonly string[]
}

/** A32 words against objdump as ARMv5TE, as ARMv6KZ and as all of ARM. */
export async function compareA32(words: readonly number[]): Promise<DecoderComparison> {
  const code = new DataView(new ArrayBuffer(words.length * 4))
  for (const [index, word] of words.entries()) code.setUint32(index * 4, word, true)
  const texts = await disassemble(new Uint8Array(code.buffer), false)
  return compareAll(
    words.map((word, index) => ({
      label: `${hex(word, 8)} (A32)`,
      ours: decodeA32(word, index * 4),
      theirs: texts.get(index * 4),
      isKnownTo: isKnownA32,
    })),
  )
}

/** In bytes: so far apart are the samples of T32, NOPs in between, that no IT of one reaches the next. */
const STRIDE = 16
const NOP = 0xbf00

/** The same for T32; each is decoded at an address of its own, which is a multiple of four. */
export async function compareT32(pairs: readonly (readonly [number, number])[]): Promise<DecoderComparison> {
  const code = new DataView(new ArrayBuffer(pairs.length * STRIDE))
  for (let at = 0; at < code.byteLength; at += 2) code.setUint16(at, NOP, true)
  for (const [index, [first, second]] of pairs.entries()) {
    code.setUint16(index * STRIDE, first, true)
    if (isWide(first)) code.setUint16(index * STRIDE + 2, second, true)
  }
  const texts = await disassemble(new Uint8Array(code.buffer), true)
  return compareAll(
    pairs.map(([first, second], index) => ({
      label: `${hex(first, 4)}${isWide(first) ? ` ${hex(second, 4)}` : ''} (T32)`,
      ours: decodeT32(first, second, index * STRIDE),
      theirs: texts.get(index * STRIDE),
      isKnownTo: (core, theirs) =>
        isKnownTo('arm', theirs) && (core === 'all' || isThumb1(theirs.arm, isWide(first), core)),
    })),
  )
}

/** All that is compared without real programs. */
export async function compareSamples(seed: number): Promise<DecoderComparison> {
  const parts = [await compareA32(sampleA32(seed, 40_000)), await compareT32(sampleT32(seed, 40_000))]
  return sum(parts)
}

export function sum(parts: readonly DecoderComparison[]): DecoderComparison {
  const add = (key: 'compared' | 'tooNew' | 'overlooked') => parts.reduce((total, part) => total + part[key], 0)
  return {
    compared: add('compared'),
    tooNew: add('tooNew'),
    overlooked: add('overlooked'),
    disagreements: parts.flatMap(({disagreements}) => disagreements),
  }
}

interface Compared {
  readonly label: string
  readonly ours: ArmInstruction
  readonly theirs: Disassembly | undefined
  /** Whether a core has it, by objdump. */
  isKnownTo(core: 'ARMv5' | 'ARMv6' | 'all', theirs: Disassembly): boolean
}

function compareAll(instructions: readonly Compared[]): DecoderComparison {
  let [tooNew, overlooked] = [0, 0]
  const disagreements: string[] = []
  for (const compared of instructions) {
    const {label, ours, theirs, isKnownTo: isKnown} = compared
    if (theirs === undefined) {
      disagreements.push(`${label}: objdump says nothing of it`)
      continue
    }
    const wrong = compareOne(compared, theirs)
    if (wrong !== undefined) disagreements.push(`${label}: ${wrong}; objdump: ${theirs.arm} | ${theirs.armv6kz}`)
    const isNew = ours.needs !== undefined && TOO_NEW_FOR_V6.has(ours.needs.level)
    if (isNew) tooNew++
    else if (!isKnown('ARMv6', theirs) && isKnown('all', theirs)) overlooked++
  }
  return {compared: instructions.length, tooNew, overlooked, disagreements}
}

function compareOne({ours: {needs, flow}, isKnownTo: isKnown}: Compared, theirs: Disassembly): string | undefined {
  if (needs !== undefined) {
    const core = TOO_NEW_FOR_V6.has(needs.level) ? 'ARMv6' : 'ARMv5'
    return isKnown(core, theirs) ? `we say ${needs.level}: ${needs.what}` : undefined
  }
  // Where no core knows the instruction there is nowhere to go; what is unpredictable may go anywhere.
  if (!isKnown('all', theirs) || /UNPREDICTABLE/.test(theirs.arm)) return undefined
  const there = flowOf(theirs.arm)
  if (flow.kind === 'next' && there !== 'next') return 'we say that it goes on'
  // `bx pc` is known: to what stands behind it.
  const isBxPc = /^bx\s+pc$/.test(theirs.arm)
  if (flow.kind === 'jump' && there !== flow.to && !isBxPc) return `we say that it goes to 0x${hex(flow.to, 1)}`
  return undefined
}

function isKnownA32(core: 'ARMv5' | 'ARMv6' | 'all', theirs: Disassembly): boolean {
  if (core === 'all') return isKnownTo('arm', theirs)
  return !isBeyondVfp2(theirs.arm) && isKnownTo(core === 'ARMv5' ? 'armv5te' : 'armv6kz', theirs)
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
