import {describe, expect, test} from '@jest/globals'
import {buildElf} from '../support/elf-builder.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {checkWholeImage} from '../support/whole-image.ts'

const OWN = buildElf({machine: 183, type: 'dyn', entry: 0, soname: 'x.so'})
const OTHER = buildElf({machine: 62, type: 'dyn', entry: 0, soname: 'x.so'})
const PROGRAM = executable(buildElf({machine: 183, align: 0x10000}))
const ARCH = '/usr/local/lib/ruby/3.3.0/aarch64-linux'
const CONFIG = '  CONFIG["ruby_version"] = "3.3.0"\n  CONFIG["arch"] = "aarch64-linux"\n'
const RUBY: MemoryTree = {
  '/usr/local/bin/ruby': PROGRAM,
  [`${ARCH}/rbconfig.rb`]: CONFIG,
  [`${ARCH}/enc/encdb.so`]: OWN,
}
const HOME = '/usr/local/bundle'
const GEM = `${HOME}/gems/ox-2.14.18`
const SPEC =
  '# -*- encoding: utf-8 -*-\n# stub: ox 2.14.18 ruby lib\n# stub: ext/ox/extconf.rb\n\nGem::Specification.new do |s|\n'
const extension = (platform: string, version = '3.3.0') => `${HOME}/extensions/${platform}/${version}/ox-2.14.18`
const built = (directory: string, content: Uint8Array): MemoryTree => ({
  [`${directory}/gem.build_complete`]: '',
  [`${directory}/ox/ox.so`]: content,
})
const OX: MemoryTree = {
  [`${HOME}/specifications/ox-2.14.18.gemspec`]: SPEC,
  [`${GEM}/lib/ox.rb`]: "require 'ox/version'\nrequire 'ox/ox'\n",
  [`${GEM}/lib/ox/version.rb`]: '',
}

interface Case {
  readonly files: MemoryTree
  readonly entrypoint?: readonly string[]
  readonly env?: readonly string[]
}

async function told(input: Case) {
  return (await addonsOf(input)).map(({level, message}) => [level, message.replace(/^.*(?:needs|loads)/, '')])
}

async function addonsOf({files, entrypoint = ['/usr/local/bin/ruby'], env = []}: Case) {
  const config = {entrypoint: [...entrypoint], env: ['PATH=/usr/local/bin:/bin', ...env]}
  const {findings} = await checkWholeImage([{platform: 'linux/arm64', config, files: {...RUBY, ...files}}])
  return findings.filter(({rule}) => rule === 'missing-addon')
}

const WANTED = ` extensions/aarch64-linux/3.3.0/ox-2.14.18/gem.build_complete, and has ${extension('x86_64-linux')}/ox/ox.so`

test.each([
  ['arm-linux-gnueabihf', 'arm-linux'],
  ['arm-linux-gnueabi', 'arm-linux-gnueabi'],
  ['i386-linux-gnu', 'x86-linux'],
  ['i686-linux', 'x86-linux-gnu'],
  ['mips64el-linux-gnuabi64', 'mips64el-linux'],
  ['aarch64-linux-gnu', 'aarch64-linux'],
])('of %s built as %s', async (arch, platform) => {
  const config = CONFIG.replace('"aarch64-linux"', `"${arch}"`)
  const files = {...OX, ...built(extension(platform), OWN), [`${ARCH}/rbconfig.rb`]: config}
  expect(await told({files})).toEqual([])
})

