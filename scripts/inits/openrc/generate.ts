// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import type {MemoryEntry, MemoryTree} from '../../../__tests__/support/memory-rootfs.ts'
import type {Random} from '../../kernel/random.ts'
import {standIn} from '../../start-scripts/stand-in.ts'
import {oddPrograms} from '../odd-programs.ts'
import type {ServiceCase} from '../service-module.ts'

const program = (label: string, more: object = {}) => ({content: standIn(label, more), mode: 0o755})
const script = (content: string, mode = 0o755) => ({content, mode})

/** Beside the packages, whose own services are for a machine. */
export const OPENRC_FILES: MemoryTree = {
  '/var/run': {link: '/run'},
  ...oddPrograms('/usr/bin', 'daemon'),
  '/usr/bin/daemon': program('daemon'),
  // What sessions of another user want.
  ...Object.fromEntries(
    ['start-stop-daemon', 'supervise-daemon', 'other'].map(name => [
      `/etc/pam.d/${name}`,
      ['auth', 'account', 'session'].map(type => `${type} required pam_permit.so\n`).join(''),
    ]),
  ),
  '/srv/daemon': program('daemon of srv'),
  '/usr/bin/script': script('#!/bin/sh\nexec daemon from script "$1" "$HOME"\n'),
  '/usr/bin/fails': program('fails', {status: 3}),
  '/etc/runlevels/sysinit': {kind: 'directory'},
  '/etc/runlevels/boot': {kind: 'directory'},
  '/etc/runlevels/default': {kind: 'directory'},
}

const NAMES = ['a', 'b', 'c', 'd', 'e'] as const

/** Services in runlevels, right ones and wrong ones, and what starts them. */
export function makeOpenrcCase(random: Random): ServiceCase {
  const files: Record<string, MemoryEntry> = {}
  const names = NAMES.slice(0, 1 + random.below(NAMES.length))
  for (const name of names) {
    addService(random, files, name, names)
    if (!random.oneIn(4)) {
      const level = random.oneIn(5) ? 'boot' : 'default'
      files[`/etc/runlevels/${level}/${name}`] = {link: `/etc/init.d/${name}`}
    }
  }
  if (random.oneIn(8)) files['/etc/runlevels/default/gone'] = {link: '/etc/init.d/gone'}
  if (random.oneIn(8)) {
    files['/etc/runlevels/more/a'] = {link: '/etc/init.d/a'}
    files['/etc/runlevels/default/more'] = {link: '/etc/runlevels/more'}
  }
  if (random.oneIn(8)) files['/etc/rc.conf'] = random.pick(['rc_env_allow="A"\n', 'A=of-rc\n', 'rc_parallel="NO"\n'])
  const one = random.pick(names)
  const booted = random.pick([[], [], ['/usr/sbin/openrc', 'boot'], ['/usr/sbin/openrc', 'sysinit']])
  if (random.oneIn(2)) {
    return {
      argv: random.pick([['/usr/sbin/openrc', 'default'], ['/usr/sbin/openrc', 'boot'], ['/usr/sbin/openrc']]),
      files,
    }
  }
  const isOwn = JSON.stringify(files[`/etc/init.d/${one}`]).includes('#!/sbin/openrc-run')
  const last = random.pick([
    [`/etc/init.d/${one}`, 'start'],
    // Debian's needs no first line.
    [...(isOwn ? ['rc-service', one] : ['openrc-run', `/etc/init.d/${one}`]), 'start'],
    [`/etc/init.d/${one}`, '--nodeps', 'start'],
    ['openrc-run', `/etc/init.d/${one}`, 'start'],
    ['rc-service', 'none', 'start'],
  ])
  files['/start'] = script(
    `#!/bin/sh\n${random.oneIn(5) ? '' : 'mkdir -p /run/openrc && echo default > /run/openrc/softlevel\n'}${booted.join(' ')}\n${last.join(' ')} && exec sleep 1\n`,
  )
  return {argv: ['/start'], files}
}

function addService(random: Random, files: Record<string, MemoryEntry>, name: string, names: readonly string[]): void {
  const own = `/opt/bin/of-${name}`
  files[own] = program(`of ${name}`, {foreign: random.oneIn(12)})
  const lines = ['#!/sbin/openrc-run']
  if (random.oneIn(3)) lines.push('description="text"', 'name="service $RC_SVCNAME"')
  lines.push(...(random.oneIn(3) ? startFunction(random, own, name) : variables(random, own, name)))
  if (random.oneIn(2)) lines.push(...depend(random, names))
  if (random.oneIn(8))
    lines.push(
      'start_pre() {',
      random.pick(['\tcheckpath -d -m 0755 /run/made', '\tfails', '\treturn 1', '\tdaemon before', '\texport C=3']),
      '}',
    )
  if (random.oneIn(10)) lines.push('start_post() {', '\tdaemon after', '}')
  if (random.oneIn(5))
    files[`/etc/conf.d/${name}`] = random.pick([
      'command_args="of conf"\n',
      'OPTION=-c\n',
      'A=2\n',
      'export B=of-conf\n',
      'command_user=svc\n',
    ])
  if (random.oneIn(20)) lines[0] = random.pick(['#!/bin/none', '#!/bin/sh', '#!/usr/bin/env openrc-run'])
  files[`/etc/init.d/${name}`] = script(`${lines.join('\n')}\n`, random.oneIn(12) ? 0o644 : 0o755)
}

