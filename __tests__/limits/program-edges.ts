import {expect} from '@jest/globals'
import {type DynamicShape, dynamicElf} from '../../scripts/kernel/dynamic-elf.ts'
import {EM_386, layOut, program} from '../../scripts/kernel/elf.ts'
import {
  identify,
  readDynamic,
  readDynamicSymbols,
  readGnuProperties,
  readNotes,
  readSections,
  readVariantEvidence,
} from '../../src/binary/index.ts'
import {checkLibraries, readStartup} from '../../src/exec/index.ts'
import {parseLibraryCache} from '../../src/exec/loader/cache.ts'
import type {LoaderInput} from '../../src/exec/loader/check.ts'
import {hasApplet} from '../../src/exec/wrappers/applets.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {defined} from '../../src/lib/defined.ts'
import {hex} from '../support/bytes.ts'
import {buildElf} from '../support/elf-builder.ts'
import {note} from '../support/elf-writer.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {type Edges, FINE} from './edge.ts'

const AMD64 = {os: 'linux', architecture: 'amd64', variant: ''}
const GLIBC = '/lib64/ld-linux-x86-64.so.2'

async function elfOf(bytes: Uint8Array) {
  const file = bytesAccess(bytes)
  const elf = await identify(file)
  if (elf.kind !== 'elf') throw new Error(elf.kind)
  return {elf, file}
}

/** What is not known of what a program needs. */
async function needsOf(bytes: Uint8Array): Promise<unknown> {
  const {elf, file} = await elfOf(bytes)
  return (await readDynamic(elf, file))?.unknownNeeds ?? FINE
}

async function symbolsOf(shape: Partial<DynamicShape>): Promise<unknown> {
  const {elf, file} = await elfOf(dynamicElf({needed: [], ...shape}))
  return (await readDynamicSymbols(elf, file)) === undefined ? 'nothing' : FINE
}

const told = (name: string) => expect.stringContaining(`(limit ${name})`)

/** What is wrong with the start of `/app`, in words. */
async function start(files: MemoryTree, user = ''): Promise<unknown> {
  const {steps, undetermined} = await readStartup({
    config: imageConfig({entrypoint: ['/app'], user}),
    rootfs: memoryRootfs({'/etc/group': '', ...files}),
    platform: AMD64,
  })
  const [obstacle] = steps.flatMap(one => one.obstacle ?? [])
  return obstacle ? obstacle.kind : (undetermined ?? FINE)
}

const lib = (shape: Partial<DynamicShape> = {}) => executable(dynamicElf({needed: [], ...shape}))
const loader = (size = 0): Uint8Array => {
  const parts = [
    dynamicElf({needed: [], soname: 'ld-linux-x86-64.so.2', defines: ['GLIBC_2.2.5', 'GLIBC_PRIVATE']}),
    Buffer.from('\0/usr/lib/x86_64-linux-gnu/\0/lib/\0/usr/lib/\0'),
  ]
  const whole = Buffer.concat(parts)
  return size === 0 ? whole : Buffer.concat([whole, Buffer.alloc(size - whole.length)])
}
const linked = (needed: readonly string[]) => executable(dynamicElf({interp: GLIBC, needed}))
const native = executable(program({}))

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
  const last = little('last', 1, 0)
  const first = little('', 1, bytes - last.length - little('', 1, 0).length)
  const {elf, file} = await elfOf(buildElf({notes: [Buffer.concat([first, last])]}))
  return (await readNotes(elf, file)).some(({owner}) => owner === 'last') ? FINE : 'nothing'
}

async function countNotes(count: number): Promise<unknown> {
  const notes = Buffer.concat(Array.from({length: count}, () => little('', 1, 0)))
  const {elf, file} = await elfOf(buildElf({notes: [notes]}))
  return (await readNotes(elf, file)).length === count ? FINE : 'nothing'
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
  return (await readGnuProperties(elf, file)).has(0xc0008002) ? FINE : 'nothing'
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
  const evidence = await readVariantEvidence(elf, file, {os: 'linux', architecture: 'arm', variant: 'v6'})
  return evidence.some(({source}) => source === '.ARM.attributes') ? FINE : 'nothing'
}

/** All names of a file's symbols in so many bytes. */
const symbolNames = (bytes: number) => symbolsOf({exports: [{name: 'f'}], soname: 's'.repeat(bytes - '\0f\0\0'.length)})

const exportsOf = (count: number) => Array.from({length: count}, (_, at) => ({name: `f${at}`}))

/** What its loader makes of `/app`, in words. */
async function load(files: MemoryTree, bounds: LoaderInput['bounds']): Promise<unknown> {
  const rootfs = memoryRootfs(files)
  const open = async (path: string) => {
    const found = await rootfs.lookup(path)
    const elf = found.outcome === 'found' ? await identify(await rootfs.open(found.node)) : undefined
    if (found.outcome !== 'found' || elf?.kind !== 'elf') throw new Error(`${path} is no program`)
    return {path, node: found.node, elf}
  }
  const program = await open('/app')
  const loader = await open(program.elf.interpreter?.path ?? '')
  const user = {uid: 0, gid: 0, groups: [], home: undefined}
  const process = {cwd: '/', user, env: new Map<string, string>(), argv: ['/app']}
  const report = await checkLibraries({rootfs, process, program, loader, ...defined({bounds})})
  return report.undetermined ?? report.obstacles[0]?.kind ?? FINE
}

