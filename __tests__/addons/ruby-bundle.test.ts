import {describe, expect, test} from '@jest/globals'
import {isForPlatform} from '../../src/addons/ruby/gem-platform.ts'
import {readNamedGems} from '../../src/addons/ruby/gemfile.ts'
import {parseLockfile, withDependencies} from '../../src/addons/ruby/lockfile.ts'
import {buildElf} from '../support/elf-builder.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {checkWholeImage} from '../support/whole-image.ts'

// Of Gem::Platform of RubyGems 3.6.7: `Gem::Platform.new(gem) === Gem::Platform.new(local)`.
describe('the platform of a package', () => {
  test.each<[string, string, boolean]>([
    ['ruby', 'aarch64-linux', true],
    ['x86_64-linux', 'x86_64-linux', true],
    ['x86_64-linux', 'x86_64-linux-gnu', true],
    ['x86_64-linux-gnu', 'x86_64-linux', true],
    ['x86_64-linux', 'x86_64-linux-musl', true],
    ['x86_64-linux-gnu', 'x86_64-linux-musl', false],
    ['x86_64-linux-musl', 'x86_64-linux', false],
    ['x86_64-linux-musl', 'x86_64-linux-musl', true],
    ['x86_64-linux', 'aarch64-linux', false],
    ['aarch64-linux-gnu', 'aarch64-linux', true],
    ['arm64-linux', 'aarch64-linux', false],
    ['x86-linux', 'i686-linux', true],
    ['x86-linux-gnu', 'i386-linux-gnu', true],
    ['x86-linux', 'x86_64-linux', false],
    ['arm-linux', 'armv7l-linux-eabihf', true],
    ['arm-linux-gnu', 'armv7l-linux-gnueabihf', true],
    ['arm-linux-gnu', 'arm-linux-gnueabihf', true],
    ['arm-linux-musl', 'arm-linux-musleabihf', true],
    ['armv7l-linux', 'arm-linux-gnueabihf', false],
    ['x86_64-linux-gnux32', 'x86_64-linux', true],
    ['java', 'x86_64-linux', false],
    ['universal-darwin', 'x86_64-linux', false],
    ['x86_64-darwin-22', 'x86_64-linux', false],
    ['x64-mingw-ucrt', 'x86_64-linux', false],
  ])('%s under %s', (gem, local, expected) => {
    expect(isForPlatform(gem, local, true)).toBe(expected)
  })

  test('older RubyGems take no notice of the C library', () => {
    expect(isForPlatform('x86_64-linux-musl', 'x86_64-linux', false)).toBe(true)
    expect(isForPlatform('aarch64-linux-musl', 'x86_64-linux', false)).toBe(false)
  })
})

const LOCK = `GIT
  remote: https://example.org/own.git
  revision: 0123456789
  specs:
    own (0.1)
      ox

GEM
  remote: https://rubygems.org/
  specs:
    mini_portile2 (2.8.9)
    nokogiri (1.18.2)
      mini_portile2 (~> 2.8.2)
      racc (~> 1.4)
    nokogiri (1.18.2-x86_64-linux-gnu)
      racc (~> 1.4)
    ox (2.14.18-x86_64-linux)
      bigdecimal (>= 3.0)
    racc (1.8.1)

PLATFORMS
  ruby
  x86_64-linux

DEPENDENCIES
  nokogiri (~> 1.18)
  own!

BUNDLED WITH
   2.6.7
`

describe('Gemfile.lock', () => {
  test('its packages, and what they depend on', () => {
    expect(parseLockfile(LOCK)).toEqual({
      gems: [
        {name: 'own', version: '0.1', platform: 'ruby', dependencies: ['ox'], isOfGems: false},
        {name: 'mini_portile2', version: '2.8.9', platform: 'ruby', dependencies: [], isOfGems: true},
        {
          ...{name: 'nokogiri', version: '1.18.2', platform: 'ruby', isOfGems: true},
          dependencies: ['mini_portile2', 'racc'],
        },
        {name: 'nokogiri', version: '1.18.2', platform: 'x86_64-linux-gnu', dependencies: ['racc'], isOfGems: true},
        {name: 'ox', version: '2.14.18', platform: 'x86_64-linux', dependencies: ['bigdecimal'], isOfGems: true},
        {name: 'racc', version: '1.8.1', platform: 'ruby', dependencies: [], isOfGems: true},
      ],
      platforms: ['ruby', 'x86_64-linux'],
    })
  })

  test('what only one of several platforms depends on is not certain', () => {
    const lock = parseLockfile(LOCK) ?? {gems: [], platforms: []}
    expect([...withDependencies(lock, ['nokogiri', 'other'])]).toEqual(['nokogiri', 'racc'])
    expect([...withDependencies(lock, ['own'])]).toEqual(['own', 'ox'])
  })

  test('a merge that was not finished', () => {
    expect(parseLockfile(`<<<<<<< HEAD\n${LOCK}`)).toBeUndefined()
  })
})

