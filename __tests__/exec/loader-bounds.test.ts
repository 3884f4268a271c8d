import {describe, expect, test} from '@jest/globals'
import {type DynamicShape, dynamicElf} from '../../scripts/kernel/dynamic-elf.ts'
import {readBuiltInDirectories} from '../../src/exec/loader/directories.ts'
import {type LibraryReader, type LoadedObject, openingReader} from '../../src/exec/loader/object.ts'
import type {LibcKind} from '../../src/exec/loader/obstacle.ts'
import {findMixedRelease} from '../../src/exec/loader/release.ts'
import {type LoaderRules, loadAll} from '../../src/exec/loader/search.ts'
import {type Binding, findMissingSymbols} from '../../src/exec/loader/symbols.ts'
import {executable, memoryRootfs} from '../support/memory-rootfs.ts'

/*
 * What loaders bind, and what they load, of objects that are given: a program with its libraries in the order of their
 * loading, and the loader as the last of the files.
 */

const PRIVATE = 'GLIBC_PRIVATE'
const USER = {uid: 0, gid: 0, groups: [], home: undefined}

type Shape = Partial<DynamicShape>

async function objectsOf(
  shapes: Readonly<Record<string, Shape | string>>,
  argv = ['app'],
  env: Readonly<Record<string, string>> = {},
): Promise<Binding> {
  const rootfs = memoryRootfs(
    Object.fromEntries(
      Object.entries(shapes).map(([path, shape]) => [
        path,
        executable(typeof shape === 'string' ? shape : dynamicElf({needed: [], ...shape})),
      ]),
    ),
  )
  const read = openingReader(rootfs)
  const objects: LoadedObject[] = []
  for (const path of Object.keys(shapes)) {
    const found = await rootfs.lookup(path)
    if (found.outcome !== 'found') throw new Error(path)
    const {file, dynamic} = await read(found.node)
    const [loader] = objects
    const known = {...{elf: file, dynamic}} as Pick<LoadedObject, 'elf' | 'dynamic'>
    objects.push({name: path.slice(1), path, node: found.node, loader, ...known})
  }
  const loader = objects.at(-1)
  if (!loader) throw new Error('no loader')
  const process = {argv, cwd: '/', env: new Map(Object.entries(env)), user: USER}
  return {rootfs, process, loaded: objects.slice(0, -1), loader}
}

/** Names that are not found, or why that is not known. */
async function lost(libc: LibcKind, binding: Binding, most = 1000): Promise<readonly string[]> {
  const {obstacles, undetermined} = await findMissingSymbols(binding, libc, {name: 'program-symbols', most})
  const names = obstacles.flatMap(one => (one.kind === 'missing-symbols' ? one.symbols : [one.kind]))
  return undetermined === undefined ? names : [...names, undetermined]
}

describe('what may be bound to', () => {
  const FUNC = 2
  /** st_info of a binding and a type, and st_value. */
  test.each<[title: string, info: number, value: number, isBound: boolean]>([
    ['a function', 0x10 | FUNC, 8, true],
    ['a function without an address', 0x10 | FUNC, 0, false],
    ['a local one', 0x00 | FUNC, 8, false],
    ['a weak one', 0x20 | FUNC, 8, true],
    ['a unique one', 0xa0 | 1, 8, true],
    ['no type', 0x10, 8, true],
    ['an object', 0x11, 8, true],
    ['a section', 0x13, 8, false],
    ['a file', 0x14, 8, false],
    ['a common one', 0x15, 8, true],
    ['of a thread', 0x16, 8, true],
    ['the first of a thread', 0x16, 0, true],
    ['an indirect function', 0x1a, 8, true],
  ])('%s', async (_, info, value, isBound) => {
    const expected = isBound ? [] : ['f']
    const musl = {'/app': {imports: [{name: 'f'}]}, '/ld': {exports: [{name: 'f', info, value}]}}
    expect(await lost('musl', await objectsOf(musl))).toEqual(expected)
    const glibc = {
      '/app': {
        imports: [{name: 'f', version: PRIVATE}],
        needs: [{file: 'ld', versions: [{name: PRIVATE, weak: false}]}],
      },
      '/ld': {defines: ['V', PRIVATE], exports: [{name: 'f', version: PRIVATE, info, value}]},
    }
    expect(await lost('glibc', await objectsOf(glibc))).toEqual(expected)
  })
})

