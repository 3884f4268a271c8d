import {buildElf, type ElfOptions} from '../../../__tests__/support/elf-builder.ts'
import {
  armAttributes,
  armProgram,
  gnuHash,
  gnuProperty,
  withRelocations,
} from '../../../__tests__/support/elf-tables.ts'
import {note} from '../../../__tests__/support/elf-writer.ts'
import {type DynamicShape, dynamicElf} from '../../kernel/dynamic-elf.ts'
import {type TarItem, tarItem} from '../../support/tar-builder.ts'
import type {ImageFolder} from '../image-folder.ts'
import type {Shape} from '../shape.ts'
import {APP, TAR_END} from '../tars.ts'
import {LOADER as GLIBC, GLIBC_LOADER} from './programs.ts'

const MIB = 2 ** 20
const MUSL = '/lib/ld-musl-x86_64.so.1'
const UNDETERMINED = {rule: 'undetermined'} as const
const RELOCATION = 24

/** Symbols, relocations, notes and caches: what loaders read in tables, at and beyond the limits. */
export const TABLES: readonly Shape[] = [
  bound('199,999 symbols', 'elf-symbols', 'verified', library({exports: symbols(199_999)})),
  bound('200,000 symbols', 'elf-symbols', UNDETERMINED, library({exports: symbols(200_000)})),
  bound(
    'names of symbols of 32 MiB',
    'elf-symbol-bytes',
    'verified',
    library({exports: [{name: 's'.repeat(32 * MIB - 2)}]}),
  ),
  bound(
    'names of symbols of more',
    'elf-symbol-bytes',
    UNDETERMINED,
    library({exports: [{name: 's'.repeat(32 * MIB - 1)}]}),
  ),
  bound('relocations of 31 MiB', 'elf-symbol-bytes', 'verified', relocations(Math.floor((31 * MIB) / RELOCATION))),
  bound(
    'relocations of more than 32 MiB',
    'elf-symbol-bytes',
    UNDETERMINED,
    relocations(Math.ceil((32 * MIB) / RELOCATION) + 1),
  ),
  bound('3,900,000 relocations of three libraries', 'program-symbols', 'verified', ...several(3, 1_300_000)),
  bound('5,200,000 relocations of four libraries', 'program-symbols', UNDETERMINED, ...several(4, 1_300_000)),
  bound('a chain of a hash of 4 KiB', 'elf-hash-chain-bytes', 'verified', () => gnuHash(4096)),
  bound('a chain of a hash of more', 'elf-hash-chain-bytes', UNDETERMINED, () => gnuHash(4100)),
  program('a note segment of 16 KiB', 'elf-note-bytes', 'verified', {notes: [longNote(16 * 1024)]}),
  program('a note segment of more', 'elf-note-bytes', UNDETERMINED, {notes: [longNote(16 * 1024 + 4)]}),
  program('256 notes', 'elf-notes', 'verified', {notes: [notes(256)]}),
  program('257 notes', 'elf-notes', UNDETERMINED, {notes: [notes(257)]}),
  program('properties of 4 KiB', 'elf-property-bytes', {rule: 'variant-too-new'}, {gnuProperty: gnuProperty(4096)}),
  program('properties of more', 'elf-property-bytes', UNDETERMINED, {gnuProperty: gnuProperty(4104)}),
  arm('build attributes of 64 KiB', 'elf-attribute-bytes', 'verified', () => armProgram(armAttributes(65_536))),
  arm('build attributes of more', 'elf-attribute-bytes', UNDETERMINED, () => armProgram(armAttributes(65_537))),
  arm('4,000 sections', 'elf-section-bytes', 'verified', () => armProgram(armAttributes(4096), 4000)),
  arm('10,000 sections', 'elf-section-bytes', UNDETERMINED, () => armProgram(armAttributes(4096), 10_000)),
  cache('100,000 entries', 'loader-cache-entries', 'verified', 100_000),
  cache('100,001 entries', 'loader-cache-entries', UNDETERMINED, 100_001),
  cache('100,000 entries of one path of four KiB', 'loader-bytes', UNDETERMINED, 100_000, 4000),
  glibc('a loader of 16 MiB of directories', 'loader-bytes', 'verified', {
    more: () => Buffer.from(`\0${'/lib/\0'.repeat((16 * MIB - 5000) / 6)}`),
  }),
  glibc('a loader of more than 16 MiB', 'loader-bytes', UNDETERMINED, {more: () => Buffer.alloc(16 * MIB)}),
]

type Limit = NonNullable<Shape['limit']>

