import {describe, expect, test} from '@jest/globals'
import {scanImage} from '../../src/scan/index.ts'
import {buildElf} from '../support/elf-builder.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryEntry, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {testPlatform} from '../support/memory-source.ts'

const GLIBC = '/lib/ld-linux-aarch64.so.1'
const MUSL = '/lib/ld-musl-aarch64.so.1'
const library = (machine: number) => buildElf({machine, type: 'dyn', entry: 0, soname: 'x.node'})
const OWN = library(183)
const OTHER = library(62)
const nodeProgram = (interpreter: string) =>
  executable(buildElf({machine: 183, type: 'dyn', interpreter, flags1: 0x08000000}))
const NODE = {'/usr/local/bin/node': nodeProgram(GLIBC)}
const header = (modules: number) => ({
  '/usr/local/include/node/node_version.h': `#define NODE_MAJOR_VERSION 24\n#define NODE_MODULE_VERSION ${modules}\n`,
})
const at = (name: string) => `/app/node_modules/${name}`
const json = (name: string, more: object = {}): MemoryTree => ({
  [`${at(name)}/package.json`]: JSON.stringify({name, version: '1.0.0', ...more}),
})
const app = (dependencies: readonly string[], more: object = {}): MemoryTree => ({
  '/app/package.json': JSON.stringify({
    name: 'app',
    dependencies: Object.fromEntries(dependencies.map(one => [one, '*'])),
    ...more,
  }),
})
const optional = (...names: readonly string[]) => ({
  optionalDependencies: Object.fromEntries(names.map(one => [one, '*'])),
})

async function addons(files: MemoryTree, env: readonly string[] = [], name = 'linux/arm64') {
  const platform = testPlatform(name)
  const config = imageConfig({platform, env: ['PATH=/usr/local/bin', ...env]})
  const found = await scanImage({rootfs: memoryRootfs(files), config, platform, ignore: []})
  return found.addons
}

async function told(files: MemoryTree, env?: readonly string[], name?: string) {
  return (await addons(files, env, name)).map(({directory, wanted, outcome, isRequired, isNeeded}) => [
    directory.replace('/app/node_modules/', ''),
    outcome.kind === 'missing'
      ? `${wanted.join(' ')} < ${outcome.present.join(' ')}`
      : 'path' in outcome && `${outcome.path} ${outcome.kind === 'foreign' ? outcome.machine : ''}`,
    `${isRequired ? 'required' : ''} ${isNeeded ? 'needed' : ''}`.trim(),
  ])
}

const TOOL = {
  ...NODE,
  ...app(['tool']),
  ...json(
    'tool',
    optional('@tool/linux-x64', '@tool/linux-arm64', '@tool/linux-arm', '@tool/darwin-arm64', '@tool/win32-x64'),
  ),
}