describe('extensions of Ruby', () => {
  test.each<[string, MemoryTree, string]>([
    ['for another machine', built(extension('x86_64-linux'), OTHER), WANTED],
    [
      'for another release',
      built(extension('aarch64-linux', '3.2.0'), OWN),
      WANTED.replace('x86_64-linux/3.3.0', 'aarch64-linux/3.2.0'),
    ],
    ['for musl', built(extension('aarch64-linux-musl'), OWN), WANTED.replace('x86_64-linux/', 'aarch64-linux-musl/')],
    [
      'whose build is not complete',
      {[`${extension('aarch64-linux')}/ox/ox.so`]: OWN},
      WANTED.replace('x86_64-linux/', 'aarch64-linux/'),
    ],
  ])('%s', async (_, files, message) => {
    expect(await told({files: {...OX, ...files}})).toEqual([['warning', message]])
  })

  test('of another machine in the directory of the own', async () => {
    const files = {...OX, ...built(extension('aarch64-linux'), OTHER)}
    const message = ` ${extension('aarch64-linux')}/ox/ox.so, which is x86-64, expected aarch64 (linux/arm64)`
    expect(await told({files})).toEqual([['warning', message]])
  })

  test('of another machine in the package itself', async () => {
    const files = {
      [`${HOME}/specifications/ox-2.14.18-x86_64-linux.gemspec`]: '# stub: ox 2.14.18 x86_64-linux lib\n',
      [`${GEM}-x86_64-linux/lib/ox.rb`]: 'begin\n  require "ox/#{$1}/ox"\nrescue LoadError\n  require "ox/ox"\nend\n',
      [`${GEM}-x86_64-linux/lib/ox/3.3/ox.so`]: OTHER,
      [`${GEM}-x86_64-linux/lib/ox/3.2/ox.so`]: OTHER,
    }
    expect(await told({files})).toEqual([
      ['warning', ' lib/ox/3.3/ox.so, which is x86-64, expected aarch64 (linux/arm64)'],
    ])
  })

  const wrong = built(extension('x86_64-linux'), OTHER)
  test.each<[string, MemoryTree]>([
    ['built for the platform', {...OX, ...built(extension('aarch64-linux'), OWN)}],
    ['for another machine besides', {...OX, ...wrong, ...built(extension('aarch64-linux'), OWN)}],
    ['under the name with the C library', {...OX, ...built(extension('aarch64-linux-gnu'), OWN)}],
    ['of a Ruby without a shared library', {...OX, ...built(extension('aarch64-linux', '3.3.0-static'), OWN)}],
    [
      'another release of the package loads',
      {
        ...OX,
        ...wrong,
        [`${HOME}/specifications/ox-2.15.0-aarch64-linux.gemspec`]: '# stub: ox 2.15.0 aarch64-linux lib\n',
        [`${HOME}/gems/ox-2.15.0-aarch64-linux/lib/ox/ox.so`]: OWN,
      },
    ],
    ['there is no specification', {...wrong, [`${GEM}/lib/ox.rb`]: "require 'ox/ox'"}],
    [
      'the specification has none',
      {...OX, ...wrong, [`${HOME}/specifications/ox-2.14.18.gemspec`]: '# stub: ox 2.14.18 ruby lib\n\n'},
    ],
    ['there is no Ruby of the platform', {...OX, ...wrong, [`${ARCH}/enc/encdb.so`]: OTHER}],
    ['its configuration is not one', {...OX, ...wrong, [`${ARCH}/rbconfig.rb`]: 'CONFIG["arch"] = "$(x)"'}],
    [
      'it is required in begin',
      {
        ...OX,
        ...built(extension('aarch64-linux'), OTHER),
        [`${GEM}/lib/ox.rb`]: "begin\n  require 'ox/ox'\nrescue LoadError\n  require 'ox/pure'\nend\n",
      },
    ],
  ])('nothing where %s', async (_, files) => {
    expect(await told({files})).toEqual([])
  })

  const start = (text: string): MemoryTree => ({'/app/main.rb': text})
  test.each<[string, MemoryTree, string, readonly string[]]>([
    ['ignored', {...wrong, ...start("require 'ox'")}, 'error', []],
    ['foreign', {...built(extension('aarch64-linux'), OTHER), ...start("require 'ox'")}, 'error', []],
    ['by a file beside', {...wrong, ...start("require_relative 'web'"), '/app/web.rb': "require 'ox'"}, 'error', []],
    [
      'by another package',
      {...wrong, ...start("require 'web'"), [`${HOME}/gems/web-1.0/lib/web.rb`]: "require 'ox'"},
      'error',
      [],
    ],
    [
      'that another package has too',
      {...wrong, ...start("require 'ox'"), [`${HOME}/gems/oxen-1.0/lib/ox.rb`]: ''},
      'warning',
      [],
    ],
    [
      'that Ruby has itself',
      {...wrong, ...start("require 'ox'"), '/usr/local/lib/ruby/3.3.0/ox.rb': ''},
      'warning',
      [],
    ],
    ['in begin', {...wrong, ...start("begin\n  require 'ox'\nrescue LoadError\nend")}, 'warning', []],
    ['where RUBYLIB has nothing', {...wrong, ...start("require 'ox'")}, 'error', ['RUBYLIB=/x']],
    [
      'where RUBYLIB has it before',
      {...wrong, ...start("require 'ox'"), '/x/ox.rb': ''},
      'warning',
      ['RUBYLIB=/x:/y', 'RUBYOPT=--yjit'],
    ],
    ['where RUBYLIB depends on the directory', {...wrong, ...start("require 'ox'")}, 'warning', ['RUBYLIB=x']],
    ['where RUBYOPT reads more', {...wrong, ...start("require 'ox'")}, 'warning', ['RUBYOPT=-r/x']],
  ])('what starts requires it: %s', async (_, files, level, env) => {
    const found = await told({files: {...OX, ...files}, entrypoint: ['ruby', '/app/main.rb'], env})
    expect(found.map(([own]) => own)).toEqual([level])
  })
})