function symbols(count: number): NonNullable<DynamicShape['exports']> {
  return Array.from({length: count}, (_, at) => ({name: `f${at}`}))
}

function library(shape: Partial<DynamicShape>): () => Uint8Array {
  return () => dynamicElf({needed: [], ...shape})
}

function relocations(count: number): () => Uint8Array {
  return () => withRelocations(count)
}

function several(libraries: number, count: number): readonly (() => Uint8Array)[] {
  return Array.from({length: libraries}, () => relocations(count))
}

/** So many notes without anything in them. */
function notes(count: number): Uint8Array {
  return new Uint8Array(12 * count)
}

/** A note of so many bytes. */
function longNote(bytes: number): Uint8Array {
  return note('little', {name: '', type: 1, description: new Uint8Array(bytes - 16)})
}

/** A program that needs these libraries, of which musl binds every symbol. */
function bound(
  name: string,
  limit: Limit,
  outcome: Shape['outcome'],
  ...libraries: readonly (() => Uint8Array)[]
): Shape {
  return {
    ...{name: `a library of ${name}`, limit, outcome},
    make: async image => {
      const needed = libraries.map((_, at) => `lib${at}.so`)
      await putFiles(image, [
        {...APP, content: dynamicElf({interp: MUSL, needed})},
        {name: MUSL.slice(1), mode: 0o755, content: dynamicElf({needed: [], exports: [{name: 'puts'}]})},
        ...libraries.map((make, at) => ({name: `lib/lib${at}.so`, content: make()})),
      ])
    },
  }
}

/** A static program. */
function program(name: string, limit: Limit, outcome: Shape['outcome'], own: ElfOptions): Shape {
  const make = (image: ImageFolder) => putFiles(image, [{...APP, content: buildElf(own)}])
  return {name: `a program of ${name}`, limit, outcome, make}
}

function arm(name: string, limit: Limit, outcome: Shape['outcome'], content: () => Uint8Array): Shape {
  const platform = {os: 'linux', architecture: 'arm', variant: 'v7'}
  const make = (image: ImageFolder) => putFiles(image, [{...APP, content: content()}], platform)
  return {name: `a program of ARM of ${name}`, limit, outcome, make}
}

/** What stands beside a program of glibc: other files, and what there is more in its loader. */
interface Beside {
  readonly others?: () => readonly TarItem[]
  readonly more?: () => Uint8Array
}

/** A program of glibc that needs a library. */
function glibc(name: string, limit: Limit, outcome: Shape['outcome'], {others, more}: Beside): Shape {
  return {
    ...{name, limit, outcome},
    make: image =>
      putFiles(image, [
        {...APP, content: buildElf({type: 'dyn', interpreter: GLIBC, needed: ['lib0.so']})},
        {name: 'l/lib0.so', content: buildElf({type: 'dyn', soname: 'lib0.so'})},
        {name: GLIBC.slice(1), mode: 0o755, content: Buffer.concat([GLIBC_LOADER, more?.() ?? Buffer.alloc(0)])},
        ...(others?.() ?? []),
      ]),
  }
}

/** ld.so.cache with so many entries, each of a name of its own, whose one path is so much longer than it has to be. */
function cache(name: string, limit: Limit, outcome: Shape['outcome'], count: number, longer = 0): Shape {
  const others = () => {
    const [header, entry] = [48, 24]
    const path = `/${'./'.repeat(longer / 2)}l/lib0.so\0`
    const names = Array.from({length: count}, (_, at) => `n${String(at).padStart(6, '0')}\0`)
    const strings = header + count * entry
    const bytes = Buffer.alloc(strings)
    bytes.write('glibc-ld.so.cache1.1', 0, 'latin1')
    bytes.writeUInt32LE(count, 20)
    for (let at = 0; at < count; at++) {
      bytes.writeInt32LE(1, header + at * entry)
      bytes.writeUInt32LE(strings + path.length + at * 8, header + at * entry + 4)
      bytes.writeUInt32LE(strings, header + at * entry + 8)
    }
    return [{name: 'etc/ld.so.cache', content: Buffer.concat([bytes, Buffer.from(path + names.join(''), 'latin1')])}]
  }
  return glibc(`an ld.so.cache of ${name}`, limit, outcome, {others})
}

async function putFiles(image: ImageFolder, items: readonly TarItem[], platform?: object): Promise<void> {
  const layer = await image.putLayer([...items.map(item => tarItem(item)), TAR_END], 'zstd')
  await image.setRoot(await image.putImage({layers: [layer], ...(platform === undefined ? {} : {platform})}))
}