describe('packages for each platform', () => {
  test('that of another machine is there, and not the own one', async () => {
    expect(await told({...TOOL, ...json('@tool/linux-x64')})).toEqual([
      ['tool', '@tool/linux-arm64 < /app/node_modules/@tool/linux-x64', 'needed'],
    ])
  })

  test('and that of another system', async () => {
    expect(await told({...TOOL, ...json('@tool/darwin-arm64')})).toEqual([
      ['tool', '@tool/linux-arm64 < /app/node_modules/@tool/darwin-arm64', 'needed'],
    ])
  })

  const OTHERS = json('@tool/linux-x64')
  test.each<[string, MemoryTree]>([
    ['the own one is there too', {...TOOL, ...OTHERS, ...json('@tool/linux-arm64')}],
    ['none is there', TOOL],
    ['it is found further up', {...TOOL, ...OTHERS, '/node_modules/@tool/linux-arm64/package.json': '{}'}],
    [
      'it is found by a link',
      {...TOOL, ...OTHERS, [at('@tool/linux-arm64')]: {link: '/store/arm64'}, '/store/arm64/package.json': '{}'},
    ],
    ['the package has its own', {...TOOL, ...OTHERS, [`${at('tool')}/build/Release/x.node`]: OWN}],
    ['the package has its own program', {...TOOL, ...OTHERS, [`${at('tool')}/bin/tool`]: executable(OWN)}],
    ['the package has WebAssembly', {...TOOL, ...OTHERS, [`${at('tool')}/tool.wasm`]: 'x'}],
    [
      'there is no Node',
      Object.fromEntries(Object.entries({...TOOL, ...OTHERS}).filter(([path]) => !path.includes('/bin/node'))),
    ],
    ['its package.json is no JSON', {...TOOL, ...OTHERS, [`${at('tool')}/package.json`]: '{"optionalDependencies": {'}],
    ['its package.json is a list', {...TOOL, ...OTHERS, [`${at('tool')}/package.json`]: '[]'}],
    [
      'its package.json has no names',
      {...TOOL, ...OTHERS, [`${at('tool')}/package.json`]: '{"optionalDependencies": ["@tool/linux-arm64"]}'},
    ],
    [
      'its package.json has strange names',
      {...TOOL, ...OTHERS, ...json('tool', optional('@tool/../linux-arm64', '@tool/linux-x64', '..', '__proto__'))},
    ],
    [
      'its package.json is very large',
      {
        ...TOOL,
        ...OTHERS,
        ...json('tool', {...optional('@tool/linux-arm64', '@tool/linux-x64'), x: 'x'.repeat(70_000)}),
      },
    ],
    [
      'the makers have none for the platform',
      {...NODE, ...json('tool', optional('@tool/linux-x64', '@tool/darwin-x64')), ...OTHERS},
    ],
    [
      'a portable one is there',
      {
        ...NODE,
        ...json('tool', optional('@tool/linux-x64', '@tool/linux-arm64', '@tool/wasm32-wasi')),
        ...OTHERS,
        ...json('@tool/wasm32-wasi'),
      },
    ],
    [
      'names of other things',
      {...NODE, ...json('tool', optional('linux-os-info', 'fsevents', 'darwin')), ...json('linux-os-info')},
    ],
  ])('nothing where %s', async (_, files) => {
    expect(await told(files)).toEqual([])
  })

  test.each<[string, string, MemoryEntry, readonly string[]]>([
    ['glibc', '@img/sharp-linuxmusl-arm64', nodeProgram(GLIBC), ['@img/sharp-linux-arm64']],
    ['musl', '@img/sharp-linux-arm64', nodeProgram(MUSL), ['@img/sharp-linuxmusl-arm64']],
  ])('the C library of %s decides', async (_, present, node, wanted) => {
    const files = {
      '/usr/local/bin/node': node,
      ...json('sharp', optional('@img/sharp-linux-arm64', '@img/sharp-linuxmusl-arm64', '@img/sharp-linux-x64')),
      ...json(present),
    }
    expect((await addons(files)).map(problem => problem.wanted)).toEqual([wanted])
    expect(await told({...files, ...json(wanted[0] ?? '')})).toEqual([])
  })

  test('what pnpm links to', async () => {
    const store = '/app/node_modules/.pnpm/tool@1.0.0/node_modules'
    const files = {
      ...NODE,
      ...app(['tool']),
      [at('tool')]: {link: '.pnpm/tool@1.0.0/node_modules/tool'},
      [`${store}/tool/package.json`]: JSON.stringify({
        name: 'tool',
        ...optional('@tool/linux-arm64', '@tool/linux-x64'),
      }),
      [`${store}/@tool/linux-x64`]: {link: '../../../@tool+linux-x64@1.0.0/node_modules/@tool/linux-x64'},
      '/app/node_modules/.pnpm/@tool+linux-x64@1.0.0/node_modules/@tool/linux-x64/package.json': '{}',
    } satisfies MemoryTree
    expect((await addons(files)).map(({directory, isNeeded}) => [directory, isNeeded])).toEqual([
      [`${store}/tool`, true],
    ])
    const unneeded = {...files, '/app/package.json': '{"devDependencies": {"tool": "*"}}'}
    expect((await addons(unneeded)).map(({isNeeded}) => isNeeded)).toEqual([false])
  })

  test.each<[string, MemoryTree, boolean]>([
    ['the application depends on it', app(['tool']), true],
    ['what it depends on does', {...app(['a']), ...json('a', {dependencies: {tool: '*'}})}, true],
    [
      'two that depend on each other do',
      {...app(['a']), ...json('a', {dependencies: {b: '*'}}), ...json('b', {dependencies: {a: '*', tool: '*'}})},
      true,
    ],
    ['nothing says what is needed', {}, true],
    ['it is for development', app([], {devDependencies: {tool: '*'}}), false],
    [
      'what is for development depends on it',
      {...app([], {devDependencies: {a: '*'}}), ...json('a', {dependencies: {tool: '*'}})},
      false,
    ],
    ['it is optional', {...app(['a']), ...json('a', {dependencies: {tool: '*'}, ...optional('tool')})}, false],
  ])('whether it is needed: %s', async (_, files, expected) => {
    const {'/app/package.json': _app, ...tool}: MemoryTree = {...TOOL, ...json('@tool/linux-x64')}
    expect((await addons({...tool, ...files})).map(({isNeeded}) => isNeeded)).toEqual([expected])
  })

  test('the loader of napi-rs ends with a throw', async () => {
    const files = {...TOOL, ...json('@tool/linux-x64'), [`${at('tool')}/index.js`]: "const b = require('./binding')"}
    const loader = 'let nativeBinding = null\nif (!nativeBinding) {\n  throw new Error("x")\n}'
    expect(await told({...files, [`${at('tool')}/binding.js`]: loader})).toEqual([
      ['tool', '@tool/linux-arm64 < /app/node_modules/@tool/linux-x64', 'required needed'],
    ])
    expect(
      (await addons({...files, [`${at('tool')}/binding.js`]: loader}, ['NAPI_RS_NATIVE_LIBRARY_PATH=/x']))[0]
        ?.isRequired,
    ).toBe(false)
    expect((await addons({...files, [`${at('tool')}/binding.js`]: 'nativeBinding'}))[0]?.isRequired).toBe(false)
  })
})

