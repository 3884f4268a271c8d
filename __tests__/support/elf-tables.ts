import {dynamicElf} from '../../scripts/kernel/dynamic-elf.ts'
import {defined} from '../../src/lib/defined.ts'
import {hex} from './bytes.ts'
import {buildElf} from './elf-builder.ts'
import {note} from './elf-writer.ts'

/** A dynamic table of so many bytes. */
export function dynamicTable(bytes: number): Uint8Array {
  const empty = dynamicElf({needed: []})
  const count = (bytes - dynamicPlace(empty).size) / 16
  return dynamicElf({needed: Array.from({length: count}, () => 'l')})
}

/** Of PT_DYNAMIC, in bytes. */
export function dynamicPlace(elf: Uint8Array): {readonly offset: number; readonly size: number} {
  const view = new DataView(elf.buffer, elf.byteOffset)
  for (let at = 64; ; at += 56) {
    if (view.getUint32(at, true) !== 2) continue
    return {offset: Number(view.getBigUint64(at + 8, true)), size: Number(view.getBigUint64(at + 32, true))}
  }
}

/** Many libraries that share one list of versions: the last has all, each before one more. */
export function sharedVersions(count: number, interpreter?: string): Uint8Array {
  const records = 100
  const chained = Math.floor(count / records)
  const more = count - chained * records
  // The chain behind the records, of which the first `more` libraries take one version more.
  const table = new Uint8Array(65536)
  const view = new DataView(table.buffer)
  const chainAt = records * 16
  for (let index = 0; index < records; index++) {
    const first = index < more ? chainAt : chainAt + 16
    view.setUint16(index * 16, 1, true)
    view.setUint32(index * 16 + 8, first - index * 16, true)
    view.setUint32(index * 16 + 12, index === records - 1 ? 0 : 16, true)
  }
  for (let at = 0; at <= chained; at++) view.setUint32(chainAt + at * 16 + 12, at === chained ? 0 : 16, true)
  const elf = buildElf({versionNeeds: [{file: 'a', versions: ['b']}], rwData: table, ...defined({interpreter})})
  const where = Buffer.from(elf).indexOf(Buffer.from([0xfe, 0xff, 0xff, 0x6f, 0, 0, 0, 0]))
  const loads = []
  const header = new DataView(elf.buffer, elf.byteOffset)
  for (let at = 64; at < 64 + 56 * header.getUint16(56, true); at += 56)
    if (header.getUint32(at, true) === 1) loads.push(header.getBigUint64(at + 16, true))
  header.setBigUint64(where + 8, loads[1] ?? 0n, true)
  return elf
}

/** DT_GNU_HASH in place of DT_HASH, with one bucket, whose chain has so many bytes. */
export function gnuHash(chainBytes: number): Uint8Array {
  const words = chainBytes / 4
  const table = new Uint8Array(28 + chainBytes)
  const view = new DataView(table.buffer)
  for (const [at, value] of [1, 1, 1, 0].entries()) view.setUint32(at * 4, value, true)
  view.setUint32(24, 1, true)
  view.setUint32(28 + (words - 1) * 4, 1, true)
  // It stands among the strings: all of its bytes are 0 or 1.
  const exports = Array.from({length: words}, (_, at) => ({name: `f${at}`}))
  const elf = dynamicElf({needed: [], exports, soname: `GNUHASH!${Buffer.from(table).toString('latin1')}`})
  const file = new DataView(elf.buffer, elf.byteOffset)
  const {offset} = dynamicPlace(elf)
  for (let at = offset; ; at += 16) {
    if (file.getBigUint64(at, true) !== 4n) continue
    file.setBigUint64(at, 0x6ffffef5n, true)
    file.setBigUint64(at + 8, BigInt(Buffer.from(elf).indexOf('GNUHASH!') + 8), true)
    return elf
  }
}

/** A note of GNU properties of so many bytes: x86-64-v3 is needed, behind one property that fills it. */
export function gnuProperty(bytes: number): Uint8Array {
  const filler = bytes - 16 - 16 - 8
  const description = new Uint8Array(filler + 8 + 16)
  const view = new DataView(description.buffer)
  view.setUint32(0, 1, true)
  view.setUint32(4, filler, true)
  view.setUint32(filler + 8, 0xc0008002, true)
  view.setUint32(filler + 12, 4, true)
  view.setUint32(filler + 16, 4, true)
  return note('little', {name: 'GNU', type: 5, description, padding: 8})
}

/** Build attributes of ARM, behind those of another vendor, of so many bytes together. */
export function armAttributes(bytes: number): Uint8Array {
  // Debian's dash: CPU v7, FP VFPv3-D16, hard-float arguments.
  const aeabi = hex(
    '32000000616561626900012800000005372d4100060a0741080109020a0412041301140115011703180119011a021c012201',
  )
  const filler = Buffer.alloc(bytes - 1 - aeabi.length)
  filler.writeUInt32LE(filler.length, 0)
  filler.write('other\0', 4, 'latin1')
  return Buffer.concat([Buffer.from('A'), filler, aeabi])
}

/** A static program of 32-bit ARM with these attributes, and so many sections more. */
export function armProgram(attributes: Uint8Array, more = 0): Uint8Array {
  const others = Array.from({length: more}, () => ({name: 'a', type: 1, content: new Uint8Array(1)}))
  const sections = [...others, {name: '.ARM.attributes', type: 0x70000003, content: attributes}]
  return buildElf({class: 32, machine: 40, flags: 0x5000400, sections})
}

/** A library with so many relocations that bind nothing: zeros in the place of a long name. */
export function withRelocations(count: number): Uint8Array {
  const elf = dynamicElf({needed: [], imports: [{name: 'puts'}], soname: `RELOCS!${'\0'.repeat(24 * count)}`})
  const view = new DataView(elf.buffer, elf.byteOffset)
  const {offset} = dynamicPlace(elf)
  const [DT_RELA, DT_RELASZ] = [7n, 8n]
  for (let at = offset; view.getBigUint64(at, true) !== 0n; at += 16) {
    const tag = view.getBigUint64(at, true)
    // A library is loaded at 0: an address is a place in the file.
    if (tag === DT_RELA) view.setBigUint64(at + 8, BigInt(Buffer.from(elf).indexOf('RELOCS!') + 8), true)
    if (tag === DT_RELASZ) view.setBigUint64(at + 8, BigInt(24 * count), true)
  }
  return elf
}
