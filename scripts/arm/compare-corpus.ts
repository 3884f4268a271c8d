import {walkFromEntry} from '../../src/binary/arm/walk.ts'
import {type ElfIdentity, PT} from '../../src/binary/index.ts'
import type {RandomAccess} from '../../src/lib/bytes.ts'
import {EM} from '../../src/platform/index.ts'
import {compareA32, compareT32, type DecoderComparison, sum} from './compare-decoder.ts'

/** Instructions that are taken of one file: from all over its code, and those that are met from the entry point on. */
const TAKEN = 1500
const PF_X = 1

/**
 * Instructions of a real program or library, decoded by us and by objdump; nothing where
 * the file is not for little-endian ARM.
 */
export async function compareFileCode(elf: ElfIdentity, file: RandomAccess): Promise<DecoderComparison | undefined> {
  if (elf.header.machine !== EM.EM_ARM || elf.header.data !== 'little') return undefined
  const words: number[] = []
  const pairs: (readonly [number, number])[] = []
  for await (const {address, thumb} of walkFromEntry(elf, file)) {
    const code = await readAt(elf, file, address)
    if (code && thumb) pairs.push([code.getUint16(0, true), code.getUint16(2, true)])
    else if (code) words.push(code.getUint32(0, true))
  }
  for (const {type, flags, offset, filesz} of elf.segments) {
    if (type !== PT.PT_LOAD || (flags & PF_X) === 0) continue
    const step = 4 * Math.max(1, Math.floor(filesz / 4 / TAKEN))
    for (let at = 0; at + 4 <= filesz && words.length < TAKEN; at += step) {
      const bytes = await file.read(offset + at, 4)
      if (bytes.length < 4) break
      const code = new DataView(bytes.buffer, bytes.byteOffset, 4)
      words.push(code.getUint32(0, true))
      pairs.push([code.getUint16(0, true), code.getUint16(2, true)])
    }
  }
  return sum([await compareA32(words), await compareT32(pairs)])
}

async function readAt(elf: ElfIdentity, file: RandomAccess, address: number): Promise<DataView | undefined> {
  const at = BigInt(address)
  const home = elf.segments.find(({type, vaddr, filesz}) => {
    return type === PT.PT_LOAD && at >= vaddr && at + 4n <= vaddr + BigInt(filesz)
  })
  if (!home) return undefined
  const bytes = await file.read(home.offset + Number(at - home.vaddr), 4)
  return bytes.length < 4 ? undefined : new DataView(bytes.buffer, bytes.byteOffset, 4)
}
