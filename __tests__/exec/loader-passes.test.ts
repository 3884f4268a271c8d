import {describe, expect, test} from '@jest/globals'
import {muslLoader} from '../../scripts/incidents/machines.ts'
import {type DynamicShape, dynamicElf} from '../../scripts/kernel/dynamic-elf.ts'
import {program} from '../../scripts/kernel/elf.ts'
import {readStartup} from '../../src/exec/index.ts'
import {type LibraryReader, type LoadedObject, openingReader} from '../../src/exec/loader/object.ts'
import {type LoaderRules, loadAll} from '../../src/exec/loader/search.ts'
import {findMissingSymbols} from '../../src/exec/loader/symbols.ts'
import {countPasses} from '../support/count-passes.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'

/*
 * The libraries of one level are read in one pass over a compressed layer: one by one, each of those of CMake was a
 * pass over a layer of 956 MB.
 */

const AMD64 = {os: 'linux', architecture: 'amd64', variant: ''}
const LOADER = '/lib/ld-musl-x86_64.so.1'
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
const USER = {uid: 0, gid: 0, groups: [], home: undefined}
const RULES: LoaderRules = {
  libc: 'glibc',
  candidates: name => [`/first/${name}`, `/lib/${name}`],
  satisfies: (name, loaded) => loaded.some(one => one.name === name || one.dynamic.soname === name),
  searched: () => [],
}

const lib = (shape: Partial<DynamicShape> = {}) => executable(dynamicElf({needed: [], ...shape}))
const libsOf = (names: readonly string[], shape: Partial<DynamicShape> = {}): MemoryTree =>
  Object.fromEntries(names.map(name => [`/lib/${name}`, lib(shape)]))

/** What is loaded for a program, what is not found, and in how many passes; the program is read in one of its own. */
async function load(needed: readonly string[], tree: MemoryTree, {most = 100, torn = '', rules = RULES} = {}) {
  const {files, passes} = countPasses({'/app': lib({needed: [...needed]}), ...tree})
  const opening = openingReader(files)
  const read: LibraryReader = node => (node.path === torn ? Promise.reject(new Error('torn')) : opening(node))
  const app = await files.lookup('/app')
  if (app.outcome !== 'found') throw new Error('/app')
  const {file, dynamic} = await read(app.node)
  const root = {name: '/app', path: '/app', node: app.node, elf: file, dynamic, loader: undefined} as LoadedObject
  const process = {argv: ['app'], cwd: '/', env: new Map<string, string>(), user: USER}
  const {loaded, unfound} = await loadAll({rootfs: files, process, read}, root, rules, {name: 'loaded-objects', most})
  return {
    loaded: loaded.slice(1).map(({path, loader}) => `${loader?.path} ${path}`),
    unfound: unfound.map(({name, requester}) => `${requester.path} ${name}`),
    passes: passes() - 1,
  }
}

