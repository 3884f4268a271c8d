import {byteView, decodeText, exactNumber, readRange} from '../../lib/byte-view.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {defined} from '../../lib/defined.ts'
import {fixedBound, tellLimit} from '../../lib/over-limit.ts'
import {EM} from '../../platform/index.ts'
import {IGNORED, type OnBeyond} from '../problem.ts'
import {locateAddress} from './address.ts'
import {DF_1, DF_BIND_NOW, DT} from './constants.ts'
import {openDynamicStrings} from './dynamic.ts'
import {type DynamicTable, readDynamicTable} from './dynamic-table.ts'
import type {ElfIdentity} from './types.ts'
import {readVersionIndices, type VersionTable} from './versions.ts'

/** An entry of the dynamic symbol table. https://gabi.xinuos.com/elf/05-symtab.html */
export interface DynamicSymbol {
  readonly name: string
  /** STB_LOCAL 0, STB_GLOBAL 1, STB_WEAK 2, STB_GNU_UNIQUE 10. */
  readonly binding: number
  /** STT_NOTYPE 0, STT_OBJECT 1, STT_FUNC 2, STT_COMMON 5, STT_TLS 6, STT_GNU_IFUNC 10. */
  readonly type: number
  /** st_shndx is not SHN_UNDEF. */
  readonly isDefined: boolean
  /** st_value is not 0. */
  readonly hasValue: boolean
  /** By DT_VERSYM; absent where the symbol has none (the base version, or a file without versions). */
  readonly version?: string
  /** The highest bit of DT_VERSYM: only who asks for this version gets it. */
  readonly isHidden: boolean
}

/** What a loader binds, and to what it may be bound. */
export interface DynamicSymbols {
  /** Those that a hash table leads to: what others may find here. */
  readonly definitions: readonly DynamicSymbol[]
  /**
   * What relocations name, in their order, each once: `plt` of DT_JMPREL, which may wait for
   * the first call, `data` of all others.
   */
  readonly references: {readonly data: readonly DynamicSymbol[]; readonly plt: readonly DynamicSymbol[]}
  /** DT_BIND_NOW or its flags: glibc's loader binds `plt` at the start, too. */
  readonly bindsNow: boolean
  /** DT_VERSYM is there. */
  readonly hasVersions: boolean
  /** How many there are, those without a symbol too. */
  readonly relocations: number
}

/** The most that is read of a table, in bytes. */
const TABLE = fixedBound('elf-symbol-bytes')
/** The most symbols that are looked at. */
const SYMBOLS = fixedBound('elf-symbols')
/** In bytes: no chain of a hash table is longer. */
const CHAIN = fixedBound('elf-hash-chain-bytes')

/**
 * Reads the symbols that a loader sees: by the hash tables and the relocations, as it does, and never by section
 * headers. Undefined for a static program, for MIPS (whose table has an order of its own), and where a table lies
 * outside the file or is beyond a limit, which is reported to `onBeyond`: then nothing can be said.
 */
export async function readDynamicSymbols(
  elf: ElfIdentity,
  file: RandomAccess,
  onBeyond: OnBeyond = IGNORED,
): Promise<DynamicSymbols | undefined> {
  const table = await readDynamicTable(elf, file)
  if (!table || elf.header.machine === EM.EM_MIPS) return undefined
  const tables = await readTables({elf, file, table, onBeyond})
  if (!tables) return undefined
  const flags = (tag: number, bit: number) => ((table.get(tag) ?? 0n) & BigInt(bit)) !== 0n
  const {read, first, count, references} = tables
  const definitions: DynamicSymbol[] = []
  for (let index = Math.max(first, 1); index < count; index++) {
    const symbol = read(index)
    if (symbol?.isDefined) definitions.push(symbol)
  }
  const named = (indices: ReadonlySet<number>) => [...indices].flatMap(index => read(index) ?? [])
  return {
    definitions,
    references: {data: named(references.data), plt: named(references.plt)},
    bindsNow:
      table.get(DT.DT_BIND_NOW) !== undefined || flags(DT.DT_FLAGS, DF_BIND_NOW) || flags(DT.DT_FLAGS_1, DF_1.DF_1_NOW),
    hasVersions: tables.hasVersions,
    relocations: tables.relocations,
  }
}

interface Reading {
  readonly elf: ElfIdentity
  readonly file: RandomAccess
  readonly table: DynamicTable
  readonly onBeyond: OnBeyond
}

