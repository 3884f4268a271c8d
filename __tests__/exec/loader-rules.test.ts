// biome-ignore-all lint/suspicious/noTemplateCurlyInString: dynamic string tokens
import {describe, expect, test} from '@jest/globals'
import {glibcRules} from '../../src/exec/loader/glibc.ts'
import {MUSL_DIRECTORIES, muslRules} from '../../src/exec/loader/musl.ts'
import type {LoadedObject} from '../../src/exec/loader/object.ts'

interface Dynamic {
  readonly rpath?: string
  readonly runpath?: string
  readonly soname?: string
  readonly noDefaultLibraries?: boolean
}

/** An object at a path, with what brought it; of its file only the place and the dynamic table are filled in. */
function object(path: string, dynamic: Dynamic = {}, loader?: LoadedObject, name = path): LoadedObject {
  return {name, path, node: {path}, dynamic, loader} as LoadedObject
}

/** Of a process the rules look at nothing but its variables. */
const processWith = (variable?: string) => ({
  process: {env: new Map(variable === undefined ? [] : [['LD_LIBRARY_PATH', variable]])} as never,
})
const HWCAPS = /\/glibc-hwcaps\//

describe("glibc's rules", () => {
  const APP = '/opt/bin/app'
  const builtIn = {directories: ['/lib/x86_64-linux-gnu', '/usr/lib'], assumed: false}
  const cache = new Map([['liba.so', ['/lib/x86_64-linux-gnu/liba.so', '/cached/liba.so', '/usr/lib/sub/liba.so']]])
  const rules = (given: {variable?: string; secure?: boolean; cached?: boolean; none?: boolean} = {}) =>
    glibcRules({
      ...processWith(given.variable),
      builtIn: given.none ? {directories: [], assumed: true} : builtIn,
      cache: given.cached ? cache : undefined,
      soname: 'ld.so',
      secure: given.secure ?? false,
    })
  const places = (requester: LoadedObject, given: Parameters<typeof rules>[0] = {}, name = 'liba.so') =>
    [...rules(given).candidates(name, requester)].filter(path => !HWCAPS.test(path))
  const OWN = ['/lib/x86_64-linux-gnu/liba.so', '/usr/lib/liba.so']

  test.each<[what: string, found: readonly string[], expected: readonly string[]]>([
    ['its own directories', places(object(APP)), OWN],
    ['none of its own', places(object(APP, {noDefaultLibraries: true})), []],
    ['RPATH', places(object(APP, {rpath: '/r:/s'})), ['/r/liba.so', '/s/liba.so', ...OWN]],
    ['RPATH, in which a semicolon is a letter', places(object(APP, {rpath: '/r;/s'})), ['/r;/s/liba.so', ...OWN]],
    ['RUNPATH', places(object(APP, {runpath: '/r'})), ['/r/liba.so', ...OWN]],
    ['RUNPATH, and RPATH does not count', places(object(APP, {rpath: '/r', runpath: '/s'})), ['/s/liba.so', ...OWN]],
    ['RPATH of what brought it', places(object('/l/b.so', {}, object(APP, {rpath: '/r'}))), ['/r/liba.so', ...OWN]],
    [
      'RPATH of what brought it, unless that has a RUNPATH',
      places(object('/l/b.so', {}, object(APP, {rpath: '/r', runpath: '/s'}))),
      OWN,
    ],
    [
      'a RUNPATH of its own',
      places(object('/l/b.so', {runpath: '/s'}, object(APP, {rpath: '/r'}))),
      ['/s/liba.so', ...OWN],
    ],
    [
      'RPATH before LD_LIBRARY_PATH',
      places(object(APP, {rpath: '/r'}), {variable: '/v'}),
      ['/r/liba.so', '/v/liba.so', ...OWN],
    ],
    ['RUNPATH behind it', places(object(APP, {runpath: '/r'}), {variable: '/v'}), ['/v/liba.so', '/r/liba.so', ...OWN]],
    [
      'two of LD_LIBRARY_PATH',
      places(object(APP), {variable: '/v;/w:/x'}),
      ['/v', '/w', '/x'].map(at => `${at}/liba.so`).concat(OWN),
    ],
    ['not of LD_LIBRARY_PATH', places(object(APP), {variable: '/v', secure: true}), OWN],
    ['$ORIGIN', places(object(APP, {rpath: '$ORIGIN/../lib'})), ['/opt/bin/../lib/liba.so', ...OWN]],
    [
      '$ORIGIN of LD_LIBRARY_PATH',
      places(object('/l/b.so', {}, object(APP)), {variable: '${ORIGIN}'}),
      ['/opt/bin/liba.so', ...OWN],
    ],
    ['$ORIGIN of a program in the root', places(object('/app', {rpath: '$ORIGIN'})), ['/liba.so', ...OWN]],
    ['$LIB', places(object(APP, {rpath: '/r/$LIB'})), ['/r/lib/x86_64-linux-gnu/liba.so', ...OWN]],
    ['$LIB, where nothing is built in', places(object(APP, {rpath: '/r/$LIB'}), {none: true}), ['/r/lib/liba.so']],
    ['ld.so.cache', places(object(APP), {cached: true}), [...(cache.get('liba.so') ?? []), '/usr/lib/liba.so']],
    [
      'ld.so.cache without its own directories',
      places(object(APP, {noDefaultLibraries: true}), {cached: true}),
      ['/cached/liba.so', '/usr/lib/sub/liba.so'],
    ],
    ['nothing of ld.so.cache', places(object(APP, {noDefaultLibraries: true}), {cached: true}, 'libb.so'), []],
    ['a path', places(object(APP), {}, '/x/liba.so'), ['/x/liba.so']],
    ['a path with a token', places(object(APP), {}, '$ORIGIN/liba.so'), ['/opt/bin/liba.so']],
    ['a path with a token of no value', places(object(APP), {}, '/$PLATFORM/liba.so'), ['/$PLATFORM/liba.so']],
  ])('%s', (_, found, expected) => {
    expect([...new Set(found)]).toEqual([...new Set(expected)])
  })

  test('for special processors at the end', () => {
    const paths = [...rules().candidates('liba.so', object(APP, {rpath: '/r'}))]
    const first = paths.findIndex(path => HWCAPS.test(path))
    expect(paths.slice(first).every(path => HWCAPS.test(path))).toBe(true)
    expect(paths[first]).toBe('/r/glibc-hwcaps/x86-64-v4/liba.so')
    expect(paths).toContain('/usr/lib/glibc-hwcaps/z13/liba.so')
  })

  test.each<[name: string, loaded: readonly LoadedObject[], isThere: boolean]>([
    ['ld.so', [], true],
    ['liba.so', [], false],
    ['liba.so', [object('/l/x.so', {}, undefined, 'liba.so')], true],
    ['/l/liba.so', [object('/l/liba.so', {}, undefined, 'liba.so')], true],
    ['liba.so', [object('/l/x.so', {soname: 'liba.so'}, undefined, 'x.so')], true],
    ['liba.so', [object('/l/x.so', {soname: 'x.so'}, undefined, 'x.so'), object('/l/liba.so')], false],
  ])('%s is loaded: %#', (name, loaded, isThere) => {
    expect(rules().satisfies(name, loaded)).toBe(isThere)
  })

  test('what is said of where it looked', () => {
    const requester = object(APP, {rpath: '/r'})
    expect(rules().searched(requester)).toEqual(['/r', ...builtIn.directories])
    expect(rules({cached: true}).searched(requester)).toEqual(['/r', '/etc/ld.so.cache', ...builtIn.directories])
    expect(rules({cached: true}).searched(object(APP, {noDefaultLibraries: true}))).toEqual(['/etc/ld.so.cache'])
  })
})

