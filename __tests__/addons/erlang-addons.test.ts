import {expect, test} from '@jest/globals'
import {buildElf} from '../support/elf-builder.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {checkWholeImage} from '../support/whole-image.ts'

const OWN = buildElf({machine: 183, type: 'dyn', entry: 0, soname: 'x.so'})
const OTHER = buildElf({machine: 62, type: 'dyn', entry: 0, soname: 'x.so'})
const BEAM = '/usr/lib/erlang/erts-15.0/bin/beam.smp'
const APP = '/app/lib/bcrypt_elixir-3.1.0'
/** An atom; `func_info` of the module's atom, an atom and 0, `label`, and `on_load`, or another operation. */
const NIF = Buffer.from('FOR1\0\0\0\x40BEAMAtU8\0load_nif\x02\x12\x22\x00\x01\x30\x95', 'latin1')
const LATER = Buffer.from('FOR1\0\0\0\x40BEAMAtU8\0load_nif\x02\x12\x22\x00\x01\x30\x96', 'latin1')
const ERLANG: MemoryTree = {[BEAM]: executable(buildElf({machine: 183, align: 0x10000}))}

async function told(files: MemoryTree) {
  const config = {entrypoint: [BEAM], env: ['PATH=/usr/bin']}
  const {findings} = await checkWholeImage([{platform: 'linux/arm64', config, files: {...ERLANG, ...files}}])
  return findings.filter(({rule}) => rule === 'missing-addon').map(({level, message}) => `${level} ${message}`)
}

const WRONG = `warning bcrypt_elixir-3.1.0 in ${APP} loads priv/bcrypt_nif.so, which is x86-64, expected aarch64 (linux/arm64)`

test.each<[string, MemoryTree]>([
  ['the one module that loads native functions', {[`${APP}/ebin/any.beam`]: NIF}],
  ['the module of the name', {[`${APP}/ebin/Elixir.Bcrypt.beam`]: NIF, [`${APP}/ebin/other.beam`]: NIF}],
])('native functions of another machine: %s', async (_, modules) => {
  expect(await told({[`${APP}/priv/bcrypt_nif.so`]: OTHER, ...modules})).toEqual([WRONG])
})

test.each<[string, MemoryTree]>([
  ['they are of the platform', {[`${APP}/priv/bcrypt_nif.so`]: OWN, [`${APP}/ebin/bcrypt.beam`]: NIF}],
  ['the module asks for them later', {[`${APP}/priv/bcrypt_nif.so`]: OTHER, [`${APP}/ebin/bcrypt.beam`]: LATER}],
  ['no module loads them', {[`${APP}/priv/bcrypt_nif.so`]: OTHER, [`${APP}/ebin/bcrypt.beam`]: 'FOR1'}],
  [
    'which module loads them is not known',
    {[`${APP}/priv/x.so`]: OTHER, [`${APP}/ebin/a.beam`]: NIF, [`${APP}/ebin/b.beam`]: NIF},
  ],
  ['there is no Erlang', {[`${APP}/priv/bcrypt_nif.so`]: OTHER, [`${APP}/ebin/bcrypt.beam`]: NIF, [BEAM]: ''}],
])('nothing where %s', async (_, files) => {
  expect(await told(files)).toEqual([])
})