describe('node-gyp-build', () => {
  const addon = (more: MemoryTree): MemoryTree => ({
    ...NODE,
    ...app(['addon']),
    ...json('addon', {dependencies: {'node-gyp-build': '*'}}),
    [`${at('addon')}/index.js`]: "module.exports = require('node-gyp-build')(__dirname)",
    ...Object.fromEntries(Object.entries(more).map(([path, entry]) => [`${at('addon')}/${path}`, entry])),
  })
  const ELSEWHERE = {'prebuilds/linux-x64/a.node': OTHER}

  test.each<[string, MemoryTree, string]>([
    [
      'none for the platform',
      addon(ELSEWHERE),
      'a file in prebuilds/linux-arm64 for glibc < /app/node_modules/addon/prebuilds/linux-x64',
    ],
    [
      'none for its C library',
      addon({'prebuilds/linux-arm64/a.musl.node': OWN}),
      'a file in prebuilds/linux-arm64 for glibc < /app/node_modules/addon/prebuilds/linux-arm64',
    ],
    [
      'none for its ABI',
      {...addon({'prebuilds/linux-arm64/a.abi115.node': OWN}), ...header(137)},
      'a file in prebuilds/linux-arm64 for glibc and NODE_MODULE_VERSION 137 < /app/node_modules/addon/prebuilds/linux-arm64',
    ],
    [
      'only for Electron',
      addon({'prebuilds/linux-arm64/electron.abi115.node': OWN}),
      'a file in prebuilds/linux-arm64 for glibc < /app/node_modules/addon/prebuilds/linux-arm64',
    ],
    [
      'of another machine under its name',
      addon({'prebuilds/linux-arm64/a.node': OTHER}),
      '/app/node_modules/addon/prebuilds/linux-arm64/a.node x86-64',
    ],
    [
      'built elsewhere, before the right one',
      addon({'build/Release/a.node': OTHER, 'prebuilds/linux-arm64/a.node': OWN}),
      '/app/node_modules/addon/build/Release/a.node x86-64',
    ],
    [
      'the one that says more',
      addon({'prebuilds/linux-arm64/a.node': OWN, 'prebuilds/linux-arm64/a.armv8.glibc.node': OTHER}),
      '/app/node_modules/addon/prebuilds/linux-arm64/a.armv8.glibc.node x86-64',
    ],
    [
      'the directory for it alone',
      addon({'prebuilds/linux-arm64/a.node': OTHER, 'prebuilds/linux-arm64+x64/a.node': OWN}),
      '/app/node_modules/addon/prebuilds/linux-arm64/a.node x86-64',
    ],
  ])('%s', async (_, files, expected) => {
    expect(await told(files)).toEqual([['addon', expected, 'required needed']])
  })

  const clean: readonly (readonly [string, MemoryTree, (readonly string[])?])[] = [
    ['the right one', addon({...ELSEWHERE, 'prebuilds/linux-arm64/a.node': OWN})],
    ['built in place', addon({...ELSEWHERE, 'build/Release/a.node': OWN})],
    ['built in place for debugging', addon({...ELSEWHERE, 'build/Debug/a.node': OWN})],
    ['for several machines', addon({...ELSEWHERE, 'prebuilds/linux-arm64+x64/a.node': OWN})],
    ['of the right ABI', {...addon({'prebuilds/linux-arm64/a.abi137.node': OWN}), ...header(137)}],
    ['of some ABI, where that of Node is not known', addon({'prebuilds/linux-arm64/a.abi1.node': OWN})],
    ['for every ABI', {...addon({'prebuilds/linux-arm64/a.abi1.napi.node': OWN}), ...header(137)}],
    ['beside Node', {...addon(ELSEWHERE), '/usr/local/bin/prebuilds/linux-arm64/a.node': OWN}],
    ['a link', addon({...ELSEWHERE, 'prebuilds/linux-arm64/a.node': {link: '/x'}})],
    ['a file that cannot be told', addon({...ELSEWHERE, 'prebuilds/linux-arm64/a.node': ''})],
    ['no prebuilds at all', addon({})],
    ['led elsewhere', addon(ELSEWHERE), ['npm_config_arch=x64']],
    ['led elsewhere by the name of the package', addon(ELSEWHERE), ['ADDON_PREBUILD=/x']],
    [
      'a fallback',
      {
        ...addon(ELSEWHERE),
        [`${at('addon')}/index.js`]:
          "try {\n  module.exports = require('node-gyp-build')(__dirname)\n} catch {\n  module.exports = require('./fallback')\n}",
      },
    ],
    [
      'only when it is used',
      {...addon(ELSEWHERE), [`${at('addon')}/index.js`]: "exports.open = () => require('node-gyp-build')(__dirname)"},
    ],
    ['no entry file', {...addon(ELSEWHERE), [`${at('addon')}/index.js`]: {kind: 'directory'}}],
  ]
  test.each(clean.map(([name, files, env = []]) => [name, files, env] as const))(
    'nothing of %s',
    async (_, files, env) => {
      expect(await told(files, env)).toEqual([])
    },
  )

  test('takes the C library from /etc/alpine-release', async () => {
    const files = addon({'prebuilds/linux-arm64/a.musl.node': OWN, 'prebuilds/linux-arm64/a.glibc.node': OTHER})
    expect(await told({...files, '/etc/alpine-release': '3.22.0\n'})).toEqual([])
    expect((await told(files)).length).toBe(1)
  })

  test('an entry file by exports and main', async () => {
    const text = "import load from 'node-gyp-build'\nexport const x = load(dir)"
    const files = {...addon(ELSEWHERE), [`${at('addon')}/lib/esm.mjs`]: text, [`${at('addon')}/index.js`]: ''}
    const withEntry = (entry: object) => ({
      ...files,
      ...json('addon', {dependencies: {'node-gyp-build': '*'}, ...entry}),
    })
    expect((await told(withEntry({exports: {'.': {types: './x.d.ts', import: './lib/esm.mjs'}}}))).length).toBe(1)
    expect((await told(withEntry({exports: './lib/esm.mjs'}))).length).toBe(1)
    expect((await told(withEntry({main: './lib/esm.mjs'}))).length).toBe(1)
    expect(await told(withEntry({main: './lib'}))).toEqual([])
    expect(await told(withEntry({exports: {'.': {import: './nowhere.mjs'}}}))).toEqual([])
  })
})

