import {describe, expect, test} from '@jest/globals'
import {readMyInitArguments} from '../../../src/exec/services/my-init-arguments.ts'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {arm64, followServices, native} from './follow-services.ts'

const MY_INIT = executable('#!/usr/bin/python3 -u\nENV_INIT_DIRECTORY = "/etc/my_init.d"\nstart("/usr/bin/runsvdir")\n')

const BASE: MemoryTree = {
  ...Object.fromEntries(['sh', 'cp', 'runsvdir', 'runsv', 'python3'].map(name => [`/usr/bin/${name}`, native])),
  '/bin': {link: 'usr/bin'},
  '/sbin/my_init': MY_INIT,
  '/etc/service': {kind: 'directory'},
}
const START = ['/usr/bin/python3 | -']
const RUNIT = '/usr/bin/runsvdir | runit of my_init'

const follow = (argv: readonly string[], files: MemoryTree) =>
  followServices(argv, {...BASE, ...files}, {PATH: '/usr/bin:/opt', USER: 'root'})

describe('my_init', () => {
  test('runs its start scripts, then the services, and its command beside them', async () => {
    const files = {
      '/etc/my_init.d/10-a': executable('#!/bin/sh\ncp /real /made\n'),
      '/etc/my_init.d/20-passed-over': '#!/bin/sh\nexec /missing\n',
      '/etc/rc.local': executable('#!/bin/sh\nexit 0\n'),
      '/etc/service/web/run': executable('#!/bin/sh\nexec /made\n'),
      '/etc/service/off/down': '',
      '/real': native,
      '/opt/app': native,
    }
    expect(await follow(['/sbin/my_init', '--quiet', '--', 'app', '--skip-runit'], files)).toEqual([
      ...START,
      '/etc/my_init.d/10-a | -',
      '/bin/sh | -',
      '/usr/bin/cp | -',
      '/etc/rc.local | -',
      '/bin/sh | -',
      RUNIT,
      '/usr/bin/runsv | off of runsvdir',
      '/usr/bin/runsv | web of runsvdir',
      './run | web of runsv',
      '/bin/sh | web of runsv',
      '/made | web of runsv',
      '/opt/app | -',
    ])
  })

  test.each<[string, readonly string[], MemoryTree, readonly string[]]>([
    [
      'a foreign service: the command runs without it',
      ['--', '/real'],
      {'/etc/service/web/run': arm64},
      [RUNIT, '/usr/bin/runsv | web of runsvdir', './run | web of runsv | foreign', '/real | -'],
    ],
    [
      'a foreign start script: nothing more is started',
      ['--', '/real'],
      {'/etc/my_init.d/10': arm64},
      ['/etc/my_init.d/10 | - | foreign'],
    ],
    [
      'a start script without #!',
      [],
      {'/etc/my_init.d/10': executable('exit 0\n')},
      ['/etc/my_init.d/10 | - | refused'],
    ],
    [
      'a start script that is not executable',
      ['--skip-runit', '--', '/real'],
      {'/etc/my_init.d/10': 'x'},
      ['/real | -'],
    ],
    [
      'start scripts that are left out',
      ['--skip-startup-files', '--skip-runit', '--', '/real'],
      {'/etc/my_init.d/10': arm64, '/etc/rc.local': arm64},
      ['/real | -'],
    ],
    ['no runsvdir, and no command', [], {'/usr/bin/runsvdir': 'x'}, ['/usr/bin/runsvdir | - | not-executable']],
    ['a command that is missing', ['--skip-runit', 'none'], {}, ['none | - | not-in-path']],
    ['a text as command', ['--skip-runit', '/text'], {'/text': executable('exit\n')}, ['/text | - | refused']],
    ['words that are refused', ['--skip-runit'], {}, ['/sbin/my_init | - | refused-arguments']],
    ['a page of help', ['--help'], {'/etc/my_init.d/10': arm64}, []],
    ['a page of help beside a command', ['-h', '--', '/real'], {'/etc/my_init.d/10': arm64}, []],
    [
      'the key that is no secret, before all others',
      ['--enable-insecure-key', '--skip-runit', '--', '/real'],
      {'/usr/sbin/enable_insecure_key': arm64, '/etc/my_init.d/10': native},
      ['/usr/sbin/enable_insecure_key | - | foreign'],
    ],
    [
      'the same by the beginning of its name',
      ['--enable', '--skip-runit', '--', '/real'],
      {'/usr/sbin/enable_insecure_key': native},
      ['/usr/sbin/enable_insecure_key | -', '/real | -'],
    ],
    [
      'what runs when it ends',
      ['--', '/real'],
      {'/etc/my_init.post_shutdown.d/10': arm64},
      [RUNIT, '/real | -', '/etc/my_init.post_shutdown.d/10 | - | likely | foreign'],
    ],
  ])('%s', async (_, argv, files, steps) => {
    expect(await follow(['/sbin/my_init', ...argv], {'/real': native, ...files})).toEqual([...START, ...steps])
  })

  test('its directory of variables gives PATH, and start scripts lose USER', async () => {
    const files = {
      '/etc/container_environment/PATH': '/other\n',
      '/etc/container_environment/TOOL': '/real\n',
      '/etc/my_init.d/10': executable('#!/bin/sh\nexit 0\n'),
      '/opt/app': native,
      '/real': native,
      '/run.sh': executable('#!/bin/sh\n[ -n "$USER" ] || exec "$TOOL"\n'),
    }
    expect(await follow(['/sbin/my_init', '--skip-runit', '/run.sh'], files)).toEqual([
      ...START,
      '/etc/my_init.d/10 | -',
      '/bin/sh | -',
      '/run.sh | -',
      '/bin/sh | -',
      '/real | -',
    ])
  })

  test('a word that only the run knows is the last of its command', async () => {
    const files = {
      '/real': native,
      '/e.sh': executable('#!/bin/sh\nread -r word\nexec /sbin/my_init --skip-runit -- sh -c "$word"\n'),
    }
    const steps = await follow(['/e.sh'], files)
    expect(steps.at(-1)).toContain('which only the run knows')
  })

  test('what it starts leaves its files to the next, and to its services', async () => {
    const files = {
      '/real': native,
      '/etc/my_init.d/10': executable('#!/bin/sh\nunknown-tool\n'),
      '/usr/bin/unknown-tool': native,
      '/etc/service/web/run': executable('#!/bin/sh\nexec /made/later\n'),
    }
    // What the script has called may have made it.
    expect((await follow(['/sbin/my_init'], files)).at(-1)).toBe(
      '/made/later | web of runsv | missing | maybe by unknown-tool in /etc/my_init.d/10',
    )
  })

  test('its own start directory, which a variable names', async () => {
    const files = {'/own/10': arm64, '/etc/my_init.d/10': native, '/real': native}
    const argv = ['/sbin/my_init', '--skip-runit', '--', '/real']
    const env = {PATH: '/usr/bin', ENV_INIT_DIRECTORY: '/own'}
    expect(await followServices(argv, {...BASE, ...files}, env)).toEqual([...START, '/own/10 | - | foreign'])
    const relative = {...env, ENV_INIT_DIRECTORY: 'own'}
    expect(await followServices(argv, {...BASE, ...files}, relative)).toEqual([...START, 'own/10 | - | foreign'])
  })

  test('another script of that name is not taken for it', async () => {
    const files = {'/sbin/my_init': executable('#!/usr/bin/python3\nprint(1)\n'), '/etc/my_init.d/10': arm64}
    expect(await follow(['/sbin/my_init'], files)).toEqual(['/usr/bin/python3 | -'])
  })

  test('without python it does not start', async () => {
    expect(await follow(['/sbin/my_init'], {'/usr/bin/python3': {link: 'none'}})).toEqual([
      '/usr/bin/python3 | - | missing',
    ])
  })
})

test.each<[string, string]>([
  ['', 'run:'],
  ['--quiet -- a -b', 'run: quiet | a -b'],
  ['--skip-r a', 'run: skip-runit | a'],
  ['--skip a', 'refused: --skip stands for more than one option'],
  ['a --quiet', 'run: quiet | a'],
  ['a --quiet b', 'refused: unrecognized arguments: b'],
  ['a --quiet -- b', 'refused: unrecognized arguments: b'],
  ['a -x', 'refused: unrecognized arguments: -x'],
  ['a -1', 'run: | a -1'],
  ['-h', 'help:'],
  ['--skip-runit', 'refused: with --skip-runit it wants a command'],
])('my_init %s', (words, expected) => {
  const parsed = readMyInitArguments(['my_init', ...words.split(' ').filter(word => word !== '')])
  const said =
    parsed.kind === 'run'
      ? [...parsed.options, ...(parsed.command.length > 0 ? ['|', ...parsed.command] : [])].join(' ')
      : parsed.kind === 'refused'
        ? parsed.reason
        : ''
  expect(`${parsed.kind}: ${said}`.trim()).toBe(expected)
})
