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