describe('bindings', () => {
  const addon = (more: MemoryTree, index = "var b = require('bindings')('a')"): MemoryTree => ({
    ...NODE,
    ...json('addon', {dependencies: {bindings: '*'}, main: 'lib/index'}),
    [`${at('addon')}/lib/index.js`]: index,
    ...Object.fromEntries(Object.entries(more).map(([path, entry]) => [`${at('addon')}/${path}`, entry])),
  })
  test('built on another machine', async () => {
    expect(await told(addon({'build/Release/a.node': OTHER}))).toEqual([
      ['addon', '/app/node_modules/addon/build/Release/a.node x86-64', 'required needed'],
    ])
    expect((await told(addon({'build/a.node': OTHER, 'build/Release/a.node': OWN}))).length).toBe(1)
  })
  test.each<[string, MemoryTree]>([
    ['built here', addon({'build/Release/a.node': OWN})],
    ['the own one comes first', addon({'build/a.node': OWN, 'build/Release/a.node': OTHER})],
    ['not built', addon({})],
    ['one of several', addon({'build/Release/a.node': OTHER, 'build/Release/b.node': OWN})],
    ['only when it is used', addon({'build/Release/a.node': OTHER}, "exports.open = () => require('bindings')('a')")],
  ])('nothing: %s', async (_, files) => {
    expect(await told(files)).toEqual([])
  })
  const byPlatform = (abi: number, arch: string) => `lib/binding/node-v${abi}-linux-${arch}/a.node`
  test('for another machine or release, by its directory', async () => {
    const files = {...addon({[byPlatform(137, 'x64')]: OTHER, [byPlatform(127, 'arm64')]: OWN}), ...header(137)}
    expect(await told(files)).toEqual([
      [
        'addon',
        `lib/binding/node-v137-linux-arm64 < ${['node-v127-linux-arm64', 'node-v137-linux-x64'].map(name => `${at('addon')}/lib/binding/${name}`).join(' ')}`,
        'required needed',
      ],
    ])
    expect(await told({...files, [`${at('addon')}/${byPlatform(137, 'arm64')}`]: OWN})).toEqual([])
    expect(await told({...files, [`${at('addon')}/build/Release/a.node`]: OWN})).toEqual([])
    expect(await told(addon({[byPlatform(137, 'x64')]: OTHER}))).toEqual([])
  })
})