interface Tables {
  read(index: number): DynamicSymbol | undefined
  /** The symbols that hash tables lead to: from `first` up to `count`. */
  readonly first: number
  readonly count: number
  readonly references: {readonly data: ReadonlySet<number>; readonly plt: ReadonlySet<number>}
  readonly hasVersions: boolean
  readonly relocations: number
}

async function readTables(reading: Reading): Promise<Tables | undefined> {
  const {elf, file, table, onBeyond} = reading
  const {class: width, data: order} = elf.header
  const at = (tag: number, size: number | undefined) => readAt(reading, table.get(tag), size)
  const size = (tag: number) => exactNumber(table.get(tag) ?? 0n)
  const jumps = await relocationsOf(elf, table.get(DT.DT_PLTREL) === BigInt(DT.DT_RELA), DT.DT_JMPREL, DT.DT_PLTRELSZ)
  const rela = await relocationsOf(elf, true, DT.DT_RELA, DT.DT_RELASZ)
  const rel = await relocationsOf(elf, false, DT.DT_REL, DT.DT_RELSZ)
  if (!jumps || !rela || !rel) return undefined

  async function relocationsOf(of: ElfIdentity, addends: boolean, where: number, length: number) {
    if (table.get(where) === undefined) return {symbols: new Set<number>(), count: 0}
    const bytes = await at(where, size(length))
    return bytes && symbolsOf(bytes, of, addends)
  }

  const hash = await readHash(reading)
  if (!hash) return undefined
  const highest = Math.max(hash.count - 1, ...[jumps, rela, rel].map(({symbols}) => highestOf(symbols)))
  if (highest >= SYMBOLS.most) return tooManySymbols(onBeyond)
  const entry = width === 64 ? 24 : 16
  const symbols = await at(DT.DT_SYMTAB, (highest + 1) * entry)
  const text = await at(DT.DT_STRTAB, size(DT.DT_STRSZ))
  const isVersioned = table.get(DT.DT_VERSYM) !== undefined
  const versions = isVersioned ? await at(DT.DT_VERSYM, (highest + 1) * 2) : new Uint8Array()
  if (!symbols || !text || !versions) return undefined
  const names = isVersioned ? await versionNames(elf, file, table) : new Map<number, string>()
  const view = byteView(symbols, order)
  const versym = byteView(versions, order)
  return {
    read(index) {
      const start = index * entry
      const nameAt = view.u32(start)
      const end = nameAt < text.length ? text.indexOf(0, nameAt) : -1
      if (end < 0) return undefined
      const info = view.u8(start + (width === 64 ? 4 : 12))
      const section = view.u16(start + (width === 64 ? 6 : 14))
      const value = width === 64 ? view.u64(start + 8) : BigInt(view.u32(start + 4))
      const raw = isVersioned ? versym.u16(index * 2) : 0
      const version = names.get(raw & 0x7fff)
      return {
        name: decodeText(text.subarray(nameAt, end)),
        binding: info >> 4,
        type: info & 15,
        isDefined: section !== 0,
        hasValue: value !== 0n,
        ...defined({version}),
        isHidden: (raw & 0x8000) !== 0,
      }
    },
    first: hash.first,
    count: hash.count,
    references: {data: new Set([...rela.symbols, ...rel.symbols]), plt: jumps.symbols},
    hasVersions: isVersioned,
    relocations: jumps.count + rela.count + rel.count,
  }
}

function highestOf(indices: ReadonlySet<number>): number {
  let highest = 0
  for (const index of indices) highest = Math.max(highest, index)
  return highest
}

/** Bytes at an address, all of them in one segment; undefined where they are not, or are more than is read. */
async function readAt(
  {elf, file, onBeyond}: Reading,
  address: bigint | undefined,
  size: number | undefined,
): Promise<Uint8Array | undefined> {
  const place = address === undefined ? undefined : locateAddress(elf.segments, address)
  if (!place || size === undefined || size > place.available) return undefined
  if (size <= TABLE.most) return readRange(file, place.offset, size)
  onBeyond(tellLimit(TABLE, most => `a table of its symbols or relocations has more than ${most}`))
  return undefined
}

function tooManySymbols(onBeyond: OnBeyond): undefined {
  onBeyond(tellLimit(SYMBOLS, most => `it has more than ${most} dynamic symbols`))
}

