import {describe, expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {readStartup} from '../support/told-startup.ts'

/*
 * A program that starts another one, and is given none: it ends with its usage. Measured with each program of the table
 * that Debian bookworm and sid have, by npm run test:wrappers. An image with an Entrypoint alone leaves the program to
 * whoever starts the container, as do the scripts that start what they are given.
 */

const native = executable(program({}))
const NAMES = [
  ...['tini', 'dumb-init', 'catatonit', 'gosu', 'setpriv', 'runuser', 'sudo', 'doas', 'setsid', 'ionice', 'taskset'],
  ...['chrt', 'prlimit', 'choom', 'flock', 'nice', 'nohup', 'timeout', 'stdbuf', 'env', 'time', 'chpst', 'softlimit'],
  ...[
    'envdir',
    'setuidgid',
    'setlock',
    'pgrphack',
    's6-setuidgid',
    's6-applyuidgid',
    's6-setsid',
    'numactl',
    'faketime',
  ],
  ...[
    'dbus-run-session',
    'authbind',
    'daemonize',
    'rlwrap',
    'entrypoint-demoter',
    'su-exec',
    'execlineb',
    'foreground',
  ],
]
const TREE: MemoryTree = {
  ...Object.fromEntries([...NAMES, 'sh', 'app'].map(name => [`/bin/${name}`, native])),
  '/usr/libexec/coreutils/libstdbuf.so': native,
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\n',
  '/etc/group': 'root:x:0:\nsvc:x:1000:\n',
}

/** What is wrong for certain, or what the last program is. */
async function tell(
  config: {readonly entrypoint?: readonly string[]; readonly cmd?: readonly string[]},
  files: MemoryTree = {},
): Promise<string> {
  const {steps, undetermined} = await readStartup({
    config: imageConfig({env: ['PATH=/bin'], ...config}),
    rootfs: memoryRootfs({...TREE, ...files}),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
  })
  const failed = steps.find(({obstacle, certainty}) => obstacle !== undefined && certainty === 'certain')
  if (failed?.obstacle)
    return `${failed.path}: ${'reason' in failed.obstacle ? failed.obstacle.reason : failed.obstacle.kind}`
  return undetermined ?? (steps.findLast(({role}) => role === 'program')?.argv ?? []).join(' ')
}

const LACKS = 'it is given no program to start'

test.each([
  'tini',
  'tini -g --',
  'dumb-init -c',
  'catatonit',
  'gosu',
  'gosu svc',
  'su-exec svc',
  'setpriv --reuid=1000 --clear-groups',
  'runuser -u svc',
  'runuser -u svc --',
  'sudo',
  'sudo -u svc A=b',
  'doas -u svc',
  'setsid -w',
  'ionice -c 2',
  'taskset',
  'taskset 1',
  'chrt',
  'chrt -r 1',
  'choom -n 5',
  'flock',
  'flock /tmp/lock',
  'env -C /tmp',
  'env --chdir=/tmp A=b',
  'env -i -a x',
  'nice -n 5',
  'nohup',
  'timeout',
  'timeout 5',
  'stdbuf -oL',
  'time',
  'chpst -u svc',
  'softlimit -o 64',
  'envdir',
  'envdir /opt/env',
  'setuidgid svc',
  'setlock /tmp/lock',
  'pgrphack',
  's6-setuidgid',
  's6-setuidgid svc',
  's6-applyuidgid -u 1000',
  's6-setsid',
  'numactl -l',
  'faketime',
  'faketime 12:00',
  'dbus-run-session',
  'authbind --deep',
  'daemonize',
  'rlwrap',
  'entrypoint-demoter',
])('%s', async line => {
  const [name = ''] = line.split(' ')
  expect(await tell({cmd: line.split(' ')})).toBe(`${name}: ${LACKS}`)
  // Whoever starts the container may name one.
  expect(await tell({entrypoint: line.split(' ')})).toBe(line)
})

test.each(['nice', 'ionice', 'prlimit', 'prlimit --nofile=64', 'env', 'env A=b', 'flock 9', 'sudo -l', 'taskset -p 1'])(
  '%s does something of its own',
  async line => {
    expect(await tell({cmd: line.split(' ')})).toBe(line)
  },
)

describe('who names the program', () => {
  test.each<[what: string, config: Parameters<typeof tell>[0], script: string, expected: string]>([
    ['a script with all its words', {entrypoint: ['/start']}, '#!/bin/sh\nexec gosu svc\n', `gosu: ${LACKS}`],
    ['a script that is given words', {entrypoint: ['/start']}, '#!/bin/sh\nexec gosu svc "$@"\n', 'gosu svc'],
    ['one that is given Cmd', {entrypoint: ['/start'], cmd: ['tini']}, '#!/bin/sh\nexec "$@"\n', `tini: ${LACKS}`],
    ['a script in a variable', {entrypoint: ['/start']}, '#!/bin/sh\nX=$*\nexec gosu svc $X\n', 'gosu svc'],
    ['a text of such words', {entrypoint: ['/start']}, '#!/bin/sh\nexec sh -c "gosu svc $*"\n', 'gosu svc'],
    ['a text by eval', {entrypoint: ['/start']}, '#!/bin/sh\neval "exec gosu svc $*"\n', 'gosu svc'],
    ['a function', {entrypoint: ['/start']}, '#!/bin/sh\nf() { exec gosu svc "$@"; }\nf "$@"\n', 'gosu svc'],
    ['the shell form', {entrypoint: ['/bin/sh', '-c', 'exec tini --']}, '', `tini: ${LACKS}`],
    ['the text of -c', {cmd: ['sh', '-c']}, '', 'sh: its option -c wants a text'],
    ['a text that is left open', {entrypoint: ['sh', '-c']}, '', 'sh -c'],
    [
      'a script of execline',
      {entrypoint: ['/start']},
      '#!/bin/execlineb -P\nforeground { app } s6-setuidgid svc\n',
      `s6-setuidgid: ${LACKS}`,
    ],
    [
      'one of execline that is given words',
      {entrypoint: ['/start']},
      '#!/bin/execlineb -S0\ns6-setuidgid svc $@\n',
      's6-setuidgid svc',
    ],
  ])('%s', async (_, config, script, expected) => {
    expect(await tell(config, {'/start': executable(script)})).toBe(expected)
  })
})
