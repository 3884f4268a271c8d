import type {MemoryEntry, MemoryTree} from '../../../__tests__/support/memory-rootfs.ts'
import type {Random} from '../../kernel/random.ts'
import {standIn} from '../../start-scripts/stand-in.ts'

const program = (label: string, more: object = {}) => ({content: standIn(label), mode: 0o755, ...more})

/** Beside the packages. */
export const SYSTEMD_FILES: MemoryTree = {
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\n',
  '/etc/group': 'root:x:0:\nsvc:x:1000:\n',
  '/etc/machine-id': `${'0123456789abcdef'.repeat(2)}\n`,
  '/sys': {kind: 'directory'},
  // %V is the name of a directory that is there.
  '/var/tmp': {kind: 'directory', mode: 0o1777},
  '/run/systemd': {kind: 'directory', uid: 1000, gid: 1000},
  '/usr/bin/daemon': program('daemon'),
  '/opt/bin/daemon': program('daemon of opt'),
  '/usr/bin/plain': program('plain', {mode: 0o644}),
}

const UNITS = '/etc/systemd/system'
/** What is started. */
export const TARGET = 'own.target'

const COMMANDS = [
  ...['/usr/bin/daemon', '/usr/bin/daemon -x', 'daemon x', '/opt/bin/daemon "a  b" c', "/usr/bin/daemon 'it' x"],
  ...['/usr/bin/daemon %n %N %p %i', '/usr/bin/daemon %%', '-/usr/bin/daemon tolerated', '@/usr/bin/daemon zero one'],
  ...[
    ':/usr/bin/daemon x',
    '+/usr/bin/daemon root',
    '!/usr/bin/daemon',
    '-@/usr/bin/daemon zero',
    '/usr/bin/daemon a\\x20b',
  ],
  ...['/usr/bin/daemon one ; /usr/bin/daemon two', '/usr/bin/daemon a \\; b', '/usr/bin/daemon \\\n  more \\\n  words'],
  ...[
    '/usr/bin/daemon a"b c"d',
    '/usr/bin/daemon "a\\tb"',
    '/usr/bin/daemon ""',
    '/usr/bin/daemon a;b',
    '/usr/bin/daemon # x',
  ],
  ...[
    '/usr/bin/daemon %j %J %I %P',
    '/usr/bin/daemon %t %S %C %L %E %T %V',
    '/usr/bin/daemon %f',
    '/usr/bin/daemon \\"',
  ],
  ...[
    'none x',
    '/usr/bin/none',
    '/usr/bin/plain',
    './daemon',
    'bin/daemon',
    '',
    '/usr/bin/daemon %q',
    '/opt/./bin//daemon',
  ],
]
const NAMES = ['a', 'b-c', 'd@one', 'e@x-y', 'f']

/** Random units behind a target: services, templates, drop-ins, links, masks, sockets and timers. */
export function makeUnits(random: Random): MemoryTree {
  const files: Record<string, MemoryEntry> = {}
  const names = NAMES.filter(() => random.oneIn(2))
  if (names.length === 0) names.push('a')
  const settings = [`[Unit]\nDescription=own\n${random.oneIn(3) ? 'AllowIsolate=yes\n' : ''}`]
  for (const name of names) {
    const service = `${name}.service`
    addService(random, files, name)
    const way = random.pick(['wants', 'requires', 'setting', 'upholds', 'other', 'socket', 'timer', 'alias', 'none'])
    if (way === 'setting') settings.push(`${random.pick(['Wants', 'Requires', 'BindsTo', 'Upholds'])}=${service}\n`)
    else if (way === 'wants' || way === 'requires' || way === 'upholds')
      files[`${UNITS}/${TARGET}.${way}/${service}`] = {link: `../${template(name)}.service`}
    else if (way === 'other') {
      settings.push('Wants=next.target\n')
      files[`${UNITS}/next.target`] = `[Unit]\nRequires=${service}\n`
    } else if (way === 'alias') {
      settings.push(`Wants=alias-${name}.service\n`)
      files[`${UNITS}/alias-${name}.service`] = {link: `${template(name)}.service`}
    } else if (way === 'socket' || way === 'timer') {
      settings.push(`Wants=own-${way}.${way}\n`)
      files[`${UNITS}/own-${way}.${way}`] =
        way === 'socket'
          ? `[Socket]\nListenStream=/run/own.sock\nService=${service}\n`
          : `[Timer]\nOnBootSec=9999\nUnit=${service}\n`
    }
    if (random.oneIn(12)) files[`/run/systemd/system/${service}`] = '[Service]\nExecStart=/usr/bin/daemon of run\n'
    if (random.oneIn(15)) files[`${UNITS}/${template(name)}.service`] = {link: '/dev/null'}
  }
  files[`${UNITS}/${TARGET}`] = settings.join('')
  return files
}

function template(name: string): string {
  return name.replace(/@.*/, '@')
}

function addService(random: Random, files: Record<string, MemoryEntry>, name: string): void {
  const command = () => random.pick(COMMANDS)
  const type = random.pick(['', '', 'Type=oneshot\n', 'Type=forking\n', 'Type=exec\n'])
  const lines = [`[Service]\n${type}ExecStart=${command()}\n`]
  if (random.oneIn(4)) lines.push(`ExecStartPre=${command()}\n`)
  if (random.oneIn(5)) lines.push(`ExecStartPost=${command()}\n`)
  if (random.oneIn(6)) lines.push(`ExecStart=\nExecStart=${command()}\n`)
  if (random.oneIn(8)) lines.push(`${random.pick(['# ', '; '])}ExecStart=/usr/bin/daemon no\n`)
  if (random.oneIn(8))
    lines.push(random.pick(['User=svc\n', 'WorkingDirectory=/srv\n', 'Nonsense=1\n', '[Unknown]\nExecStart=/x\n']))
  if (random.oneIn(6)) lines.push('[Unit]\nConditionPathExists=/none\n')
  const place = random.oneIn(4) ? '/usr/lib/systemd/system' : UNITS
  files[`${place}/${template(name)}.service`] = lines.join('')
  const folders = [`${name}.service`, `${template(name)}.service`, 'service', 'b-.service']
  if (random.oneIn(4)) {
    const reset = random.oneIn(2) ? 'ExecStart=\n' : ''
    files[`${UNITS}/${random.pick(folders)}.d/${random.pick(['10-x.conf', '20-y.conf', 'no.txt'])}`] =
      `[Service]\n${reset}${random.pick(['ExecStart', 'ExecStartPre'])}=${command()}\n`
  }
}
