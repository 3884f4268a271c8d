import {type ByteOrder, type ByteView, byteView, readUpTo} from '../../lib/byte-view.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {fixedBound, tellLimit} from '../../lib/over-limit.ts'
import type {Malformed} from '../problem.ts'
import {VER_FLG} from './constants.ts'
import type {StringTable} from './strings.ts'

/** The symbol versions that are needed of one library. */
export interface VersionNeeds {
  /** As DT_NEEDED names the library. */
  readonly file: string
  /** `weak` (VER_FLG_WEAK): the loader does without. */
  readonly versions: readonly {readonly name: string; readonly weak: boolean}[]
}

/** Where a version table is, and what reading it takes. Problems are added to `problems`. */
export interface VersionTable {
  readonly file: RandomAccess
  readonly order: ByteOrder
  readonly strings: StringTable
  readonly problems: Malformed[]
  readonly offset: number
  /** Bytes of the file that follow in the same segment. */
  readonly available: number
}

/** The most that is read of a version table, in bytes. */
const TABLE = fixedBound('elf-version-bytes')
/**
 * The most versions that are taken from a table; lists may share records, so that a small table could name millions.
 */
const VERSIONS = fixedBound('elf-versions')

/**
 *     Verneed: u16 vn_version, vn_cnt; u32 vn_file, vn_aux, vn_next
 *     Vernaux: u32 vna_hash; u16 vna_flags, vna_other; u32 vna_name, vna_next
 */
export async function readVersionNeeds(table: VersionTable): Promise<readonly VersionNeeds[]> {
  const view = await readTable(table)
  const needs: VersionNeeds[] = []
  let count = 0
  for (const at of chain(table, view, 0, 16, 12)) {
    const file = await table.strings(view.u32(at + 4))
    const versions: {readonly name: string; readonly weak: boolean}[] = []
    for (const aux of chain(table, view, at + view.u32(at + 8), 16, 12)) {
      if (++count > VERSIONS.most) {
        report(
          table,
          aux,
          tellLimit(VERSIONS, most => `more than ${most} versions are needed`),
          true,
        )
        return needs
      }
      const name = await table.strings(view.u32(aux + 8))
      if (name === undefined) report(table, aux + 8, 'a needed version has no name')
      else versions.push({name, weak: (view.u16(aux + 4) & VER_FLG.VER_FLG_WEAK) !== 0})
    }
    if (file === undefined) report(table, at + 4, 'versions are needed of a library without name')
    else needs.push({file, versions})
  }
  return needs
}

/**
 *     Verdef:  u16 vd_version, vd_flags, vd_ndx, vd_cnt; u32 vd_hash, vd_aux, vd_next
 *     Verdaux: u32 vda_name, vda_next                (the first is the version's own name, others its parents')
 */
export async function readVersionDefinitions(table: VersionTable): Promise<readonly string[]> {
  const view = await readTable(table)
  const definitions: string[] = []
  for (const at of chain(table, view, 0, 20, 16)) {
    // The base version is the library's own name.
    if ((view.u16(at + 2) & VER_FLG.VER_FLG_BASE) !== 0) continue
    const aux = at + view.u32(at + 12)
    const name = aux + 8 <= view.length ? await table.strings(view.u32(aux)) : undefined
    if (name === undefined) report(table, at + 12, 'a defined version has no name')
    else definitions.push(name)
  }
  return definitions
}

/**
 * The names of versions by the indices that DT_VERSYM has: vna_other of those that are needed, vd_ndx of those that are
 * defined. What is malformed is left out.
 */
export async function readVersionIndices(
  needs: VersionTable | undefined,
  definitions: VersionTable | undefined,
): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>()
  if (needs) {
    const view = await readTable(needs)
    for (const at of chain(needs, view, 0, 16, 12)) {
      for (const aux of chain(needs, view, at + view.u32(at + 8), 16, 12)) {
        const name = names.size < VERSIONS.most ? await needs.strings(view.u32(aux + 8)) : undefined
        if (name !== undefined) names.set(view.u16(aux + 6) & 0x7fff, name)
      }
      if (names.size >= VERSIONS.most) break
    }
  }
  if (definitions) {
    const view = await readTable(definitions)
    for (const at of chain(definitions, view, 0, 20, 16)) {
      const aux = at + view.u32(at + 12)
      const isBase = (view.u16(at + 2) & VER_FLG.VER_FLG_BASE) !== 0
      const name = !isBase && aux + 8 <= view.length ? await definitions.strings(view.u32(aux)) : undefined
      if (name !== undefined) names.set(view.u16(at + 4) & 0x7fff, name)
    }
  }
  return names
}

async function readTable({file, offset, available, order}: VersionTable): Promise<ByteView> {
  return byteView(await readUpTo(file, offset, available, TABLE.most), order)
}

/**
 * The records of a linked list, `size` bytes each, from `start`; each says at
 * `nextAt` how far the next is, 0 at the end.
 */
function chain(table: VersionTable, view: ByteView, start: number, size: number, nextAt: number): readonly number[] {
  const places: number[] = []
  for (let at = start; ; ) {
    if (at + size > view.length) {
      const isCut = view.length >= TABLE.most && table.available > view.length
      const told = tellLimit(TABLE, most => `a version table has more than ${most}`)
      report(table, at, isCut ? told : 'a version table goes on where there is none', isCut)
      return places
    }
    places.push(at)
    const next = view.u32(at + nextAt)
    if (next === 0) return places
    // Records do not overlap: every step is at least one record, so that the list ends.
    if (next < size) {
      report(table, at + nextAt, 'records of a version table overlap')
      return places
    }
    at += next
  }
}

function report({problems, offset}: VersionTable, at: number, reason: string, hidesNeeds = false): void {
  problems.push({offset: offset + at, reason, ...(hidesNeeds ? {hidesNeeds} : {})})
}
