import {describe, expect, test} from '@jest/globals'
import {readCertainRequires} from '../../src/addons/lua/certain-lua-requires.ts'
import {buildElf} from '../support/elf-builder.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {checkWholeImage} from '../support/whole-image.ts'

const OWN = buildElf({machine: 183, type: 'dyn', entry: 0, soname: 'x.so'})
const OTHER = buildElf({machine: 62, type: 'dyn', entry: 0, soname: 'x.so'})
const ARM = '/usr/lib/aarch64-linux-gnu'
const X64 = '/usr/lib/x86_64-linux-gnu'
const LUA: MemoryTree = {
  '/usr/bin/lua5.4': executable(buildElf({machine: 183, align: 0x10000})),
  [`${ARM}/liblua5.4.so.0`]: OWN,
}

async function told(
  files: MemoryTree,
  entrypoint: readonly string[] = ['/usr/bin/lua5.4'],
  env: readonly string[] = [],
) {
  const config = {entrypoint: [...entrypoint], env: ['PATH=/usr/bin', ...env]}
  const {findings} = await checkWholeImage([{platform: 'linux/arm64', config, files: {...LUA, ...files}}])
  return findings.filter(({rule}) => rule === 'missing-addon').map(({level, message}) => `${level} ${message}`)
}

const CERTAIN = '; what starts loads it for certain'
const foreign = (level: string, name: string, place: string, path: string) =>
  `${level} ${name} in ${place} loads ${path}, which is x86-64, expected aarch64 (linux/arm64)${level === 'error' ? CERTAIN : ''}`
const missing = (name: string, file: string) =>
  `warning ${name} in ${X64}/lua/5.4 has no add-on for linux/arm64: it needs ${ARM}/lua/5.4/${file}, and has ${file}`

describe('native modules of Lua', () => {
  const socket = "local base = _G\nlocal socket = require('socket.core')\nreturn socket\n"
  test.each<[string, MemoryTree, readonly string[] | undefined, readonly string[]]>([
    [
      'of another machine',
      {[`${ARM}/lua/5.4/cjson.so`]: OTHER},
      undefined,
      [foreign('warning', 'cjson', `${ARM}/lua/5.4`, 'cjson.so')],
    ],
    [
      'of another machine, behind a link, required by what starts',
      {
        [`${ARM}/lua/5.4/cjson.so`]: {link: '../../liblua5.4-cjson.so.0'},
        [`${ARM}/liblua5.4-cjson.so.0`]: OTHER,
        '/app.lua': '#!/x\nlocal cjson = require "cjson"',
      },
      ['/usr/bin/lua5.4', '/app.lua'],
      [foreign('error', 'cjson', `${ARM}/lua/5.4`, `${ARM}/liblua5.4-cjson.so.0`)],
    ],
    [
      'for another machine alone, a part of a package',
      {[`${X64}/lua/5.4/socket/core.so`]: OTHER, '/usr/share/lua/5.4/socket.lua': socket},
      undefined,
      [missing('socket.core', 'socket/core.so')],
    ],
    [
      'of another machine, with the parts of a package in Lua',
      {[`${ARM}/lua/5.4/ssl.so`]: OTHER, '/usr/share/lua/5.4/ssl.lua': 'local core = require("ssl.core")\n'},
      undefined,
      [foreign('warning', 'ssl', `${ARM}/lua/5.4`, 'ssl.so')],
    ],
    [
      'of another machine before the own',
      {'/opt/cjson.so': OTHER, [`${ARM}/lua/5.4/cjson.so`]: OWN},
      undefined,
      [foreign('warning', 'cjson', '/opt', 'cjson.so')],
    ],
  ])('%s', async (_, files, entrypoint, expected) => {
    expect(await told(files, entrypoint, ['LUA_CPATH_5_4=/opt/?.so;;'])).toEqual(expected)
  })

  test.each<[string, MemoryTree]>([
    ['it is of the platform', {[`${ARM}/lua/5.4/cjson.so`]: OWN}],
    ['one of the platform is there', {[`${ARM}/lua/5.4/cjson.so`]: OWN, [`${X64}/lua/5.4/cjson.so`]: OTHER}],
    ['one of the platform is before it', {'/usr/local/lib/lua/5.4/a.so': OWN, '/usr/lib/lua/5.4/a.so': OTHER}],
    ['it is there in Lua', {'/usr/lib/lua/5.4/a.so': OTHER, '/usr/share/lua/5.4/a.lua': ''}],
    ['it is for another release', {[`${ARM}/lua/5.1/cjson.so`]: OTHER}],
    [
      'its package does without',
      {[`${ARM}/lua/5.4/a/b.so`]: OTHER, '/usr/share/lua/5.4/a.lua': "pcall(require, 'a.b')"},
    ],
    ['there is no Lua', {[`${ARM}/lua/5.4/cjson.so`]: OTHER, '/usr/bin/lua5.4': '', [`${ARM}/liblua5.4.so.0`]: ''}],
  ])('nothing where %s', async (_, files) => {
    expect(await told(files)).toEqual([])
  })
})

test.each<[string, readonly string[]]>([
  ["require 'a'", ['a']],
  ['local a, b = require("a"), require [[b]]', ['a', 'b']],
  ["#!/usr/bin/lua\nx = require'a.b'.c", ['a.b']],
  ["return require 'a'", ['a']],
  ["pcall(require, 'a')", []],
  ["if x then require 'a' end require 'b'", ['b']],
  ["function f() require 'a' end\nlocal function g() for i = 1, 2 do end end require 'b'", ['b']],
  ["while x do y() end repeat require 'a' until true\nrequire 'b'", ['b']],
  ["local x = y and require 'a'", []],
  ["m.require 'a' m:require 'b'", []],
  ["require('a' .. x)", []],
  ["-- require 'a'\n--[[ require 'b'\n]] --[==[ ]] require 'c' ]==] require 'd'", ['d']],
  ['x = "require \'a\'" y = [[require "b"]]', []],
  ["do return end require 'a'", ['a']],
  ["return 1, require 'a'", []],
  ["os.exit(1) require 'a'", []],
  ["error('x') require 'a'", []],
  ["require 'a' [[", []],
  ["'\\\nrequire 'a'", []],
  ['[['.repeat(100_000), []],
  [`${'--['.repeat(100_000)}\nrequire 'a'`, ['a']],
])('what %j requires for certain', (text, expected) => {
  expect(readCertainRequires(text)).toEqual(expected)
})
