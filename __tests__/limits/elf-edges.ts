import {expect} from '@jest/globals'
import {dynamicElf} from '../../scripts/kernel/dynamic-elf.ts'
import {EM_386, layOut, program} from '../../scripts/kernel/elf.ts'
import {
  identify,
  readDynamicSymbols,
  readGnuProperties,
  readNotes,
  readSections,
  readVariantEvidence,
} from '../../src/binary/index.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {hex} from '../support/bytes.ts'
import {buildElf} from '../support/elf-builder.ts'
import {note} from '../support/elf-writer.ts'
import {type Edges, FINE} from './edge.ts'
import {elfOf, exportsOf, needsOf, symbolsOf, told} from './program-files.ts'

/** A dynamic table of so many bytes. */
function dynamicTable(bytes: number): Uint8Array {
  const empty = dynamicElf({needed: []})
  const count = (bytes - dynamicPlace(empty).size) / 16
  return dynamicElf({needed: Array.from({length: count}, () => 'l')})
}

/** Of PT_DYNAMIC, in bytes. */
function dynamicPlace(elf: Uint8Array): {readonly offset: number; readonly size: number} {
  const view = new DataView(elf.buffer, elf.byteOffset)
  for (let at = 64; ; at += 56) {
    if (view.getUint32(at, true) !== 2) continue
    return {offset: Number(view.getBigUint64(at + 8, true)), size: Number(view.getBigUint64(at + 32, true))}
  }
}

/** Many libraries that share one list of versions: the last has all, each before one more. */
function sharedVersions(count: number): Uint8Array {
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
  const elf = buildElf({versionNeeds: [{file: 'a', versions: ['b']}], rwData: table})
  const where = Buffer.from(elf).indexOf(Buffer.from([0xfe, 0xff, 0xff, 0x6f, 0, 0, 0, 0]))
  const loads = []
  const header = new DataView(elf.buffer, elf.byteOffset)
  for (let at = 64; at < 64 + 56 * header.getUint16(56, true); at += 56)
    if (header.getUint32(at, true) === 1) loads.push(header.getBigUint64(at + 16, true))
  header.setBigUint64(where + 8, loads[1] ?? 0n, true)
  return elf
}

const versions = (count: number) => Array.from({length: count}, (_, at) => ({name: `V_${at}`, weak: false}))

