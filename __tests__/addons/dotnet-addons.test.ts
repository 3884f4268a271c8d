import {describe, expect, test} from '@jest/globals'
import {fitOfIdentifier} from '../../src/addons/dotnet/runtime-identifier.ts'
import {buildElf} from '../support/elf-builder.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {checkWholeImage} from '../support/whole-image.ts'

const GLIBC = '/lib/ld-linux.so.1'
const own = () => buildElf({machine: 183, type: 'dyn', entry: 0, soname: 'x.so'})
const other = () => buildElf({machine: 62, type: 'dyn', entry: 0, soname: 'x.so'})
const HOST: MemoryTree = {
  '/usr/share/dotnet/dotnet': executable(buildElf({machine: 183, align: 0x10000, interpreter: GLIBC})),
  [GLIBC]: executable(buildElf({machine: 183, type: 'dyn', align: 0x10000})),
  '/app/app.dll': 'managed',
}
const SQLITE = 'runtimes/linux-x64/native/libe_sqlite3.so'

/** An APP.deps.json as `dotnet publish` writes it, with natives by their paths. */
function deps(natives: Readonly<Record<string, string>>, assetType = 'native', target = '.NETCoreApp,Version=v8.0') {
  const runtimeTargets = Object.fromEntries(Object.entries(natives).map(([path, rid]) => [path, {rid, assetType}]))
  return JSON.stringify({
    runtimeTarget: {name: '.NETCoreApp,Version=v8.0', signature: ''},
    targets: {[target]: {'app/1.0.0': {runtime: {'app.dll': {}}}, 'SQLite/2.1.6': {runtimeTargets}}},
  })
}

async function told(files: MemoryTree): Promise<readonly (readonly [string, string, string])[]> {
  const config = {entrypoint: ['/usr/share/dotnet/dotnet', '/app/app.dll'], env: ['PATH=/usr/share/dotnet']}
  const {findings} = await checkWholeImage([{platform: 'linux/arm64', config, files: {...HOST, ...files}}])
  return findings
    .filter(({rule}) => rule !== 'undetermined')
    .map(({rule, level, message}) => [rule, level, message] as const)
}

const MESSAGE = `SQLite/2.1.6 in /app has no add-on for linux/arm64: it needs runtimes/linux-arm64/native/libe_sqlite3.so, and has ${SQLITE}`
const APP = '/app/app.deps.json'
const WRONG = deps({[SQLITE]: 'linux-x64', 'runtimes/win-arm64/native/e_sqlite3.dll': 'win-arm64'})

describe('native files of packages of .NET', () => {
  test('for another machine of Linux alone', async () => {
    expect(await told({[APP]: WRONG, [`/app/${SQLITE}`]: other()})).toEqual([['missing-addon', 'warning', MESSAGE]])
    expect(await told({[APP]: `\ufeff${WRONG}`, [`/app/${SQLITE}`]: other()})).toHaveLength(1)
  })

  test('in a manifest that is too large to be at hand', async () => {
    const large = WRONG.replace('{', `{"filler": ${JSON.stringify('x'.repeat(200_000))},`)
    expect(await told({[APP]: large, [`/app/${SQLITE}`]: other()})).toHaveLength(1)
  })

  const both = (rid: string, path = `runtimes/${rid}/native/libe_sqlite3.so`) => ({
    [APP]: deps({[SQLITE]: 'linux-x64', [path]: rid}),
    [`/app/${SQLITE}`]: other(),
    [`/app/${path}`]: own(),
  })
  test.each<[string, MemoryTree]>([
    ['one is for the platform', both('linux-arm64')],
    ['one is for Linux', both('linux')],
    ['one is for any system', both('unix')],
    ['one is for a distribution', both('debian.12-arm64')],
    [
      'the library stands in the application',
      {[APP]: WRONG, [`/app/${SQLITE}`]: other(), '/app/libe_sqlite3.so': own()},
    ],
    ['what is for others was left out', {[APP]: WRONG}],
    ['all is managed', {[APP]: deps({[SQLITE]: 'linux-x64'}, 'runtime'), [`/app/${SQLITE}`]: other()}],
    ['it is of another target', {[APP]: deps({[SQLITE]: 'linux-x64'}, 'native', 'x'), [`/app/${SQLITE}`]: other()}],
    [
      'it is for other systems',
      {
        [APP]: deps({'runtimes/win-x64/native/sni.dll': 'win-x64', 'runtimes/osx/native/a.dylib': 'osx'}),
        '/app/runtimes/win-x64/native/sni.dll': 'MZ',
      },
    ],
    [
      'it is of the SDK',
      {'/usr/share/dotnet/sdk/8.0.100/a.deps.json': WRONG, [`/usr/share/dotnet/sdk/8.0.100/${SQLITE}`]: other()},
    ],
  ])('nothing where %s', async (_, files) => {
    expect(await told(files)).toEqual([])
  })

  test('nothing without a host', async () => {
    const files = {'/usr/share/dotnet/dotnet': executable('#!/bin/false\n'), [APP]: WRONG, [`/app/${SQLITE}`]: other()}
    expect((await told(files)).filter(([rule]) => rule === 'missing-addon')).toEqual([])
  })

  test.each<[string]>([
    ['{'],
    ['[]'],
    ['null'],
    ['{"runtimeTarget": {"name": "__proto__"}, "targets": {}}'],
    ['{"runtimeTarget": {"name": "a"}, "targets": {"a": []}}'],
    ['{"runtimeTarget": "a", "targets": {"a": {"b": {"runtimeTargets": {"c": {"rid": 1, "assetType": "native"}}}}}}'],
    ['{"runtimeTarget": "a", "targets": {"a": {"b": null, "c": {"runtimeTargets": [{"rid": "linux-x64"}]}}}}'],
  ])('nothing of what makes no sense: %s', async text => {
    expect(await told({[APP]: text, [`/app/${SQLITE}`]: other()})).toEqual([])
  })
})

describe('runtime identifiers', () => {
  const arm = {arch: 'arm64', libc: 'glibc'} as const
  test.each<[string, 'own' | 'other-machine' | 'other-system', 'own' | 'other-machine' | 'other-system']>([
    ['linux-arm64', 'own', 'own'],
    ['linux-musl-arm64', 'other-machine', 'own'],
    ['linux-musl', 'other-machine', 'own'],
    ['alpine.3.18-arm64', 'other-machine', 'own'],
    ['unix-arm64', 'own', 'own'],
    ['linux', 'own', 'own'],
    ['unix', 'own', 'own'],
    ['any', 'own', 'own'],
    ['ubuntu.22.04-arm64', 'own', 'own'],
    ['linux-x64', 'other-machine', 'other-machine'],
    ['linux-musl-x64', 'other-machine', 'other-machine'],
    ['linux-arm', 'other-machine', 'other-machine'],
    ['linux-armel', 'other-machine', 'other-machine'],
    ['linux-loongarch64', 'other-machine', 'other-machine'],
    ['linux-bionic-arm64', 'other-system', 'other-system'],
    ['android-arm64', 'other-system', 'other-system'],
    ['win-arm64', 'other-system', 'other-system'],
    ['win10-arm64', 'other-system', 'other-system'],
    ['osx', 'other-system', 'other-system'],
    ['browser-wasm', 'other-system', 'other-system'],
  ])('%s on arm64 with glibc and with musl', (rid, glibc, musl) => {
    expect(fitOfIdentifier(rid, arm)).toBe(glibc)
    expect(fitOfIdentifier(rid, {...arm, libc: 'musl'})).toBe(musl)
  })
})
