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
import {buildElf} from '../support/elf-builder.ts'
import {armAttributes, armProgram, dynamicTable, gnuHash, gnuProperty, sharedVersions} from '../support/elf-tables.ts'
import {note} from '../support/elf-writer.ts'
import {type Edges, FINE} from './edge.ts'
import {elfOf, exportsOf, needsOf, symbolsOf, told} from './program-files.ts'

const versions = (count: number) => Array.from({length: count}, (_, at) => ({name: `V_${at}`, weak: false}))

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

/** Whether the last property of a note of so many bytes is seen. */
async function lastProperty(bytes: number): Promise<unknown> {
  const {elf, file} = await elfOf(buildElf({gnuProperty: gnuProperty(bytes)}))
  const reasons: string[] = []
  const properties = await readGnuProperties(elf, file, reason => reasons.push(reason))
  return properties.has(0xc0008002) ? FINE : reasons[0]
}

/** What the attributes of a 32-bit ARM program say behind those of another vendor, of so many bytes together. */
async function lastAttribute(bytes: number): Promise<unknown> {
  const {elf, file} = await elfOf(armProgram(armAttributes(bytes)))
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
