import {expect, test} from '@jest/globals'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {arm64, followServices, native} from './follow-services.ts'

// What a script does behind an init or a supervisor depends on how that ends: one that stays may end in either way, one
// that refuses its words or its configuration fails.

const NAMES = [
  ...['sh', 'cp', 'app', 'python3', 'busybox', 'runsvdir', 'runsv', 'runsvinit', 's6-svscan', 's6-supervise', 'cron'],
  ...['crond', 'supercronic', 'hivemind', 'systemd', 'runit-init', 'and', 'or'],
]
const FILES: MemoryTree = {
  ...Object.fromEntries(NAMES.map(name => [`/bin/${name}`, native])),
  '/sbin/init': {link: '/bin/busybox'},
  '/sbin/runit': native,
  '/sbin/my_init': executable('#!/bin/python3 -u\nENV_INIT_DIRECTORY = "/etc/my_init.d"\nstart("/usr/bin/runsvdir")\n'),
  '/usr/bin/runsvdir': native,
  '/bin/supervisord': executable('#!/bin/python3\nfrom supervisor.supervisord import main\n'),
  '/bin/gosupervisord': {link: '/go/supervisord'},
  '/go/supervisord': native,
  '/etc/supervisord.conf': '[supervisord]\n[program:a]\ncommand=app\n',
  '/etc/bad.conf': '[program:a]\ncommand=app\n',
  '/etc/inittab': '::respawn:/bin/app\n',
  '/etc/service/a/run': native,
  '/etc/runit/1': native,
  '/etc/runit/2': native,
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
  '/jobs': '* * * * * app\n',
  '/bad-jobs': 'no job\n',
  '/Procfile': 'web: app\n',
}

type End = 'success' | 'failure' | 'unknown' | 'nothing'

async function endOf(command: string, files: MemoryTree): Promise<End> {
  const script = `${command} && { /bin/and; exit; } || /bin/or`
  const steps = await followServices(['sh', '-c', script], {...FILES, ...files})
  const [and, or] = ['/bin/and', '/bin/or'].map(path => steps.some(step => step.startsWith(`${path} `)))
  return and && or ? 'unknown' : and ? 'success' : or ? 'failure' : 'nothing'
}

test.each<[command: string, end: End, files?: MemoryTree]>([
  ['runsvdir /etc/service', 'unknown'],
  ['runsvdir /none', 'failure'],
  ['runsvdir', 'failure'],
  ['runsv /etc/service/a', 'unknown'],
  ['runsv /none', 'failure'],
  ['runsv', 'failure'],
  ['runsvinit', 'unknown'],
  ['s6-svscan /etc/service', 'unknown'],
  ['s6-svscan /none', 'failure'],
  ['s6-svscan a b', 'failure'],
  ['s6-supervise /etc/service/a', 'unknown'],
  ['s6-supervise /none', 'failure'],
  ['s6-supervise', 'failure'],
  ['/sbin/my_init', 'unknown'],
  ['/sbin/my_init --help', 'success'],
  ['/sbin/my_init --skip-runit', 'failure'],
  ['/sbin/my_init --none', 'failure'],
  ['/sbin/my_init app', 'unknown'],
  ['/sbin/my_init --skip-runit app', 'unknown'],
  ['/sbin/my_init', 'failure', {'/etc/my_init.d/1': executable('#!/bin/sh\nexit 1\n')}],
  ['/sbin/my_init --skip-startup-files', 'unknown', {'/etc/my_init.d/1': executable('#!/bin/sh\nexit 1\n')}],
  ['/sbin/my_init', 'failure', {'/etc/my_init.d/1': arm64}],
  ['cron -f', 'unknown'],
  ['crond -n', 'unknown'],
  ['busybox crond -f', 'unknown'],
  ['supercronic /jobs', 'unknown'],
  ['supercronic -test /jobs', 'success'],
  ['supercronic -version', 'success'],
  ['supercronic /bad-jobs', 'failure'],
  ['supercronic', 'failure'],
  ['supercronic -none /jobs', 'unknown'],
  ['supercronic /none', 'unknown'],
  ['supervisord -n', 'unknown'],
  ['supervisord -n -c /etc/bad.conf', 'failure'],
  ['supervisord -n -c /none', 'failure'],
  ['supervisord --help', 'success'],
  ['supervisord -v', 'success'],
  ['/go/supervisord -c /etc/supervisord.conf', 'unknown'],
  ['/go/supervisord -c /none', 'unknown'],
  ['/sbin/init', 'unknown'],
  ['runit-init', 'unknown'],
  ['hivemind', 'unknown'],
  ['hivemind /none', 'failure'],
  ['systemd', 'unknown'],
])('%s: %s', async (command, end, files = {}) => {
  expect(await endOf(command, files)).toBe(end)
})