/** Whether a symbol is missed that a program binds at its start, its library having so many with it. */
async function findSymbol(count: number, most: number): Promise<unknown> {
  const MUSL = '/lib/ld-musl-x86_64.so.1'
  const imports = [{name: 'missing'}]
  const files = {
    ...{[MUSL]: lib(), '/lib/liba.so': lib({exports: exportsOf(count - imports.length)})},
    '/app': executable(dynamicElf({interp: MUSL, needed: ['liba.so'], imports})),
  }
  const found = await load(files, {symbols: {name: 'program-symbols', most}})
  return found === 'missing-symbols' ? FINE : 'nothing is said'
}

/** A program of so many files: each library needs the next. */
function loadObjects(count: number, most: number): Promise<unknown> {
  const libraries = Array.from({length: count - 1}, (_, at) => {
    return [`/lib/l${at}.so`, lib({needed: at === count - 2 ? [] : [`l${at + 1}.so`]})] as const
  })
  const files = {[GLIBC]: executable(loader()), '/app': linked(['l0.so']), ...Object.fromEntries(libraries)}
  return load(files, {objects: {name: 'loaded-objects', most}})
}

function libraryCache(entries: number): Uint8Array {
  const bytes = new Uint8Array(48 + 24 * entries)
  bytes.set(Buffer.from('glibc-ld.so.cache1.1'))
  new DataView(bytes.buffer).setUint32(20, entries, true)
  return bytes
}

const USER = '\napp:x:1000:1000::/:/bin/sh\n'

async function askApplet(bytes: number): Promise<unknown> {
  const names = ['ash', 'cat', 'cp', 'echo', 'ls', 'mv', 'rm', 'sh', 'true']
  const content = Buffer.alloc(bytes)
  content.write(`\0${names.join('\0')}\0`, 0, 'latin1')
  const view = memoryRootfs({'/bin/busybox': executable(content)})
  const user = {uid: 0, gid: 0, groups: [], home: undefined}
  return (await hasApplet(view, {cwd: '/', user}, '/bin/busybox', 'echo')) === true ? FINE : 'not known'
}

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

/** A script whose first line, with its end, has so many bytes. */
function shebang(bytes: number): Promise<unknown> {
  const path = `/${'i'.repeat(bytes - '#!/\n'.length)}`
  return start({'/app': executable(`#!${path}\n`), [path]: native})
}

function interpreters(count: number): Promise<unknown> {
  const scripts = Array.from({length: count}, (_, at) => {
    return [at === 0 ? '/app' : `/s${at}`, executable(`#!${at === count - 1 ? '/native' : `/s${at + 1}`}\n`)] as const
  })
  return start({...Object.fromEntries(scripts), '/native': native})
}

export const PROGRAM_EDGES: Edges = {
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
  'elf-symbol-bytes': {look: symbolNames, beyond: 'nothing'},
  'elf-symbols': {look: amount => symbolsOf({exports: exportsOf(amount - 1)}), beyond: 'nothing'},
  'elf-hash-chain-bytes': {
    step: 4,
    look: async amount => {
      const {elf, file} = await elfOf(gnuHash(amount))
      return (await readDynamicSymbols(elf, file)) === undefined ? 'nothing' : FINE
    },
    beyond: 'nothing',
  },
  'elf-section-bytes': {
    step: 64,
    look: async amount => {
      // The first is nothing, the last has the names.
      const sections = Array.from({length: amount / 64 - 2}, () => ({name: 'a', type: 1, content: new Uint8Array(1)}))
      const {elf, file} = await elfOf(buildElf({sections}))
      return (await readSections(elf, file)) === undefined ? 'nothing' : FINE
    },
    beyond: 'nothing',
  },
  'elf-note-bytes': {step: 4, look: lastNote, beyond: 'nothing'},
  'elf-notes': {look: countNotes, beyond: 'nothing'},
  'elf-property-bytes': {step: 8, look: lastProperty, beyond: 'nothing'},
  'elf-attribute-bytes': {look: lastAttribute, beyond: 'nothing'},
  // Nothing is said of the symbol that is missing.
  'program-symbols': {most: 50, look: amount => findSymbol(amount, 50), beyond: 'nothing is said'},
  'shebang-bytes': {look: shebang, beyond: 'bad-shebang'},
  'script-interpreters': {look: interpreters, beyond: 'bad-shebang'},
  'loaded-objects': {most: 6, look: amount => loadObjects(amount, 6), beyond: told('loaded-objects')},
  'loader-bytes': {
    look: amount =>
      start({
        [GLIBC]: executable(loader(amount)),
        '/app': linked(['liba.so']),
        '/usr/lib/x86_64-linux-gnu/liba.so': lib(),
      }),
    beyond: 'missing-library',
  },
  'loader-cache-entries': {
    look: async amount => (parseLibraryCache(libraryCache(amount), 'little') === undefined ? 'nothing' : FINE),
    beyond: 'nothing',
  },
  'account-file-bytes': {
    step: USER.length,
    look: amount => start({'/app': native, '/etc/passwd': `${'#'.repeat(amount - USER.length)}${USER}`}, 'app'),
    beyond: 'no-such-user',
  },
  'busybox-bytes': {look: askApplet, beyond: 'not known'},
}