describe('what a Gemfile names for certain', () => {
  test.each<[string, readonly string[]]>([
    ['source "https://rubygems.org"\ngem "ox"', ['ox']],
    ["gem 'ox', '~> 2.14', '>= 2.14.1' # why", ['ox']],
    ['gem("ox", ["~> 2"])', ['ox']],
    ['gem "ox", require: false', ['ox -']],
    ['gem "ox", "~> 2", require: "ox/all"', ['ox ox/all']],
    ['gem "ox", :require => ["a", "b"]', ['ox a b']],
    ['group :test do\n  gem "rspec"\nend\ngem "ox"', ['ox']],
    ['gem "ox", require: true', ['ox']],
  ])('%j', (text, expected) => {
    const told = readNamedGems(text).map(({name, features}) =>
      features === undefined ? name : [name, ...(features.length === 0 ? ['-'] : features)].join(' '),
    )
    expect(told).toEqual(expected)
  })

  test.each([
    'gem "ox", group: :test',
    'gem "ox", "~> 2", platforms: %i[ruby]',
    'gem "ox", path: "../ox"',
    'gem "ox" if ENV["X"]',
    'if ENV["X"]\n  gem "ox"\nend',
    'group :test do\n  gem "ox"\nend',
    'gem name',
    'gem "o#{x}"',
    'return\ngem "ox"',
    'gem "ox"\nend',
  ])('nothing: %j', text => {
    expect(readNamedGems(text)).toEqual([])
  })
})

const OWN = buildElf({machine: 183, type: 'dyn', entry: 0, soname: 'x.so'})
const OTHER = buildElf({machine: 62, type: 'dyn', entry: 0, soname: 'x.so'})
const PROGRAM = executable(buildElf({machine: 183, align: 0x10000}))
const LIBRARY = '/usr/local/lib/ruby/3.3.0'
const HOME = '/usr/local/bundle'
const RUBY: MemoryTree = {
  '/usr/local/bin/ruby': PROGRAM,
  '/usr/bin/env': PROGRAM,
  '/bin/sh': PROGRAM,
  '/usr/local/bin/bundle': executable('#!/usr/bin/env ruby\nload Gem.bin_path("bundler", "bundle")\n'),
  [`${LIBRARY}/aarch64-linux/rbconfig.rb`]: '  CONFIG["ruby_version"] = "3.3.0"\n  CONFIG["arch"] = "aarch64-linux"\n',
  [`${LIBRARY}/aarch64-linux/enc/encdb.so`]: OWN,
  [`${LIBRARY}/rubygems.rb`]: 'module Gem\n  VERSION = "3.5.22"\nend\n',
  [`${LIBRARY}/bundler/setup.rb`]: '',
  '/app/Gemfile': 'source "https://rubygems.org"\ngem "ox", "~> 2.14"\n',
  '/app/Gemfile.lock': lockOf('x86_64-linux', 'aarch64-linux'),
  '/app/main.rb': 'require "bundler/setup"\nrequire "app"\n',
}

function lockOf(...platforms: readonly string[]): string {
  const specs = platforms.map(platform => `    ox (2.14.18${platform === 'ruby' ? '' : `-${platform}`})\n`).join('')
  const names = platforms.map(platform => `  ${platform}\n`).join('')
  return `GEM\n  remote: https://rubygems.org/\n  specs:\n${specs}\nPLATFORMS\n${names}\nDEPENDENCIES\n  ox (~> 2.14)\n`
}

/** A package with a specification and one native, as RubyGems installs it for a platform. */
function gemOf(platform: string, content: Uint8Array, home = HOME): MemoryTree {
  const fullName = `ox-2.14.18${platform === 'ruby' ? '' : `-${platform}`}`
  return {
    [`${home}/specifications/${fullName}.gemspec`]: `# -*- encoding: utf-8 -*-\n# stub: ox 2.14.18 ${platform} lib\n\n`,
    [`${home}/gems/${fullName}/lib/ox.rb`]: 'require "ox/ox"\n',
    [`${home}/gems/${fullName}/lib/ox/ox.so`]: content,
  }
}

const FOREIGN = gemOf('x86_64-linux', OTHER)

interface Case {
  readonly files: MemoryTree
  readonly entrypoint?: readonly string[]
  readonly env?: readonly string[]
  readonly volumes?: readonly string[]
}

