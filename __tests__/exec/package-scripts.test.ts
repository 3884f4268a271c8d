import {describe, expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {readStartup} from '../support/told-startup.ts'

const native = executable(program({}))
const arm64 = executable(program({machine: 183}))
const js = executable('#!/usr/bin/env node\n')

const SCRIPTS = {
  start: 'node dist/index.js',
  prebuild: 'tool --before',
  build: 'tool',
  postbuild: 'tool --after',
  versions: 'echo $npm_package_version',
}

const BASE: MemoryTree = {
  ...Object.fromEntries(
    ['sh', 'env', 'node', 'uv', 'micromamba', 'erlexec', 'python3', 'ruby'].map(name => [`/usr/bin/${name}`, native]),
  ),
  '/usr/lib/npm/bin/npm-cli.js': js,
  '/usr/lib/npm/bin/npx-cli.js': js,
  '/usr/bin/npm': {link: '../lib/npm/bin/npm-cli.js'},
  '/usr/bin/npx': {link: '../lib/npm/bin/npx-cli.js'},
  '/opt/yarn/bin/yarn': executable('#!/bin/sh\nexec node /opt/yarn/bin/yarn.js "$@"\n'),
  '/opt/yarn/bin/yarn.js': '',
  '/usr/bin/yarn': {link: '/opt/yarn/bin/yarn'},
  '/usr/bin/pnpm': js,
  '/usr/lib/corepack/dist/pnpm.js': js,
  '/usr/bin/poetry': executable('#!/usr/bin/python3\n'),
  '/usr/bin/bundle': executable('#!/usr/bin/ruby\n'),
  '/usr/bin/tool': native,
  '/bin': {link: '/usr/bin'},
  '/app/package.json': JSON.stringify({scripts: SCRIPTS}),
  '/app/dist/index.js': '',
  '/app/src': {kind: 'directory'},
  '/app/node_modules/.bin/vite': arm64,
  '/empty': {kind: 'directory'},
}

/** What is started or read behind the runner itself: `program [words] what is wrong`, and why the chain ends. */
async function follow(entrypoint: readonly string[], files: MemoryTree = {}, cwd = '/app/src') {
  const {steps, undetermined} = await readStartup({
    config: imageConfig({env: ['PATH=/usr/bin', 'BINDIR=/erl/bin'], entrypoint, workingDir: cwd}),
    rootfs: memoryRootfs({...BASE, ...files}),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
  })
  const isRunner = /\/(npm|npx|yarn|yarn\.js|pnpm|poetry|bundle|xvfb-run|eatmydata|unbuffer|chronic|pm2-runtime)$/
  const behind = steps.filter(
    ({path, argv, via, obstacle}) =>
      obstacle !== undefined ||
      !(
        via === 'entrypoint' ||
        via.startsWith('interpreter of') ||
        isRunner.test(path) ||
        isRunner.test(argv?.[1] ?? '')
      ),
  )
  const lines = behind.map(({path, argv, role, certainty, verdict, obstacle}) => {
    const wrong = verdict?.fit === 'foreign' ? ['foreign'] : obstacle ? [obstacle.kind] : []
    const said = 'reason' in (obstacle ?? {}) ? [String(Object(obstacle).reason)] : []
    return [role === 'argument' ? `reads ${path}` : (argv ?? [path]).join(' '), certainty === 'likely' ? 'likely' : '']
      .concat(wrong, verdict?.fit === 'foreign' ? [] : said)
      .filter(text => text !== '')
      .join(' | ')
  })
  return undetermined === undefined ? lines : [...lines, undetermined]
}

const START = ['sh -c node dist/index.js', 'node dist/index.js', 'reads dist/index.js']

describe('the script of the nearest package.json', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['npm start', ['npm', 'start'], START],
    ['npm run start', ['npm', 'run', 'start'], START],
    ['options stand anywhere', ['npm', '-s', 'run', '--loglevel', 'error', 'start', '--silent'], START],
    ['another directory', ['npm', '--prefix', '/app', 'start'], START],
    ['yarn start', ['yarn', 'start'], START],
    ['yarn run start', ['yarn', 'run', 'start'], START],
    ['pnpm start', ['pnpm', 'start'], START],
    [
      'more words, quoted for the shell',
      ['npm', 'start', 'a', '--', '-b c'],
      ["sh -c node dist/index.js a '-b c'", 'node dist/index.js a -b c', 'reads dist/index.js'],
    ],
    [
      'scripts before and behind',
      ['npm', 'run', 'build'],
      ['sh -c tool --before', 'tool --before', 'sh -c tool', 'tool', 'sh -c tool --after', 'tool --after'],
    ],
    ['none of these', ['npm', 'run', 'build', '--ignore-scripts'], ['sh -c tool', 'tool']],
    [
      'which pnpm 6 passes over',
      ['pnpm', 'run', 'build'],
      [
        'sh -c tool --before | likely',
        'tool --before | likely',
        'sh -c tool',
        'tool',
        'sh -c tool --after | likely',
        'tool --after | likely',
      ],
    ],
    ['a program of a package', ['npx', 'vite', 'preview'], ['vite preview | foreign']],
    ['the same by npm exec', ['npm', 'exec', '--', 'vite'], ['vite | foreign']],
    ['the same by yarn', ['yarn', 'vite'], ['vite | foreign']],
    ['what is not there is fetched', ['npx', 'nosuch'], []],
    ['and not by pnpm', ['pnpm', 'exec', 'nosuch'], ['nosuch | not-in-path']],
    [
      'a script that is missing',
      ['npm', 'run', 'nosuch'],
      ['node | refused-arguments | /app/package.json has no script "nosuch"'],
    ],
    ['which may be missing', ['npm', 'run', 'nosuch', '--if-present'], []],
    [
      'variables of npm',
      ['npm', 'run', 'versions'],
      ['the script versions of /app/package.json uses variables that only the run knows'],
    ],
    [
      'an option that is not known',
      ['npm', 'run', '--nosuch', 'start'],
      ['the option --nosuch of npm is not understood'],
    ],
  ])('%s', async (_, entrypoint, lines) => {
    const got = await follow(entrypoint)
    expect(got).toEqual(lines)
  })

  test('is read by npm in a directory that has one', async () => {
    expect(await follow(['npm', 'start'], {}, '/empty')).toEqual(['reads /empty/package.json | missing'])
  })

  test('is one that npm can parse', async () => {
    expect(String(await follow(['npm', 'start'], {'/app/src/package.json': '{'}))).toContain(
      'it cannot parse /app/src/package.json',
    )
  })

  test('runs server.js where it has no start', async () => {
    const files = {'/srv/package.json': '{}', '/srv/server.js': ''}
    expect(await follow(['npm', 'start'], files, '/srv')).toEqual([
      'sh -c node server.js',
      'node server.js',
      'reads server.js',
    ])
  })

  test.each([
    [
      'Yarn 2',
      {'/app/package.json': '{"packageManager": "yarn@4.1.0", "scripts": {"start": "x"}}'},
      'yarn runs the scripts',
    ],
    ['another shell', {'/app/.npmrc': 'script-shell=/bin/bash\n'}, 'by a shell that its settings name'],
  ])('%s is not followed', async (name, files, reason) => {
    expect(String(await follow([name === 'Yarn 2' ? 'yarn' : 'npm', 'start'], files))).toContain(reason)
  })

  test("Corepack's pnpm is not pnpm", async () => {
    expect(
      await follow(['pnpm', 'run', 'nosuch'], {'/usr/bin/pnpm': {link: '/usr/lib/corepack/dist/pnpm.js'}}),
    ).toEqual([])
  })
})

