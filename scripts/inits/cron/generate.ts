import type {MemoryEntry, MemoryTree} from '../../../__tests__/support/memory-rootfs.ts'
import type {Random} from '../../kernel/random.ts'
import {standIn} from '../../start-scripts/stand-in.ts'
import {oddPrograms} from '../odd-programs.ts'
import type {ServiceCase} from '../service-module.ts'

const program = (label: string) => ({content: standIn(label), mode: 0o755})

/** Beside the packages: programs, and what PAM asks of whoever a job runs as. */
export const CRON_FILES: MemoryTree = {
  '/var/run': {link: '/run'},
  '/dev/shm': {kind: 'directory', mode: 0o1777},
  '/usr/bin/job': program('job'),
  '/srv/job': program('job of srv'),
  '/home/svc/job': program('job of svc'),
  ...oddPrograms('/usr/bin', 'job'),
  '/usr/bin/script': {content: '#!/bin/sh\nexec job from script "$1"\n', mode: 0o755},
  '/usr/bin/shell': {content: '#!/bin/sh\nexec job by "$@"\n', mode: 0o755},
  ...Object.fromEntries(
    ['cron', 'crond', 'cronie', 'other'].map(name => [
      `/etc/pam.d/${name}`,
      ['auth', 'account', 'session'].map(type => `${type} required pam_permit.so\n`).join(''),
    ]),
  ),
}

/** The clock of a run: two seconds before half past ten, of a Monday. */
export const CLOCK: MemoryTree = {
  '/etc/ld.so.preload': '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1\n',
  '/etc/faketimerc': '@2026-01-05 10:29:58\n',
}

const DUE = ['* * * * *', '30 10 * * *', '*/5 * * * mon', '@reboot', '0-59/30 10 5 1 1', '*\t*  * * *', '30 10 5 jan *']
const NOT_DUE = ['31 10 * * *', '0 0 1 1 *', '@daily', '@hourly', '* * * * sun']
const WRONG = ['61 * * * *', '* * * *', '@never', 'x * * * *', '* * * * * *']
const VARIABLES = [
  ...['A=2', 'A = two words ', 'A="quoted  one"', "A='it'", 'PATH=/opt/bin:/usr/bin:/bin', 'HOME=/srv', 'MAILTO=""'],
  ...['SHELL=/usr/bin/shell', 'A=$HOME', 'A=1 # text', 'B="a" b', 'MAILTO=root', 'LOGNAME=other', 'A=', '"A"=3'],
  ...['SHELL=/none', 'CRON_TZ=UTC', 'A=~'],
]
const COMMANDS = [
  ...['job', 'job x', './job', 'job "a  b" $A', 'job $HOME', 'job a%b', 'job a\\%b', 'cd /srv && ./job', 'script one'],
  ...[
    'text',
    'plain',
    'foreign',
    'none',
    '/usr/bin/none',
    'job; job two',
    'job # text',
    'exec job',
    'app',
    'job \\\\%',
  ],
  ...['/opt/bin/app  -x', 'job $LOGNAME', 'A=3 job $A', 'env -i job', "job 'it'", '-job', 'job $PATH', 'job $SHELL'],
]

/** Tables of the system and of users, and how cron is started. */
export function makeCronCase(random: Random, name: string): ServiceCase {
  const files: Record<string, MemoryEntry> = {}
  const own = {content: '', mode: 0o600}
  if (random.oneIn(2)) files['/etc/crontab'] = {content: makeTable(random, true), mode: 0o644}
  else files['/etc/crontab'] = {content: '# nothing\n', mode: 0o644}
  for (const file of ['web', 'b-2', '_x', 'with.dot', 'tilde~', '.hidden'].filter(() => random.oneIn(4)))
    files[`/etc/cron.d/${file}`] = {content: makeTable(random, true), mode: random.oneIn(12) ? 0o666 : 0o644}
  const users = [
    ['root', 0],
    ['svc', 1000],
    ['more', 1001],
    ['nobody-here', 0],
  ] as const
  for (const [user, uid] of users.filter(() => random.oneIn(3))) {
    const mode = random.oneIn(12) ? random.pick([0o644, 0o400]) : 0o600
    files[`/var/spool/cron/crontabs/${user}`] = {...own, content: makeTable(random, false), mode, uid, gid: 0}
  }
  return {argv: [name, '-f'], files}
}

function makeTable(random: Random, hasUser: boolean): string {
  const lines = Array.from({length: 1 + random.below(4)}, () => makeLine(random, hasUser))
  const text = lines.map(line => `${line}\n`).join('')
  return random.oneIn(15) ? text.trimEnd() : text
}

function makeLine(random: Random, hasUser: boolean): string {
  if (random.oneIn(3)) return random.pick(VARIABLES)
  if (random.oneIn(20)) return random.pick(['', '  # comment', 'nonsense', '#* * * * * job'])
  const when = random.oneIn(4) ? random.pick(random.oneIn(4) ? WRONG : NOT_DUE) : random.pick(DUE)
  const user = hasUser ? `${random.oneIn(10) ? 'ghost' : random.pick(['root', 'svc', 'more', 'svc'])} ` : ''
  return `${random.oneIn(10) ? '  ' : ''}${when} ${user}${random.pick(COMMANDS)}`
}

const SCHEDULES = [
  '* * * * * * *',
  '*/1 * * * * * *',
  '0-59 * * * * ? *',
  '* * * * * mon-fri 2026',
  '* * * * jan-dec *',
]
const IDLE = ['@daily', '31 4 1 1 *', '0 0 L * *', '0 0 1 1 * 2099', '5/7 3 15W * 5#3', '0 0 * * 1L']
const REFUSED = ['@reboot', '61 * * * *', '* * * *', 'x * * * *', '* * * * 1-7', '*/60 * * * *']

/** A table of supercronic, and its command line. */
export function makeSupercronicCase(random: Random): ServiceCase {
  const isBad = random.oneIn(8)
  const lines = Array.from({length: 1 + random.below(5)}, (_, index) => {
    if (random.oneIn(4)) return random.pick(VARIABLES.filter(line => !/=$|^B=|TZ/.test(line)))
    if (random.oneIn(15)) return random.pick(['', '  # comment', '\t'])
    const when = isBad && index === 0 ? random.pick(REFUSED) : random.pick(random.oneIn(4) ? IDLE : SCHEDULES)
    return `${random.oneIn(10) ? '  ' : ''}${when} ${random.pick(COMMANDS)}`
  })
  if (random.oneIn(25)) lines.push(random.pick(['nonsense', 'A=', 'A b']))
  const text = lines.map(line => `${line}${random.oneIn(15) ? '\r' : ''}\n`).join('')
  const words = random.pick(
    [
      [[], [], [], ['-quiet'], ['-debug', '-json'], ['--no-reap'], ['-split-logs', '-passthrough-logs']],
      [['-test'], ['-version'], ['-overlapping=false'], ['-x'], ['extra'], ['-inotify']],
    ][random.oneIn(3) ? 1 : 0] ?? [],
  )
  const files = {'/etc/jobs': random.oneIn(10) ? text.trimEnd() : text}
  return {argv: ['/usr/bin/supercronic', ...words, random.oneIn(30) ? '/none' : '/etc/jobs'], files}
}
