import {byteView, readUpTo} from '../../lib/byte-view.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {fixedBound} from '../../lib/over-limit.ts'
import {DT, PT} from './constants.ts'
import type {ElfIdentity} from './types.ts'

/** The entries of PT_DYNAMIC. */
export interface DynamicTable {
  /** The last one counts, as in glibc's elf_get_dynamic_info. */
  get(tag: number): bigint | undefined
  getAll(tag: number): readonly bigint[]
  /** A DT_NULL was seen. */
  readonly ended: boolean
  /** In bytes: where the table is in the file, how much of it was read, and how much there is. */
  readonly offset: number
  readonly read: number
  readonly size: number
}

/** 1024 entries of ELF64. */
export const DYNAMIC_LIMIT = fixedBound('elf-dynamic-bytes')

/** Undefined for a static program. */
export async function readDynamicTable(elf: ElfIdentity, file: RandomAccess): Promise<DynamicTable | undefined> {
  const segment = elf.segments.find(({type}) => type === PT.PT_DYNAMIC)
  if (!segment || segment.filesz === 0) return undefined
  const bytes = await readUpTo(file, segment.offset, segment.filesz, DYNAMIC_LIMIT.most)
  return {...decodeTable(bytes, elf), offset: segment.offset, read: bytes.length, size: segment.filesz}
}

/** Elf64_Dyn: u64 d_tag, d_val; Elf32_Dyn: u32 each. */
function decodeTable(bytes: Uint8Array, {header}: ElfIdentity): Pick<DynamicTable, 'get' | 'getAll' | 'ended'> {
  const view = byteView(bytes, header.data)
  const size = header.class === 64 ? 8 : 4
  const word = (at: number) => (size === 8 ? view.u64(at) : BigInt(view.u32(at)))
  const entries: (readonly [bigint, bigint])[] = []
  let ended = false
  for (let at = 0; at + 2 * size <= view.length && !ended; at += 2 * size) {
    const tag = word(at)
    if (tag === BigInt(DT.DT_NULL)) ended = true
    else entries.push([tag, word(at + size)])
  }
  const getAll = (tag: number) => entries.filter(([name]) => name === BigInt(tag)).map(([, value]) => value)
  return {get: tag => getAll(tag).at(-1), getAll, ended}
}