function variables(random: Random, own: string, name: string): readonly string[] {
  const command = random.pick([
    ...[own, own, own, `"${own}"`, `"/opt/bin/of-\${RC_SVCNAME}"`, 'daemon', '/usr/bin/script', '/usr/bin/text'],
    ...['/usr/bin/plain', '/usr/bin/foreign', '/usr/bin/none', 'none', '/usr/bin/fails', '/srv/daemon'],
  ])
  const lines = [`command=${command}`]
  const args = [
    '"one two"',
    '"-c \\"a b\\""',
    "'\\$HOME'",
    '"$OPTION x"',
    '"${OPTION:--d}"',
    '"a;b"',
    '"$RC_SVCNAME $SVCNAME"',
  ]
  if (!random.oneIn(4)) lines.push(`command_args=${random.pick(args)}`)
  if (random.oneIn(4))
    lines.push(`command_user=${random.pick(['svc', 'svc:more', '"svc:svc"', '1000', 'nobody-here', 'root'])}`)
  if (random.oneIn(4)) lines.push(`directory=${random.pick(['/srv', '/none', '"~"', '/'])}`)
  const isSupervised = random.oneIn(3)
  if (isSupervised) lines.push('supervisor=supervise-daemon')
  const isBackground = random.oneIn(3)
  if (isBackground) lines.push(`command_background=${random.pick(['yes', 'true', '"YES"', 'no', '1'])}`)
  if (isBackground !== random.oneIn(8)) lines.push(`pidfile="/run/${name}.pid"`)
  if (random.oneIn(8))
    lines.push(random.pick(['command_args_background="-b"', 'command_args_foreground="-f"', 'umask=027']))
  if (random.oneIn(10)) lines.push(random.pick(['output_log=/tmp/log', 'error_log=/tmp/log']))
  if (random.oneIn(10))
    lines.push(
      `${isSupervised ? 'supervise_daemon_args' : 'start_stop_daemon_args'}=${random.pick(['"--nicelevel 5"', '"--env E=5"', '"-e E=6 --umask 022"'])}`,
    )
  if (random.oneIn(12))
    lines.push(random.pick(['required_dirs=/srv', 'required_dirs="/srv /usr"', 'required_files=/etc/passwd']))
  return lines
}

function startFunction(random: Random, own: string, name: string): readonly string[] {
  const options = random.pick([
    ...['--exec', '-x', '--background --make-pidfile --pidfile /run/x.pid --exec', '-b -m -p /run/x.pid -x'],
    ...[
      '--user svc --exec',
      '-u svc:more -x',
      '--chdir /srv --exec',
      '--env E=1 --exec',
      '-p /run/x.pid -x',
      '--group more --exec',
    ],
  ])
  const words = random.pick(['', '-- -d', '-- one "two three"', '-- $OPTION', '-- "$A" "$B"'])
  const start = random.pick([
    `start-stop-daemon --start ${options} ${own} ${words}`,
    `start-stop-daemon -S ${options} ${own} ${words}`,
    `start-stop-daemon --start ${options} ${own} ${words}`,
    `${own} -D`,
    `daemon of ${name} && ${own}`,
    `start-stop-daemon ${options} ${own}`,
    `default_start`,
    `start-stop-daemon --start --quiet ${words}`,
  ])
  const message = `"Starting ${name}"`
  return random.pick([
    ['start() {', `\tebegin ${message}`, `\t${start}`, '\teend $?', '}'],
    ['start() {', `\tebegin ${message}`, `\t${start}`, '\teend $? "it failed"', '}'],
    ['start()', '{', `\t${start}`, '}'],
    ['start() {', '\teinfo text', '\tyesno "${WANTED:-yes}" || return 0', `\t${start} || return 1`, '\teoutdent', '}'],
    ['start() {', `\t${start}`, '\tlocal status=$?', '\teend $status', '}'],
  ])
}

function depend(random: Random, names: readonly string[]): readonly string[] {
  const other = () => random.pick([...names, ...names, 'none', 'net'])
  const kinds = ['need', 'use', 'want', 'after', 'before', 'provide', 'after']
  const lines = Array.from({length: 1 + random.below(3)}, () => {
    const kind = random.pick(kinds)
    return `\t${kind} ${kind === 'provide' ? random.pick(['net', 'virtual']) : other()}`
  })
  if (random.oneIn(8)) lines.push(random.pick(['\tkeyword -stop', '\tkeyword -docker -lxc', '\tafter *']))
  if (random.oneIn(12)) lines.push('\t[ -e /none ] && need none')
  return ['depend() {', ...lines, '}']
}
