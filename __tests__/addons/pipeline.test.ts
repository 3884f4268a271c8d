import {describe, expect, test} from '@jest/globals'
import {buildElf} from '../support/elf-builder.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {checkWholeImage} from '../support/whole-image.ts'

const NODE = executable(buildElf({machine: 183, align: 0x10000}))
const OTHER = buildElf({machine: 62, type: 'dyn', entry: 0, soname: 'x.node'})
const MODULES = '/app/node_modules'
/** An image whose node_modules was installed on amd64. */
const FILES: MemoryTree = {
  '/usr/local/bin/node': NODE,
  '/usr/local/bin/npm': NODE,
  '/bin/sh': NODE,
  '/app/package.json': JSON.stringify({dependencies: {rollup: '*', express: '*'}}),
  [`${MODULES}/rollup/package.json`]: JSON.stringify({
    name: 'rollup',
    version: '4.0.0',
    main: 'dist/rollup.js',
    optionalDependencies: {'@rollup/rollup-linux-x64-gnu': '*', '@rollup/rollup-linux-arm64-gnu': '*'},
  }),
  [`${MODULES}/rollup/dist/rollup.js`]: "require('./native.js')",
  [`${MODULES}/@rollup/rollup-linux-x64-gnu/package.json`]: '{}',
  [`${MODULES}/@rollup/rollup-linux-x64-gnu/rollup.linux-x64-gnu.node`]: OTHER,
  [`${MODULES}/express/package.json`]: JSON.stringify({name: 'express', dependencies: {rollup: '*'}}),
  [`${MODULES}/express/index.js`]: "'use strict'\nmodule.exports = require('./lib/express')",
  [`${MODULES}/express/lib/express.js`]: "var x = require('rollup')",
}

interface Case {
  readonly files?: MemoryTree
  readonly entrypoint?: readonly string[]
  readonly volumes?: readonly string[]
}

async function told({files = {}, entrypoint = ['node', '/app/server.js'], volumes = []}: Case) {
  const config = {entrypoint: [...entrypoint], env: ['PATH=/usr/local/bin:/bin'], volumes: [...volumes]}
  const {findings} = await checkWholeImage([{platform: 'linux/arm64', config, files: {...FILES, ...files}}])
  return findings.filter(({rule}) => rule !== 'undetermined').map(({rule, level, path}) => [rule, level, path])
}

describe('an image whose node_modules is of another machine', () => {
  test.each<[string, string]>([
    ['a require', "const x = require('rollup')"],
    ['an import', "import x from 'rollup'"],
    ['a module of its own', "require('./routes')"],
    ['a package of the application', "const express = require('express')\nconst app = express()"],
  ])('fails where what starts loads it: %s', async (_, server) => {
    const files = {'/app/server.js': server, '/app/routes/index.js': "var r = require('rollup')"}
    expect(await told({files})).toEqual([['missing-addon', 'error', `${MODULES}/rollup`]])
  })

  test.each<[string, Case]>([
    ['it is loaded on demand', {files: {'/app/server.js': "exports.f = () => require('rollup')"}}],
    [
      'something else is loaded',
      {files: {'/app/server.js': "require('node:http')\nrequire('./nowhere')\nrequire('nowhere')"}},
    ],
    ['the script is no text', {files: {'/app/server.js': Buffer.from([0xff, 0xfe, 0, 0x27])}}],
    ['modules load each other', {files: {'/app/server.js': "require('./a')", '/app/a.js': "require('./server')"}}],
    [
      'packages are installed before',
      {
        files: {
          '/app/server.js': "require('rollup')",
          '/run.sh': executable('#!/bin/sh\nnpm ci\nexec node /app/server.js\n'),
        },
        entrypoint: ['/run.sh'],
      },
    ],
    ['node_modules is a volume', {files: {'/app/server.js': "require('rollup')"}, volumes: [MODULES]}],
  ])('warns where %s', async (_, one) => {
    expect((await told(one)).filter(([rule]) => rule === 'missing-addon')).toEqual([
      ['missing-addon', 'warning', `${MODULES}/rollup`],
    ])
  })

  test('is right with the package for the platform beside', async () => {
    const own = `${MODULES}/@rollup/rollup-linux-arm64-gnu`
    const addon = buildElf({machine: 183, type: 'dyn', entry: 0, soname: 'x.node'})
    const files = {
      '/app/server.js': "require('rollup')",
      [`${own}/package.json`]: '{}',
      [`${own}/rollup.linux-arm64-gnu.node`]: addon,
    }
    expect(await told({files})).toEqual([])
  })
})

describe('a package that loads its add-on when an object is made', () => {
  const SQLITE = `${MODULES}/better-sqlite3`
  const ADDON = `${SQLITE}/build/Release/better_sqlite3.node`
  const sqlite = (manifest: object = {dependencies: {bindings: '*'}}, addon = ADDON): MemoryTree => ({
    '/app/package.json': JSON.stringify({dependencies: {'better-sqlite3': '*'}}),
    [`${SQLITE}/package.json`]: JSON.stringify({name: 'better-sqlite3', main: 'lib/index.js', ...manifest}),
    [`${SQLITE}/lib/index.js`]: "module.exports = require('./database')",
    [`${SQLITE}/lib/database.js`]: 'module.exports = function Database() {}',
    [addon]: OTHER,
  })
  const only = async (files: MemoryTree) => (await told({files})).filter(([, , path]) => path?.startsWith(SQLITE))

  test.each([
    ['CommonJS', "const Database = require('better-sqlite3')\nconst db = new Database('/data/app.db')"],
    ['a module', "import Database from 'better-sqlite3'\nexport const db = new Database('x', {readonly: true})"],
    ['another module of the application', "require('./db')"],
  ])('fails where what starts makes one: %s', async (_, server) => {
    const db = "const Database = require('better-sqlite3')\nmodule.exports = new Database('x')"
    expect(await only({...sqlite(), '/app/server.js': server, '/app/db.js': db})).toEqual([
      ['missing-addon', 'error', ADDON],
    ])
  })

  test('the release that does without bindings', async () => {
    const server = "const Database = require('better-sqlite3')\nconst db = new Database('x')"
    expect(await only({...sqlite({}), '/app/server.js': server})).toEqual([['missing-addon', 'error', ADDON]])
    const elsewhere = sqlite({}, `${SQLITE}/Release/better_sqlite3.node`)
    expect(await only({...elsewhere, '/app/server.js': server})).toEqual([
      ['foreign-executable', 'warning', `${SQLITE}/Release/better_sqlite3.node`],
    ])
  })

  test.each([
    ['it is loaded', "require('better-sqlite3')"],
    ['an object is made on demand', "const D = require('better-sqlite3')\nexports.open = () => new D('x')"],
    ['its add-on is another', "const D = require('better-sqlite3')\nnew D('x', {nativeBinding: '/other.node'})"],
    ['an object is made of a file of it', "const D = require('better-sqlite3/lib/database')\nnew D('x')"],
  ])('is a warning where %s', async (_, server) => {
    expect(await only({...sqlite(), '/app/server.js': server})).toEqual([['missing-addon', 'warning', ADDON]])
  })

  test('is right where its add-on is', async () => {
    const server = "const Database = require('better-sqlite3')\nconst db = new Database('x')"
    const own = {[ADDON]: buildElf({machine: 183, type: 'dyn', entry: 0, soname: 'x.node', align: 0x10000})}
    expect(await only({...sqlite(), ...own, '/app/server.js': server})).toEqual([])
  })
})
