import {gunzipSync} from 'node:zlib'
import {FILE_KINDS} from '../../image/rootfs.ts'
import {type EngineRefusal, REFUSING} from '../../image/source.ts'
import {COMPRESSIONS} from '../../lib/decompress.ts'
import type {SparseRegion} from '../../lib/tar-sparse.ts'
import {
  impliedDirectory,
  type LayerDirectory,
  type LayerFile,
  type LayerLink,
  type Owner,
  type PackedContent,
} from '../tree/layer-tree.ts'
import type {Part} from './at-hand.ts'
import {type LayerRecord, RECORD_LIMIT} from './layer-record.ts'

/** Reads a record; undefined where the bytes are none. */
export function decodeRecord(bytes: Uint8Array): LayerRecord | undefined {
  try {
    const unpacked = gunzipSync(bytes, {maxOutputLength: RECORD_LIMIT})
    const end = 4 + unpacked.readUInt32BE(0)
    return readRecord(fields(JSON.parse(unpacked.toString('utf8', 4, end))), unpacked.subarray(end))
  } catch {
    // Whatever is wrong with it, it is of no use.
    return undefined
  }
}

function readRecord(record: Readonly<Record<string, unknown>>, content: Buffer): LayerRecord {
  const owners = list(record.owners).map((row): Owner => {
    const [mode, uid, gid, capability] = list(row)
    const owner = {mode: integer(mode), uid: integer(uid), gid: integer(gid)}
    return text(capability) === '' ? owner : {...owner, capability: text(capability)}
  })
  const files = list(record.files).map((row): LayerFile => {
    const [kind, owner, size, offset, target, sparse] = list(row)
    const name = there(FILE_KINDS[integer(kind)])
    if (name === 'directory') throw new Error('a directory among the files')
    return {
      kind: name,
      owner: there(owners[integer(owner)]),
      size: integer(size),
      offset: integer(offset),
      target: target === 0 ? undefined : text(target),
      sparse: sparse === 0 ? undefined : packed(list(sparse).map(integer)),
    }
  })
  const fileOf = (index: unknown): LayerFile => there(files[integer(index)])
  let at = 0
  const parts = new Map<LayerFile, Part[]>()
  for (const row of list(record.parts)) {
    const [index, offset, length] = list(row)
    const end = at + integer(length)
    if (end > content.length) throw new Error('a part that is not there')
    const file = fileOf(index)
    const part = {offset: integer(offset), bytes: content.subarray(at, end)}
    parts.set(file, [...(parts.get(file) ?? []), part])
    at = end
  }
  const size = integer(record.size)
  return {
    size: size < 0 ? undefined : size,
    compression: there(COMPRESSIONS.find(known => known === record.compression)),
    entries: integer(record.entries),
    unpacked: integer(record.unpacked),
    diffId: text(record.diffId),
    refusals: list(record.refusals).map(refusal),
    root: readTree(list(record.nodes), fileOf),
    inspections: new Map(
      list(record.found).map(row => {
        const [id, values] = list(row)
        const pairs = list(values).map((pair): readonly [LayerFile, unknown] => {
          const [index, value] = list(pair)
          return [fileOf(index), value]
        })
        return [text(id), new Map(pairs)]
      }),
    ),
    parts,
  }
}

function refusal(row: unknown): EngineRefusal {
  const [by, problem] = list(row)
  return {by: there(REFUSING.find(known => known === by)), problem: text(problem)}
}

function readTree(rows: readonly unknown[], fileOf: (index: unknown) => LayerFile): LayerDirectory {
  const directories = new Map<number, LayerDirectory>()
  for (const [number, row] of rows.entries()) {
    const [parent, name, what, uid, gid, opaque, whiteouts] = list(row)
    const isDirectory = whiteouts !== undefined
    const directory: LayerDirectory | undefined = isDirectory
      ? {...impliedDirectory(), mode: integer(what), uid: integer(uid), gid: integer(gid), opaque: opaque === 1}
      : undefined
    if (directory) {
      const hidden = list(whiteouts).map(text)
      if (hidden.length > 0) directory.whiteouts = new Set(hidden)
      directories.set(number, directory)
    }
    if (number === 0) continue
    const node = directory ?? (typeof what === 'string' ? link(what, uid) : fileOf(what))
    there(directories.get(integer(parent))).children.set(text(name), node)
  }
  return there(directories.get(0))
}

function link(target: string, hidden: unknown): LayerLink {
  return {kind: 'hard-link', target, ...(hidden === 1 ? {hidden: true} : {})}
}

function packed([length, ...numbers]: readonly number[]): PackedContent {
  const regions: SparseRegion[] = []
  for (let at = 0; at < numbers.length; at += 2) {
    regions.push({offset: there(numbers[at]), length: there(numbers[at + 1])})
  }
  return {length: there(length), regions}
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Error('no object')
  return {...value}
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error('no list')
  return value
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('no text')
  return value
}

function integer(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Error('no whole number')
  return value
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('something is missing')
  return value
}
