import {expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {type Process, readStartup} from '../../src/exec/index.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'

const native = executable(program({}))
const NAMES = [
  'app',
  'setpriv',
  's6-setuidgid',
  'execlineb',
  'cd',
  'env',
  'dash',
  'bash',
  'start-stop-daemon',
  'sudo',
  'su',
  'daemonize',
]
const TREE: MemoryTree = {
  ...Object.fromEntries(NAMES.map(name => [`/bin/${name}`, native])),
  '/bin/sh': {link: 'dash'},
  '/link': {link: '/bin/app'},
  '/srv/foreign': executable(program({machine: 183})),
  '/srv/sub': {kind: 'directory'},
  '/home/svc': {kind: 'directory'},
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\n',
  '/etc/group': 'svc:x:1000:\nextra:x:2000:svc\n',
}

/** What /bin/app, or what stands in its place, is as a process. */
async function appOf(entrypoint: readonly string[], user = '', files: MemoryTree = {}): Promise<readonly Process[]> {
  const processes: Process[] = []
  await readStartup({
    config: imageConfig({entrypoint, env: ['PATH=/bin', 'A=1'], workingDir: '/srv', user}),
    rootfs: memoryRootfs({...TREE, ...files}),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
    onStart: (path, process) => {
      if (path === '/bin/app') processes.push(process)
    },
  })
  return processes
}

test.each<readonly [string, readonly string[], object]>([
  ['the first program', ['app', 'x'], {argv: ['app', 'x'], cwd: '/srv', user: {uid: 0}}],
  ['behind a symlink', ['/link'], {argv: ['/link']}],
  ['another user', ['s6-setuidgid', 'svc', 'app'], {user: {uid: 1000, gid: 1000, groups: [2000]}}],
  [
    'a group of its own',
    ['start-stop-daemon', '--start', '--chuid', 'svc:extra', '--exec', '/bin/app'],
    {user: {uid: 1000, gid: 2000, groups: [2000]}, cwd: '/'},
  ],
  [
    'a login, which the container gives no variables',
    ['su', '-', 'svc', '-c', 'exec /bin/app'],
    {cwd: '/home/svc', env: new Map([['HOME', '/home/svc']]), unknownEnv: new Set(['PATH', 'A'])},
  ],
  [
    'a user by number, with its home',
    ['start-stop-daemon', '--start', '--chuid', '1000', '--exec', '/bin/app'],
    {
      user: {uid: 1000, gid: 1000, groups: [2000]},
      env: new Map(Object.entries({PATH: '/bin', A: '1', HOME: '/home/svc'})),
    },
  ],
  ['the root directory, for a daemon', ['daemonize', '/bin/app'], {cwd: '/'}],
  ['or the one of its option', ['daemonize', '-ac', 'sub', '/bin/app'], {cwd: '/srv/sub'}],
  [
    'the group of sudo',
    ['sudo', '-g', 'extra', '-u', 'svc', 'app'],
    {user: {uid: 1000, gid: 2000, groups: [2000, 1000]}},
  ],
  ['another directory', ['sh', '-c', 'cd sub && exec app'], {cwd: '/srv/sub'}],
  [
    'other variables',
    ['env', '-u', 'A', 'B=2', 'app'],
    {env: new Map(Object.entries({PATH: '/bin', HOME: '/root', B: '2'}))},
  ],
])('what process a program is: %s', async (_, entrypoint, process) => {
  expect(await appOf(entrypoint)).toMatchObject([process])
})

test('a supervisor leaves HOME as runc has set it, whatever the user of a service', async () => {
  const files = {
    '/bin/python3': native,
    '/bin/supervisord': executable('#!/bin/python3\nfrom supervisor.supervisord import main\n'),
    '/etc/supervisord.conf': '[supervisord]\n[program:a]\ncommand=app\nuser=svc\n',
  }
  const [app] = await appOf(['/bin/supervisord', '-n', '-c', '/etc/supervisord.conf'], '', files)
  expect([app?.user.uid, app?.env.get('HOME')]).toEqual([1000, '/root'])
})

test('one that cannot start is none', async () => {
  expect(await appOf(['/srv/foreign'])).toEqual([])
})

test('nor is one whose directory is missing', async () => {
  expect(await appOf(['daemonize', '-c', '/none', '/bin/app'])).toEqual([])
})

test.each([
  ['dash', ['A', 'HOME', 'PATH']],
  ['bash', ['A', 'HOME', 'PATH', 'a.b']],
])('what %s passes on of variables that no script can name', async (shell, names) => {
  const [app] = await appOf(['env', 'a.b=1', shell, '-c', 'exec app'])
  expect([...(app?.env.keys() ?? [])].sort()).toEqual(names)
})

test('what is to run in the background, and is not there, fails only where it is looked for before', async () => {
  const start = (words: string) => appOf(['sh', '-c', `start-stop-daemon --start -b --pidfile /p ${words} && exec app`])
  // dpkg 1.21.22 ends with 0, and with 2.
  expect(await start('--startas /none')).toHaveLength(1)
  expect(await start('--exec /none')).toHaveLength(0)
})
