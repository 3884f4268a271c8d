import {byteView, decodeCString, exactNumber, readRange} from '../../lib/byte-view.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {fixedBound, tellLimit} from '../../lib/over-limit.ts'
import {IGNORED, type OnBeyond} from '../problem.ts'
import {SHDR_SIZE, SHT} from './constants.ts'
import type {ElfIdentity} from './types.ts'

/** A section that has content in the file. */
export interface Section {
  readonly name: string
  readonly type: number
  readonly offset: number
  /** In bytes. */
  readonly size: number
}

/** The most that is read of the section headers, and of their names, in bytes: 4096 sections of ELF64. */
const TABLE = fixedBound('elf-section-bytes')

/**
 * Reads the section headers. Nothing that runs a program looks at them, and strip(1) and packers remove or break them:
 * undefined where they are not there or make no sense. Sections outside the file are left out.
 */
export async function readSections(
  elf: ElfIdentity,
  file: RandomAccess,
  onBeyond: OnBeyond = IGNORED,
): Promise<readonly Section[] | undefined> {
  const {header} = elf
  const size = SHDR_SIZE[header.class]
  const offset = exactNumber(header.shoff)
  if (!offset || header.shentsize !== size) return undefined
  const length = header.shnum * size
  if (length === 0 || offset + length > file.size) return undefined
  if (length > TABLE.most) return tooLarge(onBeyond)
  const bytes = await readRange(file, offset, length)
  if (!bytes) return undefined
  const raw = decodeTable(bytes, elf)
  const strings = raw[header.shstrndx]
  if (!strings || strings.offset + strings.size > file.size) return undefined
  if (strings.size > TABLE.most) return tooLarge(onBeyond)
  const names = await readRange(file, strings.offset, strings.size)
  if (!names) return undefined
  return raw
    .filter(
      ({type, offset: at, size: room}) => type !== SHT.SHT_NULL && type !== SHT.SHT_NOBITS && at + room <= file.size,
    )
    .map(({nameIndex, ...section}) => ({name: decodeCString(names.subarray(nameIndex, nameIndex + 256)), ...section}))
}

function tooLarge(onBeyond: OnBeyond): undefined {
  onBeyond(tellLimit(TABLE, most => `its section headers, or their names, have more than ${most}`))
}

/**
 *     Elf64_Shdr: u32 sh_name, sh_type; u64 sh_flags, sh_addr, sh_offset, sh_size; …
 *     Elf32_Shdr: u32 sh_name, sh_type, sh_flags, sh_addr, sh_offset, sh_size; …
 */
function decodeTable(bytes: Uint8Array, {header}: ElfIdentity) {
  const view = byteView(bytes, header.data)
  const wide = header.class === 64
  const sections = []
  for (let at = 0; at < view.length; at += SHDR_SIZE[header.class]) {
    sections.push({
      nameIndex: view.u32(at),
      type: view.u32(at + 4),
      // Beyond 2^53 is beyond the file, too.
      offset: wide ? Number(view.u64(at + 24)) : view.u32(at + 16),
      size: wide ? Number(view.u64(at + 32)) : view.u32(at + 20),
    })
  }
  return sections
}
