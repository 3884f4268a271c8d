import {gzipSync} from 'node:zlib'
import {FILE_KINDS} from '../../image/rootfs.ts'
import type {LayerDirectory, LayerFile, Owner} from '../tree/layer-tree.ts'
import type {Part} from './at-hand.ts'
import {type LayerRecord, RECORD_LIMIT} from './layer-record.ts'

/** Layers with more entries are not recorded. */
const ENTRIES_LIMIT = 200_000
/** In bytes, of all parts of a layer. */
const PARTS_LIMIT = 16 * 2 ** 20
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
  const inspections = [...record.inspections].map(([id, values]) => [
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
      unpacked: record.unpacked,
      diffId: record.diffId,
      refusals: record.refusals.map(({by, problem}) => [by, problem]),
      owners: [...owners.keys()].map(({mode, uid, gid, capability}) => [mode, uid, gid, capability ?? '']),
      files: listed,
      nodes,
      found: inspections,
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
