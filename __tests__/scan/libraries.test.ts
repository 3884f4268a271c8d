import {describe, expect, test} from '@jest/globals'
import {scanImage} from '../../src/scan/index.ts'
import {buildElf, type ElfOptions} from '../support/elf-builder.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {testPlatform} from '../support/memory-source.ts'

const LOADER = '/lib/ld-musl-aarch64.so.1'
const GLIBC = '/lib/ld-linux-aarch64.so.1'
const program = (options: ElfOptions) =>
  executable(buildElf({machine: 183, type: 'dyn', interpreter: LOADER, flags1: 0x08000000, ...options}))
const library = (options: ElfOptions = {}) =>
  executable(buildElf({machine: 183, type: 'dyn', entry: 0, soname: 'libx.so', ...options}), 0o644)
const MUSL: MemoryTree = {[LOADER]: library({soname: 'libc.musl-aarch64.so.1', entry: 64})}
const APP = program({needed: ['libx.so']})

async function problems(files: MemoryTree, env: readonly string[] = []) {
  const platform = testPlatform('linux/arm64')
  const config = imageConfig({platform, env: [...env]})
  const {libraries} = await scanImage({rootfs: memoryRootfs(files), config, platform, ignore: []})
  const told = libraries.problems.map(({path, obstacle, more}) => [
    path,
    obstacle.kind === 'undetermined'
      ? obstacle.reason
      : obstacle.kind === 'missing-loader'
        ? `${obstacle.loader}: ${obstacle.cause}`
        : obstacle.kind === 'missing-symbols' || obstacle.kind === 'mixed-release'
          ? obstacle.kind
          : obstacle.library,
    more,
  ])
  return {programs: libraries.programs, told}
}

describe('programs in PATH', () => {
  const clean: readonly (readonly [string, MemoryTree, (readonly string[])?])[] = [
    ['a static one', {'/usr/bin/a': executable(buildElf({machine: 183}))}],
    ['its library is there', {...MUSL, '/usr/bin/a': APP, '/usr/lib/libx.so': library()}],
    [
      'by a link',
      {...MUSL, '/usr/bin/a': APP, '/usr/lib/libx.so': {link: 'libx.so.1'}, '/usr/lib/libx.so.1': library()},
    ],
    ['by LD_LIBRARY_PATH', {...MUSL, '/usr/bin/a': APP, '/opt/libx.so': library()}, ['LD_LIBRARY_PATH=/opt']],
    [
      'beside a program that PATH has by a link',
      {
        ...MUSL,
        '/opt/a/bin/a': program({needed: ['libx.so'], runpath: '$ORIGIN/../lib'}),
        '/opt/a/lib/libx.so': library(),
        '/usr/bin/a': {link: '/opt/a/bin/a'},
      },
    ],
    ['no execute bit', {...MUSL, '/usr/bin/a': executable(buildElf({machine: 183, interpreter: '/x'}), 0o644)}],
    [
      'a loader of an unknown kind',
      {'/lib/ld.so': library(), '/usr/bin/a': program({interpreter: '/lib/ld.so', needed: ['libx.so']})},
    ],
  ]
  test.each(clean.map(([name, files, env = []]) => [name, files, env] as const))('clean: %s', async (_, files, env) => {
    expect((await problems(files, env)).told).toEqual([])
  })

  test.each<[string, MemoryTree, readonly (readonly [string, string, number])[]]>([
    ['a library is missing', {...MUSL, '/usr/bin/a': APP}, [['/usr/bin/a', 'libx.so', 0]]],
    [
      'two are missing',
      {...MUSL, '/usr/bin/a': program({needed: ['libx.so', 'liby.so']})},
      [['/usr/bin/a', 'libx.so', 1]],
    ],
    [
      'a library of another machine',
      {...MUSL, '/usr/bin/a': APP, '/usr/lib/libx.so': library({machine: 62})},
      [['/usr/bin/a', 'libx.so', 0]],
    ],
    [
      'a library of the library',
      {...MUSL, '/usr/bin/a': APP, '/usr/lib/libx.so': library({needed: ['libz.so']})},
      [['/usr/bin/a', 'libz.so', 0]],
    ],
    ['an empty library', {...MUSL, '/usr/bin/a': APP, '/usr/lib/libx.so': ''}, [['/usr/bin/a', 'libx.so', 0]]],
    [
      'no loader',
      {...MUSL, '/usr/bin/a': program({interpreter: GLIBC, needed: ['libx.so']})},
      [['/usr/bin/a', `${GLIBC}: a glibc program in a musl image`, 0]],
    ],
  ])('finds: %s', async (_, files, expected) => {
    expect((await problems(files)).told).toEqual(expected)
  })

  test('finds what could not all be followed', async () => {
    const long = program({needed: ['libx.so', 'n'.repeat(65_536)]})
    const {told} = await problems({...MUSL, '/usr/bin/a': long, '/usr/lib/libx.so': library()})
    expect(told).toEqual([['/usr/bin/a', expect.stringContaining('(limit elf-string-bytes)'), 0]])
  })

  test('a file that many names lead to is one program', async () => {
    const links = Object.fromEntries(['b', 'c', 'd'].map(name => [`/usr/bin/${name}`, {link: 'a'}]))
    expect(await problems({...MUSL, '/usr/bin/a': APP, ...links})).toEqual({
      programs: 1,
      told: [['/usr/bin/a', 'libx.so', 0]],
    })
  })
})