/** DT_GNU_HASH in place of DT_HASH, with one bucket, whose chain has so many bytes. */
function gnuHash(chainBytes: number): Uint8Array {
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

const little = (name: string, type: number, size: number) =>
  note('little', {name, type, description: new Uint8Array(size)})

/** Whether the last note of a segment of so many bytes is seen. */
async function lastNote(bytes: number): Promise<unknown> {
  const reasons: string[] = []
  const last = little('last', 1, 0)
  const first = little('', 1, bytes - last.length - little('', 1, 0).length)
  const {elf, file} = await elfOf(buildElf({notes: [Buffer.concat([first, last])]}))
  const notes = await readNotes(elf, file, reason => reasons.push(reason))
  return notes.some(({owner}) => owner === 'last') ? FINE : reasons[0]
}

async function countNotes(count: number): Promise<unknown> {
  const notes = Buffer.concat(Array.from({length: count}, () => little('', 1, 0)))
  const {elf, file} = await elfOf(buildElf({notes: [notes]}))
  const reasons: string[] = []
  const read = await readNotes(elf, file, reason => reasons.push(reason))
  return read.length === count ? FINE : reasons[0]
}

/** A property behind one that fills the note up to so many bytes. */
async function lastProperty(bytes: number): Promise<unknown> {
  const filler = bytes - 16 - 16 - 8
  const description = new Uint8Array(filler + 8 + 16)
  const view = new DataView(description.buffer)
  view.setUint32(0, 1, true)
  view.setUint32(4, filler, true)
  view.setUint32(filler + 8, 0xc0008002, true)
  view.setUint32(filler + 12, 4, true)
  const {elf, file} = await elfOf(
    buildElf({gnuProperty: note('little', {name: 'GNU', type: 5, description, padding: 8})}),
  )
  const reasons: string[] = []
  const properties = await readGnuProperties(elf, file, reason => reasons.push(reason))
  return properties.has(0xc0008002) ? FINE : reasons[0]
}

/** What the attributes of a 32-bit ARM program say behind those of another vendor, of so many bytes together. */
async function lastAttribute(bytes: number): Promise<unknown> {
  // Debian's dash: CPU v7, FP VFPv3-D16, hard-float arguments.
  const aeabi = hex(
    '32000000616561626900012800000005372d4100060a0741080109020a0412041301140115011703180119011a021c012201',
  )
  const filler = Buffer.alloc(bytes - 1 - aeabi.length)
  filler.writeUInt32LE(filler.length, 0)
  filler.write('other\0', 4, 'latin1')
  const content = Buffer.concat([Buffer.from('A'), filler, aeabi])
  const {elf, file} = await elfOf(
    buildElf({
      class: 32,
      machine: 40,
      flags: 0x5000400,
      sections: [{name: '.ARM.attributes', type: 0x70000003, content}],
    }),
  )
  const reasons: string[] = []
  const evidence = await readVariantEvidence(
    elf,
    file,
    {os: 'linux', architecture: 'arm', variant: 'v6'},
    {onBeyond: reason => reasons.push(reason)},
  )
  return evidence.some(({source}) => source === '.ARM.attributes') ? FINE : reasons[0]
}

/** All names of a file's symbols in so many bytes. */
const symbolNames = (bytes: number) => symbolsOf({exports: [{name: 'f'}], soname: 's'.repeat(bytes - '\0f\0\0'.length)})

async function programHeaders(bytes: number): Promise<unknown> {
  const phdrs = Array.from({length: bytes / 32}, (_, at) => ({type: at === 0 ? 1 : 0, vaddr: 0x400000}))
  const elf = await identify(bytesAccess(layOut({wide: false, type: 2, machine: EM_386, phdrs})))
  return elf.kind === 'elf' ? (elf.malformed?.reason ?? FINE) : elf.kind
}

async function interpreter(bytes: number): Promise<unknown> {
  const elf = await identify(bytesAccess(program({interp: Buffer.from(`${'/'.padEnd(bytes - 1, 'i')}\0`)})))
  if (elf.kind !== 'elf') return elf.kind
  return elf.interpreter && 'refused' in elf.interpreter ? (elf.interpreter.refused?.reason ?? FINE) : FINE
}

/** The limits on what is read of an ELF file. */
export const ELF_EDGES: Edges = {
  'elf-program-header-bytes': {
    step: 32,
    look: programHeaders,
    beyond: expect.stringContaining('more than the kernel takes'),
  },
  'elf-interpreter-bytes': {look: interpreter, beyond: expect.stringContaining('not 2 to 4096')},
  'elf-dynamic-bytes': {step: 16, look: amount => needsOf(dynamicTable(amount)), beyond: told('elf-dynamic-bytes')},
  'elf-string-bytes': {
    look: amount => needsOf(dynamicElf({needed: ['n'.repeat(amount - 1)]})),
    beyond: told('elf-string-bytes'),
  },
  'elf-version-bytes': {
    step: 16,
    look: amount => needsOf(dynamicElf({needed: [], needs: [{file: 'a', versions: versions((amount - 16) / 16)}]})),
    beyond: told('elf-version-bytes'),
  },
  'elf-versions': {look: amount => needsOf(sharedVersions(amount)), beyond: told('elf-versions')},
  'elf-symbol-bytes': {look: symbolNames, beyond: told('elf-symbol-bytes')},
  'elf-symbols': {look: amount => symbolsOf({exports: exportsOf(amount - 1)}), beyond: told('elf-symbols')},
  'elf-hash-chain-bytes': {
    step: 4,
    look: async amount => {
      const {elf, file} = await elfOf(gnuHash(amount))
      const reasons: string[] = []
      const symbols = await readDynamicSymbols(elf, file, reason => reasons.push(reason))
      return symbols === undefined ? reasons[0] : FINE
    },
    beyond: told('elf-hash-chain-bytes'),
  },
  'elf-section-bytes': {
    step: 64,
    look: async amount => {
      // The first is nothing, the last has the names.
      const sections = Array.from({length: amount / 64 - 2}, () => ({name: 'a', type: 1, content: new Uint8Array(1)}))
      const {elf, file} = await elfOf(buildElf({sections}))
      const reasons: string[] = []
      const read = await readSections(elf, file, reason => reasons.push(reason))
      return read === undefined ? reasons[0] : FINE
    },
    beyond: told('elf-section-bytes'),
  },
  'elf-note-bytes': {step: 4, look: lastNote, beyond: told('elf-note-bytes')},
  'elf-notes': {look: countNotes, beyond: told('elf-notes')},
  'elf-property-bytes': {step: 8, look: lastProperty, beyond: told('elf-property-bytes')},
  'elf-attribute-bytes': {look: lastAttribute, beyond: told('elf-attribute-bytes')},
}
