import {
  createAddonCollector,
  findPhpAddons,
  findPythonAddons,
  followModules,
  followRequires,
  isAddonText,
  type NativeFile,
  readAddonText,
  readJarNatives,
  readPnpState,
} from '../../src/addons/index.ts'
import {packageMain} from '../../src/addons/node/resolve.ts'
import {followImports} from '../../src/addons/python/follow-imports.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {buildZip} from '../support/zip-builder.ts'
import {type Edges, FINE} from './edge.ts'

const NATIVE = 'org/xerial/snappy/native/Linux/x86_64/libsnappyjava.so'
const PLATFORM = {os: 'linux', architecture: 'amd64', variant: ''}
const HEADER = 46
const LONG = 0x8000

/** Whether the native of a jar is seen. */
async function lookInto(jar: Uint8Array): Promise<string> {
  return (await readJarNatives(bytesAccess(jar), PLATFORM)).length > 0 ? FINE : 'not seen'
}

/** A jar whose directory has so many bytes. */
function directoryOf(bytes: number): Uint8Array {
  const files = [{name: NATIVE}]
  let left = bytes - HEADER - NATIVE.length
  while (left > 0) {
    const size = left > 2 * LONG ? LONG : left > LONG ? left - LONG / 2 : left
    files.push({name: 'n'.repeat(size - HEADER)})
    left -= size
  }
  return buildZip(files)
}

/** A jar with so many jars that may have natives, the last of which has. */
function nestedJars(count: number): Uint8Array {
  const jars = Array.from({length: count}, (_, at) => ({
    name: `lib/snappy-${at}.jar`,
    content: buildZip([{name: at === count - 1 ? NATIVE : 'a.class'}]),
  }))
  return buildZip(jars)
}

const DEPS = '/app/app.deps.json'

/** A deps.json with so many native files: whether the last is seen. */
function nativeFiles(count: number): string {
  const files = Array.from({length: count}, (_, at) => [`${at}.so`, {rid: 'linux-x64', assetType: 'native'}])
  const manifest = {runtimeTarget: {name: 'n'}, targets: {n: {'a/1': {runtimeTargets: Object.fromEntries(files)}}}}
  const text = readAddonText(DEPS, Buffer.from(JSON.stringify(manifest)))
  const seen = text?.kind === 'dotnet-deps' ? text.libraries.flatMap(library => library.files) : []
  return seen.some(({path}) => path === `${count - 1}.so`) ? FINE : 'not seen'
}

const seenIf = (isSeen: boolean): string => (isSeen ? FINE : 'not seen')

/** Files that are remembered, the last of them too. */
function remembered(count: number): string {
  const collector = createAddonCollector()
  const node = {kind: 'file', mode: 0o644, uid: 0, gid: 0, size: 1} as const
  for (let at = 0; at < count; at += 1) collector.addFile({...node, path: `/${at}.node`}, undefined)
  return seenIf(collector.finish().node.natives.has(`/${count - 1}.node`))
}

/** A package.json with so many dependencies. */
function dependencies(count: number): string {
  const names = Object.fromEntries(Array.from({length: count}, (_, at) => [`a${at}`, '*']))
  const text = readAddonText('/app/package.json', Buffer.from(JSON.stringify({dependencies: names})))
  return seenIf(text?.kind === 'node-manifest' && text.manifest.dependencies.length === count)
}

/** A package whose exports have so many conditions within each other. */
async function conditions(count: number): Promise<string> {
  let exports: unknown = './main.js'
  for (let at = 0; at < count; at += 1) exports = {node: exports}
  const files = memoryRootfs({'/a/package.json': JSON.stringify({exports}), '/a/main.js': ''})
  return seenIf((await packageMain(files, '/a', false)) !== undefined)
}

/** Whether the last module is loaded for certain. */
async function loadedLast(files: MemoryTree, last: string): Promise<string> {
  const modules = await followModules(memoryRootfs(files), ['/start.js'])
  return seenIf(modules.some(({path}) => path === last))
}

/** A script that loads all others. */
function sideBySide(count: number): Promise<string> {
  const others = Array.from({length: count - 1}, (_, at) => `/m${at}.js`)
  const start = others.map(path => `require('.${path}')`).join('\n')
  const files = Object.fromEntries(others.map(path => [path, '']))
  return loadedLast({'/start.js': start, ...files}, others.at(-1) ?? '')
}

/** A script that loads another, and so on. */
function oneByOne(count: number): Promise<string> {
  const paths = Array.from({length: count}, (_, at) => (at === 0 ? '/start.js' : `/m${at}.js`))
  const files = paths.map((path, at) => [path, at === count - 1 ? '' : `require('.${paths[at + 1]}')`])
  return loadedLast(Object.fromEntries(files), paths.at(-1) ?? '')
}

/** A script that imports so many names, all but the last of which are nowhere. */
async function looks(count: number): Promise<string> {
  const names = Array.from({length: count}, (_, at) => `import a${at}`)
  const files = memoryRootfs({'/start.py': names.join('\n'), [`/a${count - 1}.py`]: ''})
  const stems = await followImports(files, ['/start.py'], {directories: [''], suffixes: []})
  return seenIf(stems.has(`/a${count - 1}`))
}

