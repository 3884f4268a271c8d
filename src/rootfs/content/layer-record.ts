import {gunzipSync, gzipSync} from 'node:zlib'
import {FILE_KINDS} from '../../image/rootfs.ts'
import {COMPRESSIONS, type Compression} from '../../lib/decompress.ts'
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

/** All that was learnt of a layer. What an inspection found is plain JSON data, by the inspection's id. */
export interface LayerRecord {
  /** In bytes, of the blob, where its manifest said so; it was held to that when it was read. */
  readonly size: number | undefined
  readonly compression: Compression
  readonly entries: number
  readonly root: LayerDirectory
  readonly found: ReadonlyMap<string, ReadonlyMap<LayerFile, unknown>>
  readonly parts: Iterable<readonly [LayerFile, readonly Part[]]>
}

/** Layers with more entries are not recorded. */
const ENTRIES_LIMIT = 200_000
/** In bytes, of all parts of a layer. */
const PARTS_LIMIT = 16 * 2 ** 20
/** In bytes, of a record that is unpacked. */
const RECORD_LIMIT = 128 * 2 ** 20

/**
 * Writes a record down: gzip of the length of a JSON text (u32, big-endian), that text, and the parts one behind the
 * other. Undefined where the layer is too large to be worth it. In the JSON, a node is `[parent, name, …]`, the root
 * the first, each after its parent; files stand in a list of their own, for several nodes may be one.
 */
export function encodeRecord(record: LayerRecord): Uint8Array | undefined {
  if (record.entries > ENTRIES_LIMIT) return undefined
  const files = new Map<LayerFile, number>()
  const owners = new Map<Owner, number>()
  const indexOf = <T>(known: Map<T, number>, one: T): number => {
    const index = known.get(one) ?? known.size
    known.set(one, index)
    return index
  }
  const nodes: unknown[] = [directoryEntry(-1, '', record.root)]
  const open: (readonly [LayerDirectory, number])[] = [[record.root, 0]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [directory, parent] = next
    for (const [name, child] of directory.children) {
      if (child.kind === 'directory') open.push([child, nodes.length])
      if (child.kind === 'directory') nodes.push(directoryEntry(parent, name, child))
      else if (child.kind === 'hard-link') nodes.push([parent, name, child.target, child.hidden ? 1 : 0])
      else nodes.push([parent, name, indexOf(files, child)])
    }
  }
  const listed = [...files.keys()].map(({kind, owner, size, offset, target, sparse}) => [
    FILE_KINDS.indexOf(kind),
    indexOf(owners, owner),
    size,
    offset,
    target ?? 0,
    sparse ? [sparse.length, ...sparse.regions.flatMap(region => [region.offset, region.length])] : 0,
  ])
  const found = [...record.found].map(([id, values]) => [
    id,
    [...values].flatMap(([file, value]) => {
      const index = files.get(file)
      return index === undefined ? [] : [[index, value]]
    }),
  ])
  const kept = keepParts(record.parts, files)
  const text = Buffer.from(
    JSON.stringify({
      size: record.size ?? -1,
      compression: record.compression,
      entries: record.entries,
      owners: [...owners.keys()].map(({mode, uid, gid, capability}) => [mode, uid, gid, capability ?? '']),
      files: listed,
      nodes,
      found,
      parts: kept.map(({index, part}) => [index, part.offset, part.bytes.length]),
    }),
  )
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  const bytes = Buffer.concat([length, text, ...kept.map(({part}) => part.bytes)])
  return bytes.length > RECORD_LIMIT ? undefined : gzipSync(bytes, {level: 3})
}

function directoryEntry(parent: number, name: string, {mode, uid, gid, opaque, whiteouts}: LayerDirectory): unknown[] {
  return [parent, name, mode, uid, gid, opaque ? 1 : 0, [...(whiteouts ?? [])]]
}

function keepParts(parts: LayerRecord['parts'], files: ReadonlyMap<LayerFile, number>) {
  let room = PARTS_LIMIT
  const kept: {readonly index: number; readonly part: Part}[] = []
  for (const [file, ofFile] of parts) {
    const index = files.get(file)
    for (const part of index === undefined ? [] : ofFile) {
      if (index === undefined || part.bytes.length > room) continue
      room -= part.bytes.length
      kept.push({index, part})
    }
  }
  return kept
}

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
    root: readTree(list(record.nodes), fileOf),
    found: new Map(
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