describe('what musl looks for', () => {
  test.each<[title: string, program: Shape, library: Shape, expected: readonly string[]]>([
    ['a global one', {imports: [{name: 'f'}]}, {}, ['f']],
    ['not a local one', {imports: [{name: 'f', local: true}]}, {}, []],
    ['not a weak one', {imports: [{name: 'f', weak: true}]}, {}, []],
    ['not what it has itself', {}, {exports: [{name: 'g'}], imports: [{name: 'g'}]}, []],
    // An address in the program is the function for all that take its address, and for nobody who calls it.
    ['an address', {imports: [{name: 'f', call: true, value: 8}]}, {imports: [{name: 'f'}]}, ['f']],
    ['no address', {imports: [{name: 'f', call: true}]}, {imports: [{name: 'f'}]}, ['f', 'f']],
    ['an address of data', {imports: [{name: 'f', value: 8}]}, {imports: [{name: 'f'}]}, ['f', 'f']],
  ])('%s', async (_, program, library, expected) => {
    expect(await lost('musl', await objectsOf({'/app': program, '/liba.so': library, '/ld': {}}))).toEqual(expected)
  })

  test('the libraries first, then the program, by the names that they were started by', async () => {
    const asks = {imports: [{name: 'f'}, {name: 'f', call: true}]}
    const files = {'/app': asks, '/liba.so': asks, '/ld': {}}
    const told = async (argv: string[]) => {
      const {obstacles} = await findMissingSymbols(await objectsOf(files, argv), 'musl')
      return obstacles.map(one => 'message' in one && one.message)
    }
    const failed = (name: string) => `Error relocating ${name}: f: symbol not found`
    expect(await told(['./app'])).toEqual([failed('/liba.so'), failed('./app')])
    expect(await told([])).toEqual([failed('/liba.so'), failed('/app')])
  })

  test.each(['', '/lib/x.so'])('LD_PRELOAD=%s', async preload => {
    const binding = await objectsOf({'/app': {imports: [{name: 'f'}]}, '/ld': {}}, ['app'], {LD_PRELOAD: preload})
    expect(await lost('musl', binding)).toEqual(preload === '' ? ['f'] : [])
  })

  test('it has no /etc/ld.so.preload', async () => {
    const files = {'/app': {imports: [{name: 'f'}]}, '/etc/ld.so.preload': '', '/ld': {}}
    const {loaded, ...rest} = await objectsOf(files)
    expect(await lost('musl', {...rest, loaded: loaded.slice(0, 1)})).toEqual(['f'])
  })
})