describe('libraries are read', () => {
  test('those of a program in one pass', async () => {
    expect(await load(NAMES, libsOf(NAMES))).toEqual({
      loaded: NAMES.map(name => `/app /lib/${name}`),
      unfound: [],
      passes: 1,
    })
  })

  test('at most 32 at once: each takes memory for all directories where it is looked for', async () => {
    const names = Array.from({length: 90}, (_, index) => `lib${index}.so`)
    let begun = 0
    let most = 0
    const rules: LoaderRules = {
      ...RULES,
      *candidates(name, requester) {
        begun += 1
        most = Math.max(most, begun)
        try {
          yield* RULES.candidates(name, requester)
        } finally {
          begun -= 1
        }
      },
    }
    const {loaded, passes} = await load(names, libsOf(names), {rules})
    expect(loaded).toHaveLength(90)
    expect([most, passes]).toEqual([32, 3])
  })

  test('level by level, in the order of the loader', async () => {
    const tree = {...libsOf(['a', 'b'], {needed: ['x', 'y', 'gone']}), ...libsOf(['x', 'y'])}
    expect(await load(['a', 'b'], tree)).toEqual({
      loaded: ['/app /lib/a', '/app /lib/b', '/lib/a /lib/x', '/lib/a /lib/y'],
      unfound: ['/lib/a gone'],
      passes: 2,
    })
  })

  test('past one of another machine in one more', async () => {
    const other = executable(program({wide: false, type: 3}))
    const tree = {...libsOf(NAMES), ...Object.fromEntries(NAMES.map(name => [`/first/${name}`, other]))}
    expect(await load(NAMES, tree)).toEqual({
      loaded: NAMES.map(name => `/app /lib/${name}`),
      unfound: [],
      passes: 2,
    })
  })

  test('and not loaded where another has its name', async () => {
    const tree = {'/lib/a': lib({soname: 'b'}), '/lib/b': lib()}
    expect(await load(['a', 'b'], tree)).toEqual({loaded: ['/app /lib/a'], unfound: [], passes: 1})
  })

  test('one by one past the limit', async () => {
    expect(await load(['a', 'b', 'c'], libsOf(['a', 'b', 'c']), {most: 1})).toMatchObject({passes: 3})
  })

  test('and one that cannot be read fails where it is its turn', async () => {
    const [whole, named] = [libsOf(['a', 'b']), {'/lib/a': lib({soname: 'b'}), '/lib/b': lib()}]
    await expect(load(['a', 'b'], whole, {torn: '/lib/b'})).rejects.toThrow('torn')
    expect(await load(['a', 'b'], named, {torn: '/lib/b'})).toMatchObject({loaded: ['/app /lib/a'], unfound: []})
  })
})

/** Passes in which the symbols of what is at these paths are read, the last of which is the loader. */
async function passesOfSymbols(libc: 'glibc' | 'musl', tree: MemoryTree): Promise<number> {
  const {files, passes} = countPasses(tree)
  const objects: LoadedObject[] = []
  for (const path of Object.keys(tree)) {
    const found = await files.lookup(path)
    if (found.outcome !== 'found') throw new Error(path)
    const {file, dynamic} = await openingReader(files)(found.node)
    const object = {name: path, path, node: found.node, elf: file, dynamic, loader: objects[0]}
    objects.push(object as LoadedObject)
  }
  const process = {argv: ['app'], cwd: '/', env: new Map<string, string>(), user: USER}
  const [loader, loaded] = [objects.at(-1), objects.slice(0, -1)]
  if (loader === undefined) throw new Error('no loader')
  const before = passes()
  await findMissingSymbols({rootfs: files, process, loaded, loader}, libc)
  return passes() - before
}

const EXPORTS: Partial<DynamicShape> = {exports: [{name: 'f'}]}
const PRIVATE = {file: 'libc.so.6', versions: [{name: 'GLIBC_PRIVATE', weak: false}]}

test.each<['glibc' | 'musl', Partial<DynamicShape>, number]>([
  ['musl', EXPORTS, 2],
  ['glibc', {...EXPORTS, needs: [PRIVATE]}, 2],
])('symbols are read of eight at once: %s', async (libc, shape, expected) => {
  const paths = ['/app', ...NAMES.map(name => `/lib/${name}`), '/lib/loader']
  expect(await passesOfSymbols(libc, Object.fromEntries(paths.map(path => [path, lib(shape)])))).toEqual(expected)
})

test('what libraries ask of the processor is read of many at once', async () => {
  const passesOf = async (names: readonly string[]): Promise<number> => {
    const needed = names.map(name => `lib${name}.so`)
    const {files, passes} = countPasses({
      '/bin/app': executable(dynamicElf({interp: LOADER, needed})),
      [LOADER]: executable(muslLoader('amd64')),
      ...Object.fromEntries(needed.map(name => [`/lib/${name}`, lib()])),
    })
    const config = imageConfig({entrypoint: ['/bin/app']})
    const {steps} = await readStartup({config, rootfs: files, platform: AMD64})
    expect(steps.map(({path}) => path)).toEqual(['/bin/app', LOADER])
    return passes()
  }
  expect(await passesOf(NAMES.slice(0, 6))).toBe(await passesOf(NAMES.slice(0, 2)))
})