async function told({files, entrypoint = ['ruby', '/app/main.rb'], env = [`GEM_HOME=${HOME}`], volumes = []}: Case) {
  const config = {
    entrypoint: [...entrypoint],
    env: ['PATH=/usr/local/bin:/bin', ...env],
    workingDir: '/app',
    volumes: [...volumes],
  }
  const {findings} = await checkWholeImage([{platform: 'linux/arm64', config, files: {...RUBY, ...files}}])
  return findings.filter(({rule}) => rule === 'missing-addon').map(({level, message}) => `${level}: ${message}`)
}

describe('Bundler', () => {
  const certain = '; what starts loads it for certain'

  test('does not find what is installed for another platform', async () => {
    expect(await told({files: FOREIGN})).toEqual([
      `error: ox in ${HOME} has no add-on for linux/arm64: it needs ox-2.14.18 for aarch64-linux, and has gems/ox-2.14.18-x86_64-linux${certain}`,
    ])
  })

  test.each<[string, Case]>([
    [
      'in a path of its own',
      {files: gemOf('x86_64-linux', OTHER, '/app/vendor/ruby/3.3.0'), env: ['BUNDLE_PATH=vendor']},
    ],
    [
      'with deployment',
      {files: gemOf('x86_64-linux', OTHER, '/app/vendor/bundle/ruby/3.3.0'), env: ['BUNDLE_DEPLOYMENT=1']},
    ],
    [
      'in a path of its configuration',
      {
        files: {...gemOf('x86_64-linux', OTHER, '/b/ruby/3.3.0'), '/app/.bundle/config': '---\nBUNDLE_PATH: "/b"\n'},
        env: ['BUNDLE_PATH=/c'],
      },
    ],
    ['in the directory of RubyGems', {files: gemOf('x86_64-linux', OTHER, '/usr/local/lib/ruby/gems/3.3.0'), env: []}],
    ['in one of GEM_PATH', {files: FOREIGN, env: [`GEM_PATH=/x:${HOME}`]}],
    ['for musl', {files: gemOf('aarch64-linux-musl', OWN)}],
    ['without another group', {files: FOREIGN, env: [`GEM_HOME=${HOME}`, 'BUNDLE_WITHOUT=development:test']}],
    ['by RUBYOPT', {files: {...FOREIGN, '/app/main.rb': ''}, env: [`GEM_HOME=${HOME}`, 'RUBYOPT=-W0 -rbundler/setup']}],
    ['by bundle exec', {files: FOREIGN, entrypoint: ['bundle', 'exec', 'ruby', 'x.rb']}],
    ['by the program of a package', {files: FOREIGN, entrypoint: ['/usr/local/bin/bundle', 'exec', 'ox']}],
    [
      'by what starts Rails',
      {
        files: {
          ...FOREIGN,
          '/app/bin/start': executable('#!/bin/sh\nset -e\nexec "$@"\n'),
          '/app/bin/rails': executable(
            '#!/usr/bin/env ruby\nrequire_relative "../config/boot"\nrequire "rails/commands"\n',
          ),
          '/app/config/boot.rb':
            'ENV["BUNDLE_GEMFILE"] ||= File.expand_path("../Gemfile", __dir__)\n\nrequire "bundler/setup" # Gems.\n',
        },
        entrypoint: ['/app/bin/start', '/app/bin/rails', 'server'],
      },
    ],
  ])('finds none %s: an error', async (_, input) => {
    expect((await told(input)).map(one => one.replace(/:.*/, ''))).toEqual(['error'])
  })

  test.each<[string, Case]>([
    ['in a block of the Gemfile', {files: {...FOREIGN, '/app/Gemfile': 'group :web do\n  gem "ox"\nend\n'}}],
    ['without the group', {files: FOREIGN, env: [`GEM_HOME=${HOME}`, 'BUNDLE_WITHOUT=default']}],
    ['with some groups only', {files: FOREIGN, env: [`GEM_HOME=${HOME}`, 'BUNDLE_ONLY=web']}],
    ['where nothing that starts uses it', {files: {...FOREIGN, '/app/main.rb': ''}}],
    ['in a volume', {files: FOREIGN, volumes: [HOME]}],
    ['with a program that is not of Ruby', {files: FOREIGN, entrypoint: ['bundle', 'exec', 'sh']}],
    [
      'behind a script that leaves the directory',
      {
        files: {...FOREIGN, '/app/start': executable('#!/bin/sh\ncd /srv\nexec ruby /app/main.rb\n')},
        entrypoint: ['/app/start'],
      },
    ],
    [
      'behind a script that sets a variable',
      {
        files: {...FOREIGN, '/app/start': executable('#!/bin/sh\nexport BUNDLE_PATH=/x\nexec ruby /app/main.rb\n')},
        entrypoint: ['/app/start'],
        env: [`GEM_HOME=${HOME}`, 'BUNDLE_GEMFILE=/app/Gemfile'],
      },
    ],
    [
      'another release of it is where Bundler does not look',
      {
        files: {...FOREIGN, ...gemOf('aarch64-linux', OWN, '/app/vendor/bundle/ruby/3.3.0')},
        entrypoint: ['ruby', '/app/main.rb'],
      },
    ],
  ])('finds none %s: a warning', async (_, input) => {
    expect((await told(input)).map(one => one.replace(/:.*/, ''))).toEqual(['warning'])
  })

  test.each<[string, Case]>([
    ['the own platform', {files: gemOf('aarch64-linux', OWN)}],
    ['the own platform beside', {files: {...FOREIGN, ...gemOf('aarch64-linux-gnu', OWN)}}],
    ['every platform', {files: {...gemOf('ruby', OWN), '/app/Gemfile.lock': lockOf('ruby')}}],
    ['no platform', {files: {}}],
    [
      'musl, and RubyGems is old',
      {files: {...gemOf('aarch64-linux-musl', OWN), [`${LIBRARY}/rubygems.rb`]: '  VERSION = "3.3.21"\n'}},
    ],
    [
      'another, and Ruby has it itself',
      {
        files: {
          ...gemOf('aarch64-linux-musl', OWN),
          '/usr/local/lib/ruby/gems/3.3.0/specifications/default/ox-2.gemspec': '',
        },
      },
    ],
    [
      'another, and the lock has it of elsewhere',
      {files: {...gemOf('aarch64-linux-musl', OWN), '/app/Gemfile.lock': lockOf('ruby').replace('GEM', 'PATH')}},
    ],
    [
      'another, and there is no lock',
      {files: {...gemOf('aarch64-linux-musl', OWN), '/app/Gemfile.lock': '='.repeat(7)}},
    ],
    [
      'another, and what is missing would be installed',
      {files: gemOf('aarch64-linux-musl', OWN), env: [`GEM_HOME=${HOME}`, 'BUNDLE_AUTO_INSTALL=1']},
    ],
    [
      'another, and RubyGems looks elsewhere',
      {
        files: {
          ...gemOf('aarch64-linux-musl', OWN),
          [`${LIBRARY}/rubygems/defaults/operating_system.rb`]: '',
        },
      },
    ],
  ])('nothing: it is installed for %s', async (_, input) => {
    expect(await told(input)).toEqual([])
  })

  test('what it leaves out', async () => {
    const spec = '# -*- encoding: utf-8 -*-\n# stub: ox 2.14.18 ruby lib\n# stub: ext/ox/extconf.rb\n'
    const files: MemoryTree = {
      ...gemOf('ruby', OTHER),
      [`${HOME}/specifications/ox-2.14.18.gemspec`]: spec,
      '/app/Gemfile.lock': lockOf('ruby'),
    }
    expect(await told({files})).toEqual([
      `error: ox-2.14.18 in ${HOME}/gems/ox-2.14.18 has no add-on for linux/arm64: it needs extensions/aarch64-linux/3.3.0/ox-2.14.18/gem.build_complete, and has lib/ox/ox.so${certain}`,
    ])
  })
})

