import {cp, rename, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {imageConfig} from '../../__tests__/support/image-config.ts'
import {failsToLoad, followLuaRequires, luaSearches} from '../../src/addons/index.ts'
import {scanImage} from '../../src/scan/index.ts'
import {type RootVariant, replaceBy, replaceFile, runIn, testVariants} from './debian-root.ts'
import {scannedRootfs} from './scanned-rootfs.ts'
import type {Tally} from './tally.ts'

const MODULES = 'usr/lib/x86_64-linux-gnu/lua'
const OTHER_MODULES = MODULES.replace('x86_64', 'aarch64')
const START = '/start.lua'

/** Packages of Debian with native code for Lua, and what is required of each. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'lua-cjson': ['cjson', 'cjson.safe'],
  'lua-expat': ['lxp', 'lxp.lom'],
  'lua-filesystem': ['lfs'],
  'lua-lpeg': ['lpeg', 're'],
  'lua-luaossl': ['_openssl', 'openssl.rand'],
  'lua-posix': ['posix', 'posix.unistd'],
  'lua-sec': ['ssl', 'ssl.https'],
  'lua-socket': ['socket', 'socket.http', 'mime', 'ltn12', 'socket.core'],
  'lua-sql-sqlite3': ['luasql.sqlite3'],
  'lua-term': ['term'],
  'lua-yaml': ['yaml'],
  'lua-zlib': ['zlib'],
}

const VARIANTS: readonly RootVariant[] = [
  {name: 'installed on the platform'},
  {
    name: 'of another machine, in its directory',
    change: async (root, other) => {
      await rm(join(root, MODULES), {recursive: true})
      await copyModules(join(other, OTHER_MODULES), join(root, OTHER_MODULES))
    },
  },
  {
    name: 'for another machine beside the own',
    change: (root, other) => copyModules(join(other, OTHER_MODULES), join(root, OTHER_MODULES)),
  },
  {
    name: 'of another machine, in the own directory',
    change: (root, other) => copyModules(join(other, OTHER_MODULES), join(root, MODULES)),
  },
  {
    name: 'of another machine before the own',
    change: async (root, other) => {
      await copyModules(join(other, OTHER_MODULES, '5.4'), join(root, 'usr/local/lib/lua/5.4'))
      await rm(join(root, 'usr/local/lib/lua/5.4/lpeg.so'))
    },
  },
  {
    name: 'in the last directory, with two of another machine',
    change: async (root, other) => {
      const foreign = join(other, OTHER_MODULES, '5.4/lpeg.so')
      await copyModules(join(root, MODULES, '5.4'), join(root, 'usr/lib/lua/5.4'))
      await rename(join(root, MODULES, '5.4'), join(root, MODULES, 'gone'))
      await replaceBy(
        foreign,
        ['lpeg.so', 'lfs.so'].map(name => join(root, 'usr/lib/lua/5.4', name)),
      )
    },
  },
]

/** Copies modules, which packages have as links to libraries, with their content. */
async function copyModules(from: string, to: string): Promise<void> {
  await rm(to, {recursive: true, force: true})
  await cp(from, to, {recursive: true, dereference: true})
}

/** Has the real Lua require packages of Debian, as they are and as they should not be. */
export function testLua(tally: Tally): Promise<void> {
  const packages = ['lua5.4', ...Object.keys(PACKAGES)]
  return testVariants({kind: 'lua', packages, variants: VARIANTS}, (root, variant) => testVariant(root, variant, tally))
}

async function testVariant(root: string, variant: string, tally: Tally): Promise<void> {
  const rootfs = scannedRootfs(root)
  const platform = {os: 'linux', architecture: 'amd64', variant: ''}
  const {addons} = await scanImage({rootfs, platform, config: imageConfig({env: ['PATH=/usr/bin']}), ignore: []})
  for (const [name, modules] of Object.entries(PACKAGES)) {
    for (const module of modules) {
      await replaceFile(join(root, START), `#!/usr/bin/lua5.4\nlocal m = require("${module}") -- it\n`)
      const stems = await Promise.all(luaSearches(addons).map(search => followLuaRequires(rootfs, [START], search)))
      const loaded = new Set(stems.flatMap(one => [...one]))
      const said = addons.filter(one => one.language === 'lua' && failsToLoad(one, loaded))
      tally.take({
        about: `${name} (require "${module}"), ${variant}`,
        said: said.map(one => one.package),
        failure: await runIn(root, ['/usr/bin/lua5.4', START]),
        unsaid: undefined,
      })
    }
  }
  tally.summarize(`Lua, ${variant}`)
}