describe("musl's rules", () => {
  const APP = '/opt/bin/app'
  const rules = (variable?: string, secure = false) =>
    muslRules({...processWith(variable), directories: MUSL_DIRECTORIES, secure})
  const OWN = ['/lib/liba.so', '/usr/local/lib/liba.so', '/usr/lib/liba.so']

  test.each<[what: string, requester: LoadedObject, variable: string | undefined, expected: readonly string[]]>([
    ['its own directories', object(APP), undefined, OWN],
    ['LD_LIBRARY_PATH', object(APP), '/v\n/w', ['/v/liba.so', '/w/liba.so', ...OWN]],
    ['LD_LIBRARY_PATH, in which nothing is a token', object(APP), '$ORIGIN', ['$ORIGIN/liba.so', ...OWN]],
    ['LD_LIBRARY_PATH, in which an empty one is none', object(APP), ':/v/::\n', ['/v/liba.so', ...OWN]],
    ['RPATH, in which an empty one is none', object(APP, {rpath: ':/r:'}), undefined, ['/r/liba.so', ...OWN]],
    ['the root', object(APP), '/', ['/liba.so', ...OWN]],
    ['LD_LIBRARY_PATH without the slashes at its end', object(APP), '/v///', ['/v/liba.so', ...OWN]],
    ['RPATH', object(APP, {rpath: '/r'}), '/v', ['/v/liba.so', '/r/liba.so', ...OWN]],
    ['RUNPATH, and no RPATH beside it', object(APP, {rpath: '/r', runpath: '/s'}), undefined, ['/s/liba.so', ...OWN]],
    [
      'RUNPATH of what brought it',
      object('/l/b.so', {}, object(APP, {runpath: '/s'})),
      undefined,
      ['/s/liba.so', ...OWN],
    ],
    ['$ORIGIN', object(APP, {rpath: '$ORIGIN'}), undefined, ['/opt/bin/liba.so', ...OWN]],
  ])('%s', (_, requester, variable, expected) => {
    expect([...rules(variable).candidates('liba.so', requester)]).toEqual(expected)
    expect(
      rules(variable)
        .searched(requester)
        .map(directory => `${directory}/liba.so`.replace('//', '/')),
    ).toEqual(expected)
  })

  test('not LD_LIBRARY_PATH for a set-user-ID program', () => {
    expect([...rules('/v', true).candidates('liba.so', object(APP))]).toEqual(OWN)
  })

  test.each([
    ['/x/liba.so', '/x/liba.so'],
    ['$ORIGIN/liba.so', '/opt/bin/liba.so'],
  ])('%s is a path', (name, path) => {
    expect([...rules().candidates(name, object(APP))]).toEqual([path])
    expect(rules().libc).toBe('musl')
  })

  const byName = object('/l/x.so', {}, object(APP), 'liba.so')
  test.each<[name: string, loaded: readonly LoadedObject[], isThere: boolean]>([
    ['libc.so.6', [], true],
    ['libpthread.so.0', [], true],
    ['libcrypt.so.1', [], false],
    ['liba.so', [], false],
    ['liba.so', [object(APP), byName], true],
    ['/l/x.so', [object(APP), byName], true],
    // The program itself is none that is needed.
    [APP, [object(APP)], false],
    ['liba.so', [object('/l/x.so', {soname: 'liba.so'}, object(APP), 'x.so')], false],
  ])('%s is loaded: %#', (name, loaded, isThere) => {
    expect(rules().satisfies(name, loaded)).toBe(isThere)
  })
})