describe('a Gemfile.lock that is to be kept', () => {
  const pure: MemoryTree = {'/app/Gemfile.lock': lockOf('x86_64-linux').replace('18-x86_64-linux', '18')}
  const message =
    '/app/Gemfile.lock is for x86_64-linux, and Bundler, which is to keep it as it is, needs one for aarch64-linux (linux/arm64)'

  test.each(['BUNDLE_FROZEN=true', 'BUNDLE_DEPLOYMENT=1'])('%s', async variable => {
    expect(await told({files: pure, env: [variable]})).toEqual([`error: ${message}; what starts uses it for certain`])
    expect(await told({files: {...pure, '/app/main.rb': ''}, env: [variable]})).toEqual([`warning: ${message}`])
  })

  test.each<[string, MemoryTree, readonly string[]]>([
    ['is not', pure, []],
    ['is not, by a setting', pure, ['BUNDLE_FROZEN=false']],
    ['has the platform', {'/app/Gemfile.lock': lockOf('aarch64-linux')}, ['BUNDLE_FROZEN=true']],
    ['is for all', {'/app/Gemfile.lock': lockOf('ruby')}, ['BUNDLE_FROZEN=true']],
    ['has no list', {'/app/Gemfile.lock': 'GEM\n  specs:\n'}, ['BUNDLE_FROZEN=true']],
  ])('nothing: it %s', async (_, files, env) => {
    expect(await told({files, env})).toEqual([])
  })
})