describe('programs and libraries outside PATH', () => {
  const GLIBC_APP = program({interpreter: GLIBC, needed: ['libc.so.6']})
  const ADDON = library({needed: ['libc.so.6', 'ld-linux-aarch64.so.1']})
  const MUSL_ADDON = library({needed: ['libc.musl-aarch64.so.1']})
  const GLIBC_IMAGE: MemoryTree = {[GLIBC]: library({soname: 'ld-linux-aarch64.so.1', entry: 64})}

  test.each<[string, MemoryTree]>([
    ['what starts', {...MUSL, '/opt/a': program({needed: ['libx.so']}), '/usr/lib/libx.so': library()}],
    ['a library that a launcher may name', {...MUSL, '/opt/a/a': APP, '/opt/a/lib/libx.so': library()}],
    ['a library by a link', {...MUSL, '/opt/a/a': APP, '/opt/a/libx.so': {link: 'x'}, '/opt/a/x': library()}],
    ['no execute bit', {...MUSL, '/opt/a': executable(buildElf({machine: 183, interpreter: GLIBC}), 0o644)}],
    ['test data', {...MUSL, '/src/testdata/a': GLIBC_APP, '/src/testdata/a.so': ADDON}],
    [
      'one of a package for both',
      {...MUSL, '/p/cli-linux-arm64/a': GLIBC_APP, '/p/cli-linux-arm64-musl/a': program({})},
    ],
    [
      'beside a static one',
      {...MUSL, '/p/arm64-gnu/a': GLIBC_APP, '/p/arm64-musl/a': executable(buildElf({machine: 183, type: 'exec'}))},
    ],
    ['add-ons for both', {...MUSL, '/p/linux-arm64/a.glibc.node': ADDON, '/p/linux-arm64/a.musl.node': MUSL_ADDON}],
    [
      'add-ons for both, one without a tag',
      {...MUSL, '/p/linux-arm64/a.node': ADDON, '/p/linux-arm64/a.musl.node': MUSL_ADDON},
    ],
    [
      'packages for both',
      {
        ...MUSL,
        '/n/node_modules/@img/sharp-linux-arm64/lib/a.node': ADDON,
        '/n/node_modules/@img/sharp-linuxmusl-arm64/lib/b.node': MUSL_ADDON,
      },
    ],
    [
      'add-ons of one name in one package',
      {
        ...MUSL,
        '/n/node_modules/z/build/arm64/108/a.node': ADDON,
        '/n/node_modules/z/build/arm64/musl-115/a.node': MUSL_ADDON,
      },
    ],
    ['an add-on of its own libc', {...MUSL, '/opt/a.node': MUSL_ADDON}],
    ['an add-on that needs libc alone', {...MUSL, '/opt/a.node': library({needed: ['libc.so.6']})}],
    ['with both C libraries', {...MUSL, ...GLIBC_IMAGE, '/opt/a.node': ADDON, '/opt/b.node': MUSL_ADDON}],
    [
      'with a loader for glibc programs on musl',
      {...MUSL, '/lib/ld-linux-aarch64.so.1': library(), '/opt/a.node': ADDON},
    ],
    ['an add-on in an image without any', {'/opt/a.node': ADDON}],
    ['a shared library that names a loader', {...MUSL, '/opt/libq.so.5': program({interpreter: GLIBC, needed: []})}],
  ])('clean: %s', async (_, files) => {
    expect((await problems(files)).told).toEqual([])
  })

  const GLIBC_ON_MUSL = `${GLIBC}: a glibc program in a musl image`
  test.each<[string, MemoryTree, readonly (readonly [string, string, number])[]]>([
    [
      'a plugin of glibc on musl',
      {...MUSL, '/root/.t/linux_arm64/p': GLIBC_APP},
      [['/root/.t/linux_arm64/p', GLIBC_ON_MUSL, 0]],
    ],
    ['a browser without its library', {...MUSL, '/opt/chrome/chrome': APP}, [['/opt/chrome/chrome', 'libx.so', 0]]],
    [
      'two, of which one may be found',
      {...MUSL, '/opt/a': program({needed: ['libx.so', 'liby.so']}), '/opt/lib/libx.so': library()},
      [['/opt/a', 'liby.so', 0]],
    ],
    ['an add-on of glibc on musl', {...MUSL, '/opt/a.node': ADDON}, [['/opt/a.node', 'ld-linux-aarch64.so.1', 0]]],
    [
      'an add-on of musl on glibc',
      {...GLIBC_IMAGE, '/opt/a.node': MUSL_ADDON},
      [['/opt/a.node', 'libc.musl-aarch64.so.1', 0]],
    ],
    [
      'two packages, one of them for both',
      {...MUSL, '/n/a/arm64-gnu/x.so': ADDON, '/n/a/arm64-musl/x.so': MUSL_ADDON, '/n/b/arm64-gnu/x.so': ADDON},
      [['/n/b/arm64-gnu/x.so', 'ld-linux-aarch64.so.1', 0]],
    ],
  ])('%s', async (_, files, expected) => {
    expect((await problems(files)).told).toEqual(expected)
  })
})