/** So many packages of Python, each with a module for another machine. */
async function pythonPackages(count: number): Promise<string> {
  const site = '/usr/lib/python3.13/site-packages'
  const names = Array.from({length: count}, (_, at) => `${site}/p${at}/x.cpython-313-x86_64-linux-gnu.so`)
  const other = {machine: 'x86-64', fit: 'other'} as const
  const own = {machine: 'aarch64', fit: 'own'} as const
  const extensions = new Map<string, NativeFile>([
    ['/usr/lib/python3.13/lib-dynload/_json.cpython-313-aarch64-linux-gnu.so', own],
    ...names.map(name => [name, other] as const),
  ])
  const input = {extensions, sites: [], natives: new Map(), env: new Map(), files: memoryRootfs({})}
  return seenIf((await findPythonAddons(input)).length === count)
}

/** A script that requires so many features, all but the last of which are nowhere. */
async function rubyLooks(count: number): Promise<string> {
  // The script itself is looked for, and of each feature `.rb` and `.so`; of the last `.rb` alone, if that is there.
  const names = Array.from({length: Math.floor(count / 2)}, (_, at) => `require 'a${at}'`)
  const last = `a${names.length - 1}`
  const files = memoryRootfs({'/start.rb': names.join('\n'), [`/${last}.${count % 2 === 0 ? 'rb' : 'so'}`]: ''})
  const path = {loadPath: [''], homes: [], extensions: [], ignored: []}
  return seenIf((await followRequires(files, ['/start.rb'], path)).has(`/${last}`))
}

const PHP = new Map<string, NativeFile>([['/usr/bin/php', {machine: 'aarch64', fit: 'own'}]])
const PHP_INI = '/usr/local/etc/php/php.ini'
const PHP_MODULES = '/usr/local/lib/php/extensions/no-debug-non-zts-20240924'

/** A php.ini: how many modules are not there. */
async function missingModules(text: string): Promise<number> {
  const files = memoryRootfs({[PHP_INI]: text, [`${PHP_MODULES}/a.so`]: ''})
  return (await findPhpAddons({natives: PHP, files, env: new Map()})).length
}

/** So many modules that are not there. */
async function phpModules(count: number): Promise<string> {
  const lines = Array.from({length: count}, (_, at) => `extension=/m${at}.so`)
  return seenIf((await missingModules(lines.join('\n'))) === count)
}

/** A state of Yarn of so many bytes. */
async function pnpState(bytes: number): Promise<string> {
  const data = {packageLocation: './', packageDependencies: [], linkType: 'SOFT'}
  const text = JSON.stringify({packageRegistryData: [[null, [[null, data]]]]}).padEnd(bytes)
  return seenIf((await readPnpState(memoryRootfs({'/.pnp.data.json': text}), '')) !== undefined)
}

/** A php.ini of so many bytes. */
async function phpSettings(bytes: number): Promise<string> {
  return seenIf((await missingModules('extension=none\n'.padEnd(bytes))) === 1)
}

async function natives(count: number): Promise<string> {
  const names = Array.from({length: count}, (_, at) => `com/sun/jna/linux-${at}/libjnidispatch.so`)
  const [found] = await readJarNatives(bytesAccess(buildZip(names.map(name => ({name})))), PLATFORM)
  return seenIf(found?.words.length === count)
}

/** The limits on what is read of packages of languages. */
export const ADDON_EDGES: Edges = {
  'addon-files': {look: async amount => remembered(amount), beyond: 'not seen'},
  'package-manifest-bytes': {
    look: async amount => seenIf(isAddonText({path: '/app/package.json', size: amount})),
    beyond: 'not seen',
  },
  'pnp-state-bytes': {look: pnpState, beyond: 'not seen'},
  'package-dependencies': {look: async amount => dependencies(amount), beyond: 'not seen'},
  'package-conditions': {look: conditions, beyond: 'not seen'},
  'module-bytes': {
    look: amount => loadedLast({'/start.js': "require('./m.js')", '/m.js': ' '.repeat(amount)}, '/m.js'),
    beyond: 'not seen',
  },
  'followed-modules': {look: sideBySide, beyond: 'not seen'},
  'module-levels': {look: oneByOne, beyond: 'not seen'},
  'module-looks': {look: looks, beyond: 'not seen'},
  'ruby-looks': {look: rubyLooks, beyond: 'not seen'},
  'judged-packages': {look: phpModules, beyond: 'not seen'},
  'addon-settings-bytes': {look: phpSettings, beyond: 'not seen'},
  'followed-packages': {look: pythonPackages, beyond: 'not seen'},
  'jar-natives': {look: natives, beyond: 'not seen'},
  'dotnet-deps-bytes': {
    look: async amount => seenIf(isAddonText({path: DEPS, size: amount})),
    beyond: 'not seen',
  },
  'dotnet-native-files': {look: async amount => nativeFiles(amount), beyond: 'not seen'},
  'zip-directory-bytes': {look: amount => lookInto(directoryOf(amount)), beyond: 'not seen'},
  'nested-jars': {look: amount => lookInto(nestedJars(amount)), beyond: 'not seen'},
}
