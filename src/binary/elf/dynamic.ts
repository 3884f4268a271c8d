import {exactNumber} from '../../lib/byte-view.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {defined} from '../../lib/defined.ts'
import {tellLimit} from '../../lib/over-limit.ts'
import type {Malformed} from '../problem.ts'
import {locateAddress} from './address.ts'
import {DF_1, DT} from './constants.ts'
import {DYNAMIC_LIMIT, type DynamicTable, readDynamicTable} from './dynamic-table.ts'
import {openStrings, STRING_LIMIT, type StringTable} from './strings.ts'
import type {ElfIdentity} from './types.ts'
import {readVersionDefinitions, readVersionNeeds, type VersionNeeds} from './versions.ts'

/** What a loader reads of a program or library before it looks for others. */
export interface DynamicInfo {
  /** DT_NEEDED, in order. */
  readonly needed: readonly string[]
  readonly soname?: string
  /** DT_RPATH and DT_RUNPATH as they stand, `$ORIGIN` and colons included. */
  readonly rpath?: string
  readonly runpath?: string
  /** DF_1_PIE: a position-independent executable, static-pie included. */
  readonly pie: boolean
  /** DF_1_NODEFLIB: the loader leaves out its default directories. */
  readonly noDefaultLibraries: boolean
  /** DT_RELR: glibc then wants the version GLIBC_ABI_DT_RELR of libc. */
  readonly relr: boolean
  readonly versionNeeds: readonly VersionNeeds[]
  /** Without the base version; undefined where the file has no DT_VERDEF, which a loader takes for "any version". */
  readonly versionDefinitions?: readonly string[]
  readonly malformed?: Malformed
  /** Why what the file needs may be more than is said here. */
  readonly unknownNeeds?: string
}

/** Reads the dynamic table by PT_DYNAMIC, addresses mapped through PT_LOAD; undefined for a static program. */
export async function readDynamic(elf: ElfIdentity, file: RandomAccess): Promise<DynamicInfo | undefined> {
  const table = await readDynamicTable(elf, file)
  if (!table) return undefined
  const problems: Malformed[] = []
  if (table.read < table.size && !table.ended) {
    const isLonger = table.read >= DYNAMIC_LIMIT.most
    const tell = (most: string): string => `the dynamic table has more than ${most}`
    problems.push({
      offset: table.offset + table.read,
      reason: isLonger ? tellLimit(DYNAMIC_LIMIT, tell) : 'the dynamic table does not end there',
      ...(isLonger ? {hidesNeeds: true} : {}),
    })
  }
  const strings = await openDynamicStrings(elf, file, table, problems)
  const place = (tag: number, name: string) => {
    const address = table.get(tag)
    if (address === undefined) return undefined
    const found = locateAddress(elf.segments, address)
    if (!found) problems.push({offset: table.offset, reason: `${name} 0x${address.toString(16)} is in no segment`})
    return found
  }
  const order = elf.header.data
  const verneed = place(DT.DT_VERNEED, 'DT_VERNEED')
  const verdef = place(DT.DT_VERDEF, 'DT_VERDEF')
  const needs = verneed && (await readVersionNeeds({file, order, strings, problems, ...verneed}))
  const definitions = verdef && (await readVersionDefinitions({file, order, strings, problems, ...verdef}))

  const text = async (tag: number, name: string): Promise<string | undefined> => {
    const index = table.get(tag)
    return index === undefined ? undefined : textAt(strings, index, name, table.offset, problems)
  }
  const needed: string[] = []
  for (const index of table.getAll(DT.DT_NEEDED)) {
    const name = await textAt(strings, index, 'DT_NEEDED', table.offset, problems)
    if (name !== undefined) needed.push(name)
  }
  const soname = await text(DT.DT_SONAME, 'DT_SONAME')
  const rpath = await text(DT.DT_RPATH, 'DT_RPATH')
  const runpath = await text(DT.DT_RUNPATH, 'DT_RUNPATH')
  const flags1 = table.get(DT.DT_FLAGS_1) ?? 0n
  const [malformed] = problems
  const unknownNeeds = problems.find(({hidesNeeds}) => hidesNeeds)?.reason
  return {
    needed,
    ...defined({soname, rpath, runpath}),
    pie: (flags1 & BigInt(DF_1.DF_1_PIE)) !== 0n,
    noDefaultLibraries: (flags1 & BigInt(DF_1.DF_1_NODEFLIB)) !== 0n,
    relr: table.get(DT.DT_RELR) !== undefined,
    versionNeeds: needs ?? [],
    ...defined({versionDefinitions: definitions, malformed, unknownNeeds}),
  }
}

/** The string table of the dynamic table. */
export async function openDynamicStrings(
  elf: ElfIdentity,
  file: RandomAccess,
  table: DynamicTable,
  problems: Malformed[],
): Promise<StringTable> {
  const address = table.get(DT.DT_STRTAB)
  const place = address === undefined ? undefined : locateAddress(elf.segments, address)
  if (!place) {
    problems.push({offset: table.offset, reason: 'the dynamic table names no string table that is in the file'})
    return async () => undefined
  }
  const size = exactNumber(table.get(DT.DT_STRSZ) ?? 0n) ?? place.available
  return openStrings(file, place.offset, Math.min(size, place.available))
}

async function textAt(
  strings: StringTable,
  index: bigint,
  name: string,
  offset: number,
  problems: Malformed[],
): Promise<string | undefined> {
  const number = exactNumber(index)
  const text = number === undefined ? undefined : await strings(number)
  if (text === undefined) {
    const tell = (most: string): string => `${name} is not a string of less than ${most} in the string table`
    problems.push({offset, reason: tellLimit(STRING_LIMIT, tell), hidesNeeds: true})
  }
  return text
}
