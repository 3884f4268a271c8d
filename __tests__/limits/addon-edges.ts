import {isAddonText, readAddonText, readJarNatives} from '../../src/addons/index.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {buildZip} from '../support/zip-builder.ts'
import {type Edges, FINE} from './edge.ts'

const NATIVE = 'org/xerial/snappy/native/Linux/x86_64/libsnappyjava.so'
const HEADER = 46
const LONG = 0x8000

/** Whether the native of a jar is seen. */
async function lookInto(jar: Uint8Array): Promise<string> {
  return (await readJarNatives(bytesAccess(jar))).length > 0 ? FINE : 'not seen'
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

/** The limits on what is read of packages of languages. */
export const ADDON_EDGES: Edges = {
  'dotnet-deps-bytes': {
    look: async amount => (isAddonText({path: DEPS, size: amount}) ? FINE : 'not seen'),
    beyond: 'not seen',
  },
  'dotnet-native-files': {look: async amount => nativeFiles(amount), beyond: 'not seen'},
  'zip-directory-bytes': {look: amount => lookInto(directoryOf(amount)), beyond: 'not seen'},
  'nested-jars': {look: amount => lookInto(nestedJars(amount)), beyond: 'not seen'},
}