describe('an environment with programs of its own', () => {
  test.each<[readonly string[], readonly string[]]>([
    [['poetry', 'run', 'tool'], ['tool | likely']],
    [['poetry', 'run', 'nosuch'], []],
    [['bundle', 'exec', 'tool', '-C', 'x'], ['tool -C x | likely']],
    [['uv', 'run', '--frozen', 'tool'], ['tool | likely']],
    [['micromamba', 'run', '-n', 'base', 'tool'], ['tool | likely']],
    [['uv', 'run', '--with', 'x', 'tool'], ['the option --with of uv run is not understood']],
    [['uv', 'sync'], []],
  ])('%j', async (entrypoint, lines) => {
    expect(await follow(entrypoint)).toEqual(lines)
  })
})

const COMPUTES = 'what pm2-runtime starts /etc/apps.config.js computes'

describe('a script that starts its program', () => {
  test.each<[readonly string[], readonly string[]]>([
    [['xvfb-run', '-a', '-s', '-screen 0 1x1x8', 'tool', '-a'], ['tool -a']],
    [['xvfb-run', '--auto-servernum', '--', 'missing'], ['missing | not-in-path']],
    [['eatmydata', '--', 'tool'], ['tool']],
    [['unbuffer', '-p', 'tool', '-p'], ['tool -p']],
    [['chronic', '-e', 'tool'], ['tool']],
    [['pm2-runtime', 'start', 'dist/missing.js'], ['reads /app/dist/missing.js | missing']],
    [['pm2-runtime', 'ecosystem.config.js'], ['reads ecosystem.config.js | missing']],
    [
      ['pm2-runtime', 'start', '/etc/apps.config.js'],
      [
        '/usr/bin/tool -x one | likely',
        'reads /app/a.js',
        'node /app/a.js | likely',
        'reads /app/a.js | likely',
        COMPUTES,
      ],
    ],
    [['pm2-runtime', '/etc/apps.config.js', '--only', 'tool'], ['/usr/bin/tool -x one | likely']],
    [
      ['pm2-runtime', '/etc/apps.json', '--env', 'production'],
      ['/usr/bin/sh -c exec $WHICH', 'tool'].map(line => `${line} | likely`),
    ],
    [['pm2-runtime', '/etc/made.config.js'], [COMPUTES.replace('apps', 'made')]],
    // As pm2 5.4 does, by js-yaml 4.
    [
      ['pm2-runtime', 'start', '/etc/apps.yml'],
      ['/usr/bin/sh -c exec $WHICH | likely', 'tool | likely', '/usr/bin/tool -x one | likely'],
    ],
    [['pm2-runtime', '/etc/apps.yml', '--only', 'one'], ['/usr/bin/tool -x one | likely']],
    [['pm2-runtime', '/etc/app.yaml'], ['vite | likely | not-in-path']],
    [['pm2-runtime', '/etc/none.yaml'], ['reads /etc/none.yaml | missing']],
    [['pm2-runtime', '/etc/broken.yml'], ['/etc/broken.yml, which pm2-runtime reads, is not one document of YAML']],
    [['pm2-runtime', '/etc/twice.yml'], ['/etc/twice.yml, which pm2-runtime reads, is not one document of YAML']],
    [['pm2-runtime', '/etc/list.yml'], ['what pm2-runtime starts /etc/list.yml computes']],
    [['pm2-runtime', '/usr/bin/tool', '--', '-y'], ['/usr/bin/tool -y | likely']],
    [['pm2-runtime', 'npm', '--', 'start'], START.map(line => `${line} | likely`)],
    [
      ['script', '-qec', 'tool one', '/dev/null'],
      ['/bin/sh -c tool one', 'tool one'],
    ],
    [['authbind', '--deep', 'tool', '--deep'], ['tool --deep']],
  ])('%j', async (entrypoint, lines) => {
    const scripts = {
      ...{'/usr/bin/xvfb-run': executable('#!/bin/sh\n'), '/usr/bin/eatmydata': executable('#!/bin/sh\n')},
      ...{'/usr/bin/unbuffer': executable('#!/usr/bin/tclsh\n'), '/usr/bin/chronic': executable('#!/usr/bin/perl\n')},
      ...{'/usr/bin/pm2-runtime': js, '/usr/bin/tclsh': native, '/usr/bin/perl': native},
      ...{'/usr/bin/script': native, '/usr/bin/authbind': native, '/app/a.js': ''},
      '/etc/apps.config.js':
        'module.exports = {apps: [{name: "tool", script: "tool", args: "-x one"}, {script: "./a.js", cwd: "/app"}, make()]}\n',
      '/etc/apps.json':
        '{"apps": [{"script": "sh", "args": ["-c", "exec $WHICH"], "env_production": {"WHICH": "tool"}}]}\n',
      '/etc/made.config.js': 'module.exports = make()\n',
      '/etc/apps.yml': [
        ...[
          '# two',
          'apps:',
          '  - script: sh',
          '    args: ["-c", "exec $WHICH"]',
          '    env: &env',
          '      WHICH: tool',
        ],
        ...['  - name: one', '    script: /usr/bin/../bin/tool', '    args: -x one', '    env: *env', ''],
      ].join('\n'),
      '/etc/app.yaml': 'script: vite\ncwd: /app\n',
      '/etc/broken.yml': 'apps: [\n',
      '/etc/twice.yml': 'script: tool\nscript: vite\n',
      '/etc/list.yml': '- one\n- two\n',
    }
    expect(await follow(entrypoint, scripts, '/app')).toEqual(lines)
  })
})