describe('node-pre-gyp', () => {
  const FIND = "const gyp = require('@mapbox/node-pre-gyp')\nconst path = gyp.find(__dirname + '/package.json')\n"
  const addon = (modulePath: unknown, more: MemoryTree, index = `${FIND}module.exports = require(path)\n`) => ({
    ...NODE,
    ...header(137),
    ...json('addon', {
      dependencies: {'@mapbox/node-pre-gyp': '*'},
      binary: {module_name: 'a', module_path: modulePath},
    }),
    [`${at('addon')}/index.js`]: index,
    ...Object.fromEntries(Object.entries(more).map(([path, entry]) => [`${at('addon')}/${path}`, entry])),
  })
  test.each<[string, string, MemoryTree, string]>([
    [
      'of another machine, by no name of it',
      './lib/binding/napi-v{napi_build_version}',
      {'lib/binding/napi-v3/a.node': OTHER},
      `${at('addon')}/lib/binding/napi-v3/a.node x86-64`,
    ],
    [
      'of another machine',
      './build/{configuration}',
      {'build/Release/a.node': OTHER},
      `${at('addon')}/build/Release/a.node x86-64`,
    ],
    [
      'for another machine',
      './lib/{module_name}-v{version}-{node_abi}-{platform}-{arch}-{libc}{toolset}/',
      {'lib/a-v1.0.0-node-v137-linux-x64-glibc/a.node': OTHER},
      `lib/a-v1.0.0-node-v137-linux-arm64-glibc/a.node < ${at('addon')}/lib/a-v1.0.0-node-v137-linux-x64-glibc/a.node`,
    ],
    [
      'for another C library',
      './lib/{node_napi_label}-{target_libc}',
      {'lib/napi-v6-musl/a.node': OWN},
      `lib/{node_napi_label}-glibc/a.node < ${at('addon')}/lib/napi-v6-musl/a.node`,
    ],
    [
      'for another release',
      './lib/{node_abi}',
      {'lib/node-v127/a.node': OWN},
      `lib/node-v137/a.node < ${at('addon')}/lib/node-v127/a.node`,
    ],
  ])('%s', async (_, modulePath, more, expected) => {
    expect(await told(addon(modulePath, more))).toEqual([['addon', expected, 'required needed']])
    expect(
      (await told(addon(modulePath, more, "try { require('@mapbox/node-pre-gyp').find() } catch {}"))).length,
    ).toBe(0)
  })
  test.each<[string, unknown, MemoryTree]>([
    ['one for the platform', './lib/{node_abi}', {'lib/node-v127/a.node': OTHER, 'lib/node-v137/a.node': OWN}],
    [
      'one of the two that may be taken',
      './lib/napi-v{napi_build_version}',
      {'lib/napi-v3/a.node': OTHER, 'lib/napi-v6/a.node': OWN},
    ],
    ['none', './lib/{node_abi}', {}],
    ['another name', './lib/{node_abi}', {'lib/node-v127/b.node': OTHER}],
    ['of a package in it', './lib', {'node_modules/b/lib/a.node': OTHER}],
    ['a variable that is not known', './lib/{module_root}', {'lib/x/a.node': OTHER}],
    ['a variable of an object', './lib/{constructor}', {'lib/x/a.node': OTHER}],
    ['a path out of the package', '../../{arch}', {'lib/x/a.node': OTHER}],
    ['no path', 7, {'lib/x/a.node': OTHER}],
    ['too many variables', `./${'{arch}'.repeat(11)}`, {'lib/x/a.node': OTHER}],
  ])('nothing: %s', async (_, modulePath, more) => {
    expect(await told(addon(modulePath, more))).toEqual([])
  })
})