describe("what glibc's parts look for", () => {
  const needs = [
    {
      file: 'ld',
      versions: [
        {name: 'V1', weak: false},
        {name: PRIVATE, weak: false},
      ],
    },
  ]
  const asks = {needs, imports: [{name: 'f', version: PRIVATE}]}

  test.each<[title: string, ld: Shape, expected: readonly string[]]>([
    ['of the version', {defines: ['V0', PRIVATE], exports: [{name: 'f', version: PRIVATE}]}, []],
    ['of another version', {defines: ['V0', PRIVATE], exports: [{name: 'f', version: 'V0'}]}, ['f']],
    ['of no version', {defines: ['V0', PRIVATE], exports: [{name: 'f'}]}, []],
    ['of another name', {defines: ['V0', PRIVATE], exports: [{name: 'g', version: PRIVATE}]}, ['f']],
  ])('%s', async (_, ld, expected) => {
    expect(await lost('glibc', await objectsOf({'/app': asks, '/ld': ld}))).toEqual(expected)
  })

  test('who names no private version asks for nothing', async () => {
    const app = {
      imports: [{name: 'f', version: 'V1'}],
      needs: [{file: 'ld', versions: [{name: 'V1', weak: false}]}],
    }
    expect(await lost('glibc', await objectsOf({'/app': app, '/ld': {}}))).toEqual([])
  })

  test('what defines versions and not this one does not have it', async () => {
    const other = {defines: ['V0', 'V1'], exports: [{name: 'f'}]}
    const ld = {defines: ['V0', PRIVATE]}
    expect(await lost('glibc', await objectsOf({'/app': asks, '/liba.so': other, '/ld': ld}))).toEqual(['f'])
    // Of what defines none each symbol fits.
    const plain = {exports: [{name: 'f'}]}
    expect(await lost('glibc', await objectsOf({'/app': asks, '/liba.so': plain, '/ld': ld}))).toEqual([])
  })

  test('the last object is told of first', async () => {
    const two = {needs, imports: [{name: 'g', version: PRIVATE}]}
    expect(await lost('glibc', await objectsOf({'/app': asks, '/liba.so': two, '/ld': {}}))).toEqual(['g', 'f'])
  })

  test('nothing is said where a file makes no sense', async () => {
    const text = 'a text'
    expect(await lost('glibc', await objectsOf({'/app': asks, '/ld': text}))).toEqual([])
    expect(await lost('musl', await objectsOf({'/app': asks, '/ld': text}))).toEqual([])
    expect(await lost('musl', await objectsOf({'/app': text, '/ld': {}}))).toEqual([])
  })
})

describe('a limit on all symbols and relocations', () => {
  const BEYOND = (most: number) =>
    `the program and its libraries have more than ${most} symbols and relocations (limit program-symbols)`
  // One definition in the loader; a definition and a relocation in the program.
  const files = {
    '/app': {exports: [{name: 'main'}], imports: [{name: 'f'}]},
    '/ld': {exports: [{name: 'puts'}]},
  }

  test.each<[most: number, expected: readonly string[]]>([
    [4, ['f']],
    [3, ['f']],
    [2, [BEYOND(2)]],
    [1, [BEYOND(1)]],
    [0, [BEYOND(0)]],
  ])('%d', async (most, expected) => {
    expect(await lost('musl', await objectsOf(files), most)).toEqual(expected)
  })

  test('is not reached by a file that is looked at twice', async () => {
    const again = await objectsOf({...files, '/liba.so': files['/ld']})
    const [app, ld] = again.loaded
    if (!app || !ld) throw new Error('not loaded')
    expect(await lost('musl', {...again, loaded: [app, ld], loader: ld}, 3)).toEqual(['f'])
  })
})

describe('what is loaded', () => {
  const rules: LoaderRules = {
    libc: 'glibc',
    candidates: name => [`/${name}`],
    satisfies: (name, loaded) => loaded.some(object => object.name === name),
    searched: () => ['/'],
  }
  const load = async (shapes: Readonly<Record<string, Shape>>, most = 10) => {
    const {rootfs, process, loaded} = await objectsOf({...shapes, '/ld': {}})
    const [program] = loaded
    if (!program) throw new Error('no program')
    let reads = 0
    const open = openingReader(rootfs)
    const read: LibraryReader = node => {
      reads++
      return open(node)
    }
    const sights = {rootfs, process, read}
    const all = await loadAll(sights, {...program, loader: undefined}, rules, {name: 'loaded-objects', most})
    return {
      loaded: all.loaded.map(({path}) => path),
      unfound: all.unfound.map(({name}) => name),
      beyond: all.beyond,
      reads,
    }
  }
  const chain = {
    '/app': {needed: ['a', 'b']},
    '/a': {needed: ['c', 'gone']},
    '/b': {needed: ['a', 'gone']},
    '/c': {needed: ['b']},
  }

  test('breadth first, each once', async () => {
    expect(await load(chain)).toEqual({
      ...{loaded: ['/app', '/a', '/b', '/c'], unfound: ['gone'], beyond: undefined},
      reads: 3,
    })
  })

  test.each<[most: number, loaded: readonly string[], beyond: string | undefined]>([
    [4, ['/app', '/a', '/b', '/c'], undefined],
    [3, ['/app', '/a', '/b', '/c'], 'more than 3 libraries are loaded (limit loaded-objects)'],
    [2, ['/app', '/a', '/b'], 'more than 2 libraries are loaded (limit loaded-objects)'],
  ])('at most %d', async (most, loaded, beyond) => {
    expect(await load(chain, most)).toMatchObject({loaded, beyond})
  })

  test('a second name for a file adds nothing, and others are loaded', async () => {
    const {rootfs, process, loaded} = await objectsOf({
      '/app': {needed: ['x/a', 'a', 'b']},
      '/a': {},
      '/b': {},
      '/ld': {},
    })
    const [program] = loaded
    if (!program) throw new Error('no program')
    const both: LoaderRules = {...rules, satisfies: () => false, candidates: name => [`/${name.replace('x/', '')}`]}
    const all = await loadAll({rootfs, process, read: openingReader(rootfs)}, program, both)
    expect(all.loaded.map(({path}) => path)).toEqual(['/app', '/a', '/b'])
  })
})