describe('modules in no package', () => {
  const VENDOR = '/usr/local/lib/ruby/vendor_ruby/3.3.0/aarch64-linux'
  const start = (text: string): MemoryTree => ({'/app/main.rb': text})

  test.each<[string, MemoryTree, readonly string[], string]>([
    ['of vendor_ruby', {[`${VENDOR}/fast.so`]: OTHER, ...start("require 'fast'")}, [], 'fast.so'],
    ['of Ruby itself', {[`${ARCH}/io/wait.so`]: OTHER, ...start("require 'io/wait'")}, [], 'io/wait.so'],
    ['of RUBYLIB', {'/x/fast.so': OTHER, ...start("require 'fast'")}, ['RUBYLIB=/y:/x/'], 'fast.so'],
  ])('%s', async (_, files, env, name) => {
    const findings = await addonsOf({files, entrypoint: ['ruby', '/app/main.rb'], env})
    expect(findings.map(({level, message}) => [level, message.replace(/^.*? loads/, '')])).toEqual([
      ['error', ` ${name}, which is x86-64, expected aarch64 (linux/arm64); what starts loads it for certain`],
    ])
    expect(await told({files, env})).toEqual([])
  })

  test.each<[string, MemoryTree, readonly string[]]>([
    ['in Ruby before', {[`${VENDOR}/fast.so`]: OTHER, ...start("require 'fast'"), '/x/fast.rb': ''}, ['RUBYLIB=/x']],
    ['in no directory of Ruby', {'/x/fast.so': OTHER, ...start("require 'fast'")}, []],
    ['of the platform', {[`${VENDOR}/fast.so`]: OWN, ...start("require 'fast'")}, []],
  ])('nothing: %s', async (_, files, env) => {
    expect(await told({files, entrypoint: ['ruby', '/app/main.rb'], env})).toEqual([])
  })
})

describe('packages of Ruby for another release of the ABI', () => {
  const OLD = '/app/vendor/bundle/ruby/3.2.0'
  const move = (files: MemoryTree, home: string): MemoryTree =>
    Object.fromEntries(Object.entries(files).map(([path, entry]) => [path.replace(HOME, home), entry]))
  const ox = {...OX, ...built(extension('aarch64-linux', '3.2.0'), OWN)}
  const MESSAGE = `${OLD} has packages for Ruby 3.2.0 (ox-2.14.18), and the Ruby of linux/arm64 is 3.3.0, which does not look there`
  const script = executable("#!/usr/local/bin/ruby\nrequire 'ox'\n")

  test('are not looked for', async () => {
    expect(await told({files: move(ox, OLD)})).toEqual([['warning', MESSAGE]])
    const found = await told({files: {...move(ox, OLD), '/app/start': script}, entrypoint: ['/app/start']})
    expect(found).toEqual([['error', `${MESSAGE}; what starts uses one for certain`]])
  })

  test.each<[string, MemoryTree]>([
    ['the own release', move({...OX, ...built(extension('aarch64-linux'), OWN)}, OLD.replace('3.2.0', '3.3.0'))],
    ['the own release beside', {...move(ox, OLD), ...OX, ...built(extension('aarch64-linux'), OWN)}],
    ['a Ruby of that release', {...move(ox, OLD), '/usr/lib/libruby-3.2.so.3.2': OWN}],
    ['no specification', {[`${OLD}/gems/ox-2.14.18/lib/ox/ox.so`]: OWN}],
  ])('nothing: %s', async (_, files) => {
    expect(await told({files})).toEqual([])
  })
})