/**
 * The symbols that relocations name, without symbol 0.
 *
 *     Elf64_Rela: u64 r_offset, r_info (symbol << 32 | type), r_addend     Elf64_Rel without the last
 *     Elf32_Rela: u32 r_offset, r_info (symbol << 8 | type), r_addend
 */
function symbolsOf(
  bytes: Uint8Array,
  {header}: ElfIdentity,
  addends: boolean,
): {readonly symbols: ReadonlySet<number>; readonly count: number} {
  const word = header.class === 64 ? 8 : 4
  const entry = word * (addends ? 3 : 2)
  const view = byteView(bytes, header.data)
  const symbols = new Set<number>()
  for (let at = 0; at + entry <= view.length; at += entry) {
    // The upper half of r_info, where it is wide.
    const symbol = word === 8 ? view.u32(at + (header.data === 'little' ? 12 : 8)) : view.u32(at + 4) >>> 8
    if (symbol !== 0) symbols.add(symbol)
  }
  return {symbols, count: Math.floor(view.length / entry)}
}

/** Which symbols others may find: all of DT_HASH; of DT_GNU_HASH, which loaders prefer, those from symoffset on. */
async function readHash(reading: Reading): Promise<{readonly first: number; readonly count: number} | undefined> {
  const {elf, table} = reading
  const order = elf.header.data
  const gnu = table.get(DT.DT_GNU_HASH)
  if (gnu !== undefined) return readGnuHash(reading, gnu)
  const sysv = table.get(DT.DT_HASH)
  if (sysv === undefined) return {first: 0, count: 0}
  // s390x and Alpha have entries of 8 bytes; nobody else.
  const isWide = elf.header.class === 64 && elf.header.machine === EM.EM_S390
  const bytes = await readAt(reading, sysv, isWide ? 16 : 8)
  if (!bytes) return undefined
  const view = byteView(bytes, order)
  return {first: 1, count: isWide ? (exactNumber(view.u64(8)) ?? SYMBOLS.most + 1) : view.u32(4)}
}

/**
 * u32 nbuckets, symoffset, bloom_size, bloom_shift; words of the filter; u32 buckets[]; u32
 * chains[], the last of each with bit 0 set.
 */
async function readGnuHash(
  reading: Reading,
  address: bigint,
): Promise<{readonly first: number; readonly count: number} | undefined> {
  const {elf, onBeyond} = reading
  const {class: width, data: order} = elf.header
  const head = await readAt(reading, address, 16)
  if (!head) return undefined
  const view = byteView(head, order)
  const [buckets, first, words] = [view.u32(0), view.u32(4), view.u32(8)]
  const bucketsAt = address + 16n + BigInt(words) * BigInt(width / 8)
  const bucketBytes = await readAt(reading, bucketsAt, buckets * 4)
  if (!bucketBytes) return undefined
  const bucketView = byteView(bucketBytes, order)
  let last = 0
  for (let at = 0; at < bucketView.length; at += 4) last = Math.max(last, bucketView.u32(at))
  if (last < first) return {first, count: first}
  if (last >= SYMBOLS.most) return tooManySymbols(onBeyond)
  // The chain of the last bucket ends the table.
  const chainAt = bucketsAt + BigInt(buckets) * 4n + BigInt(last - first) * 4n
  const place = locateAddress(elf.segments, chainAt)
  const chain = place && (await readAt(reading, chainAt, Math.min(place.available, CHAIN.most)))
  if (!chain) return undefined
  const chainView = byteView(chain, order)
  for (let at = 0; at + 4 <= chainView.length; at += 4) {
    if ((chainView.u32(at) & 1) === 1) return {first, count: last + at / 4 + 1}
  }
  if (place.available > CHAIN.most)
    onBeyond(tellLimit(CHAIN, most => `a chain of its DT_GNU_HASH has more than ${most}`))
  return undefined
}

async function versionNames(
  elf: ElfIdentity,
  file: RandomAccess,
  table: DynamicTable,
): Promise<ReadonlyMap<number, string>> {
  const strings = await openDynamicStrings(elf, file, table, [])
  const place = (tag: number): VersionTable | undefined => {
    const address = table.get(tag)
    const found = address === undefined ? undefined : locateAddress(elf.segments, address)
    return found && {file, order: elf.header.data, strings, problems: [], ...found}
  }
  return readVersionIndices(place(DT.DT_VERNEED), place(DT.DT_VERDEF))
}