describe('two releases of glibc', () => {
  const of = (version: string, more = 0) =>
    Buffer.concat([Buffer.from(`GNU C Library (x) ${version}.\0`), Buffer.alloc(more)])
  const mixed = async (ld: Uint8Array, libc: Uint8Array, soname = 'libc.so.6') => {
    const {loaded, loader} = await objectsOf({'/app': {}, '/libc': {soname}, '/ld': {}})
    const rootfs = memoryRootfs({'/libc': executable(libc), '/ld': executable(ld)})
    const nodeAt = async (path: string) => {
      const found = await rootfs.lookup(path)
      if (found.outcome !== 'found') throw new Error(path)
      return found.node
    }
    const [program, library] = loaded
    if (!program || !library) throw new Error('not loaded')
    const beyond: string[] = []
    const all = [program, {...library, node: await nodeAt('/libc')}]
    const own = {path: loader.path, node: await nodeAt('/ld')}
    const found = await findMixedRelease(rootfs, all, own, reason => beyond.push(reason))
    const same = await findMixedRelease(rootfs, all, {...own, node: await nodeAt('/libc')}, () => {})
    return {found, same, beyond}
  }

  test('are told of, with who needs them', async () => {
    const ofTwo = await mixed(of('stable release version 2.36'), of('development release version 2.37.9000'))
    expect(ofTwo).toEqual({
      found: {
        ...{kind: 'mixed-release', library: '/libc', neededBy: '/app', provider: '/ld'},
        releases: {loader: '2.36', library: '2.37.9000'},
      },
      same: undefined,
      beyond: [],
    })
  })

  test.each<[title: string, ld: string, libc: string, soname?: string]>([
    ['the same', 'stable release version 2.36', 'stable release version 2.36'],
    ['a loader that does not say', 'release version 2.36', 'stable release version 2.37'],
    ['a library that does not say', 'stable release version 2.36', 'stable release version 2'],
    ['another library', 'stable release version 2.36', 'stable release version 2.37', 'libc.so.7'],
  ])('%s: nothing', async (_, ld, libc, soname = 'libc.so.6') => {
    expect(await mixed(of(ld), of(libc), soname)).toEqual({found: undefined, same: undefined, beyond: []})
  })

  test('nothing is known of a file of more than is read', async () => {
    const large = of('stable release version 2.37', 16 * 2 ** 20)
    const {found, beyond} = await mixed(of('stable release version 2.36'), large)
    expect([found, beyond]).toEqual([undefined, ['/libc has more than 16 MiB (limit loader-bytes)']])
  })
})

test('a million of what looks like built-in directories is something else', () => {
  const text = Buffer.from(`\0${'/lib/\0'.repeat(1_000_000)}`)
  expect(readBuiltInDirectories(text, true)).toMatchObject({assumed: true})
})
