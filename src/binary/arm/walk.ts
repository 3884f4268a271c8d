import {readRange} from '../../lib/byte-view.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {PT} from '../elf/constants.ts'
import type {ElfIdentity} from '../elf/types.ts'
import {decodeA32} from './a32.ts'
import type {ArmInstruction, ArmNeeds} from './instruction.ts'
import {decodeT32, isWide} from './t32.ts'

/** An instruction that the processor certainly comes to, once it starts the file. */
export interface MetInstruction {
  readonly address: number
  readonly thumb: boolean
  readonly instruction: ArmInstruction
}

/** So many instructions are followed; start code has a dozen before its first call through a register. */
const LIMIT = 200

/**
 * The instructions that a processor meets from the entry point on: straight on, and along branches and
 * calls without a condition, up to the first place where the way hangs on something. Bit 0 of e_entry
 * says Thumb. Only of little-endian code.
 */
export async function* walkFromEntry(elf: ElfIdentity, file: RandomAccess): AsyncGenerator<MetInstruction> {
  // A shared library has no entry point: at 0 is its ELF header.
  if (elf.header.data !== 'little' || elf.header.class !== 32 || elf.header.entry === 0n) return
  const seen = new Set<number>()
  let thumb = (elf.header.entry & 1n) === 1n
  let address = Number(elf.header.entry) & ~1
  for (let steps = 0; steps < LIMIT; steps++) {
    address >>>= 0
    // Code comes round to itself in a loop; A32 at an odd halfword is a fault.
    if (seen.has(address) || (!thumb && address % 4 !== 0)) return
    seen.add(address)
    const instruction = await decodeAt(elf, file, address, thumb)
    if (instruction === undefined) return
    yield {address, thumb, instruction}
    const {flow, size} = instruction
    if (flow.kind === 'unknown') return
    if (flow.kind === 'jump') {
      thumb = flow.thumb
      address = flow.to
    } else address += size
  }
}

/** The first instruction that one of these levels has and a lesser processor has not. */
export async function findTooNew(
  elf: ElfIdentity,
  file: RandomAccess,
  tooNew: ReadonlySet<ArmNeeds>,
): Promise<MetInstruction | undefined> {
  for await (const met of walkFromEntry(elf, file)) {
    if (met.instruction.needs && tooNew.has(met.instruction.needs.level)) return met
  }
  return undefined
}

async function decodeAt(
  elf: ElfIdentity,
  file: RandomAccess,
  address: number,
  thumb: boolean,
): Promise<ArmInstruction | undefined> {
  if (!thumb) {
    const word = await readCode(elf, file, address, 4)
    return word && decodeA32(word.getUint32(0, true), address)
  }
  const first = (await readCode(elf, file, address, 2))?.getUint16(0, true)
  if (first === undefined) return undefined
  if (!isWide(first)) return decodeT32(first, 0, address)
  const second = (await readCode(elf, file, address + 2, 2))?.getUint16(0, true)
  return second === undefined ? undefined : decodeT32(first, second, address)
}

/** Bytes of the file that are mapped to an address; what lies in no segment, or is zeroed memory, is not code. */
async function readCode(
  elf: ElfIdentity,
  file: RandomAccess,
  address: number,
  length: number,
): Promise<DataView | undefined> {
  const at = BigInt(address)
  const home = elf.segments.find(
    ({type, vaddr, filesz}) => type === PT.PT_LOAD && at >= vaddr && at + BigInt(length) <= vaddr + BigInt(filesz),
  )
  const bytes = home && (await readRange(file, home.offset + Number(at - home.vaddr), length))
  return bytes && new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