describe('an add-on that a module requires by its path', () => {
  const addon = (index: string, more: MemoryTree): MemoryTree => ({
    ...NODE,
    ...json('addon', {main: 'lib/index.js'}),
    [`${at('addon')}/lib/index.js`]: index,
    ...Object.fromEntries(Object.entries(more).map(([path, entry]) => [`${at('addon')}/${path}`, entry])),
  })
  test.each([
    "module.exports = require('../build/Release/a.node')",
    "var a = require('../build/Release/a')",
    "require('./deep')",
  ])('%s', async index => {
    const files = addon(index, {
      'build/Release/a.node': OTHER,
      'lib/deep.js': "const {b} = require('../build/Release/a.node')",
    })
    expect(await told(files)).toEqual([['addon', `${at('addon')}/build/Release/a.node x86-64`, 'required needed']])
  })
  test.each<[string, string, MemoryTree]>([
    ['its own', "require('../a.node')", {'a.node': OWN}],
    ['in try', "try { require('../a.node') } catch {}", {'a.node': OTHER}],
    ['when it is used', "exports.f = () => require('../a.node')", {'a.node': OTHER}],
    ['another one', "require('../a.node')", {'a.node': OWN, 'b.node': OTHER}],
    ['of JavaScript before it', "require('../a')", {'a.js': '', 'a.node': OTHER}],
  ])('nothing: %s', async (_, index, more) => {
    expect(await told(addon(index, more))).toEqual([])
  })
})