describe('Erlang', () => {
  const ERTS = {'/erl/bin/beam.smp': native, '/erl/bin/erl_child_setup': arm64}

  test('erlexec starts beam.smp of BINDIR', async () => {
    const got = await follow(['erlexec', '-noshell'], {'/erl/bin/beam.smp': arm64})
    expect(got.at(-1)).toBe('/erl/bin/beam.smp | foreign')
  })

  test('and that starts what starts its ports', async () => {
    const got = await follow(['erlexec', '-noshell'], ERTS)
    expect(got.slice(-2)).toEqual(['/erl/bin/beam.smp', '/erl/bin/erl_child_setup | foreign'])
  })

  test('or another by an option', async () => {
    expect((await follow(['erlexec', '-emu_flavor', 'emu'])).at(-1)).toContain('an option of erlexec says')
  })

  test.each([
    ['of PATH', ['escript', '/app/run.es', '-x'], 'erl +B'],
    ['beside it', ['/opt/bin/escript', '-i', '/app/run.es'], '/opt/bin/erl +B'],
    ['below it', ['/opt/escript', '/app/run.es'], '/opt/bin/erl +B'],
    ['of an archive with a first line', ['/app/tool'], 'erl +B'],
  ])('escript starts the erl %s', async (_, entrypoint, erl) => {
    const got = await follow(entrypoint, {
      '/usr/bin/escript': native,
      '/opt/bin/escript': native,
      '/opt/escript': native,
      '/usr/bin/erl': arm64,
      '/opt/bin/erl': arm64,
      '/app/run.es': 'main(_) -> ok.\n',
      '/app/tool': executable('#!/usr/bin/env escript\n%%!\nPK\x03\x04\0'),
    })
    expect(got.filter(line => line.includes('erl +B'))).toEqual([`${erl} | foreign`])
  })

  test('and wants its file', async () => {
    const got = await follow(['escript', '/app/none.es'], {'/usr/bin/escript': native, '/usr/bin/erl': native})
    expect(got.join('\n')).toContain('missing')
  })
})

test.each(['uv sync', 'poetry install', 'micromamba install x'])('%s makes what comes after it', async command => {
  const script = executable(`#!/bin/sh\n${command}\nexec /made\n`)
  const {steps} = await readStartup({
    config: imageConfig({env: ['PATH=/usr/bin'], entrypoint: ['/start']}),
    rootfs: memoryRootfs({...BASE, '/start': script}),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
  })
  expect(steps.at(-1)).toMatchObject({path: '/made', obstacle: {kind: 'missing'}, maybe: {grade: 'made'}})
})
