import {byteView, isCut, readUpTo} from '../../lib/byte-view.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {fixedBound, tellLimit} from '../../lib/over-limit.ts'
import {IGNORED, type OnBeyond} from '../problem.ts'
import {NT_GNU, PT} from './constants.ts'
import {decodeNotes, readNotes} from './notes.ts'
import type {ElfIdentity} from './types.ts'

/** The most that is read of PT_GNU_PROPERTY, in bytes. */
const PROPERTIES = fixedBound('elf-property-bytes')

/**
 * GNU properties by type, those of 4 bytes: u32 pr_type, pr_datasz, data padded to 8 bytes (ELF64) or 4 (ELF32).
 * https://github.com/hjl-tools/linux-abi: PT_GNU_PROPERTY, or where that is missing the notes.
 */
export async function readGnuProperties(
  elf: ElfIdentity,
  file: RandomAccess,
  onBeyond: OnBeyond = IGNORED,
): Promise<ReadonlyMap<number, number>> {
  const order = elf.header.data
  const padding = elf.header.class === 64 ? 8 : 4
  const segment = elf.segments.find(({type}) => type === PT.PT_GNU_PROPERTY)
  if (segment && isCut(file, segment.offset, segment.filesz, PROPERTIES.most))
    onBeyond(tellLimit(PROPERTIES, most => `its GNU properties have more than ${most}`))
  const notes = segment
    ? decodeNotes(await readUpTo(file, segment.offset, segment.filesz, PROPERTIES.most), order, padding)
    : await readNotes(elf, file, onBeyond)
  const properties = new Map<number, number>()
  for (const {owner, type, description} of notes) {
    if (owner !== 'GNU' || type !== NT_GNU.NT_GNU_PROPERTY_TYPE_0) continue
    const view = byteView(description, order)
    for (let at = 0; at + 8 <= view.length; ) {
      const size = view.u32(at + 4)
      if (at + 8 + size > view.length) break
      if (size === 4) properties.set(view.u32(at), view.u32(at + 8))
      at += 8 + Math.ceil(size / padding) * padding
    }
  }
  return properties
}
