import type {MemoryTree} from '../../../__tests__/support/memory-rootfs.ts'
import type {Random} from '../../kernel/random.ts'

/** A configuration, and how supervisord is started with it. */
export interface SupervisordCase {
  readonly files: MemoryTree
  readonly argv: readonly string[]
  readonly uid: number
}

const COMMANDS = [
  ...['app', 'app -x', 'one "a b" c\\ d', "two 'x;y' $HOME", '/opt/bin/app a && one', 'fails', 'foreign', 'text'],
  ...['plain', 'none', '/opt/none', './here', 'sub/here', 'dir', 'svc-only', 'root-only', "''", '""', '"app" ""'],
  ...['sh -c \'exec app "$A" "$B"\'', "sh -c 'exec one $SUPERVISOR_PROCESS_NAME $SUPERVISOR_GROUP_NAME'"],
  ...['app ; comment', 'app a;b', 'app # comment', 'app a#b', 'app "a ; b"', 'app 100%%', 'app =x: y', 'app \\"'],
  ...['app %(program_name)s %(group_name)s', 'app %(here)s', 'app %(ENV_A)s', '%(ENV_OPT)s/app', 'app %(process_num)d'],
  ...['app %(process_num)03d %(numprocs)s', 'app %(program_name)10s|%(program_name)-5s|', 'shebang a', 'env app x'],
  ...['app\n  -continued\n\n  "and more"', 'app\n ; -comment\n -x', 'here', "app 'it'\"'\"'s'", 'app "\\a\\\\"'],
]

/** What supervisord does not take, each with its own reason. */
const BAD = [
  ...['autostart=perhaps', 'numprocs=two', 'numprocs=2\nprocess_name=x', 'command=app 100%', 'command=app %(x)s'],
  ...['stopsignal=NONE', 'user=nosuch', 'user=4242', 'exitcodes=0,300', 'stdout_logfile=/none/x.log', 'umask=9'],
  ...['environment=A', 'environment=A=1 B=2,', 'environment=A="x', 'process_name=a b', 'autorestart=never'],
  ...['stopasgroup=true\nkillasgroup=false', 'command=app %d', 'nonsense', 'command', 'priority=', 'startsecs=1.5'],
  ...['stderr_logfile_maxbytes=1XB', 'redirect_stderr=2', 'command=app %(process_num)q', 'command=app %(here)d'],
]

const GOOD = [
  ...[
    'autostart=true',
    'autostart=no',
    'autostart = OFF',
    'directory=/srv/sub',
    'directory=/none',
    'directory=/opt/bin',
  ],
  ...['user=svc', 'user=1000', 'user=root', 'environment=A="two words",B=x', "environment=A=1,PATH='/srv:/opt/bin'"],
  ...[
    'environment=A="%(program_name)s",B="%(ENV_A)s"',
    'stopsignal=sigint',
    'exitcodes=0, 2',
    'umask=022',
    'priority=5',
  ],
  ...[
    'environment=A=%(process_num)d',
    'stdout_logfile=/dev/null',
    'stdout_logfile=NONE',
    'stdout_logfile=/tmp/%(program_name)s',
  ],
  ...[
    'numprocs=2\nprocess_name=%(program_name)s_%(process_num)02d',
    'numprocs=1\nnumprocs_start=7',
    'Command=one twice',
  ],
  ...['process_name=other', '  # indented comment', 'x = y', 'environment=', 'numprocs=0', 'startsecs=0', 'umask=0o27'],
  ...['environment=A=a#b,C', 'environment=A=(x):/-.+,B="q\'q"', 'environment=A = b', 'stopasgroup=1'],
]

/** A random configuration, with files that it includes. */
export function makeSupervisordCase(random: Random): SupervisordCase {
  const isBad = random.oneIn(5)
  const count = 1 + random.below(4)
  const sections = Array.from({length: count}, (_, index) => makeSection(random, 'abcd'[index] ?? 'x'))
  if (isBad) sections[random.below(count)] += `${random.pick(BAD)}\n`
  if (random.oneIn(4)) sections.push(`[group:g]\nprograms=a${random.oneIn(3) ? ', b' : ''}\n`)
  if (random.oneIn(8)) sections.push(`[DEFAULT]\n${random.pick(GOOD)}\n`)
  const included = random.oneIn(3) ? sections.splice(random.below(sections.length), 1) : []
  const head = [
    '[supervisord]\nlogfile=/tmp/supervisord.log\npidfile=/tmp/supervisord.pid\nchildlogdir=/tmp\n',
    random.oneIn(3) ? '' : 'nodaemon=true\n',
    random.oneIn(4)
      ? `environment=${random.pick(['A=1', 'A="x y",OWN=2', 'PATH="/srv:%(ENV_PATH)s"', 'A="50%%%%"'])}\n`
      : '',
    random.oneIn(6) ? `user=${random.pick(['svc', 'root', '0'])}\n` : '',
    random.oneIn(3) ? `[include]\nfiles = ${random.pick(PATTERNS)}\n` : '',
  ]
  // It stays until somebody ends it: here its last program, once all have been started.
  sections.push(
    '[program:zz]\nprocess_name=zz\ncommand=/bin/sh -c "sleep 1; kill 1"\npriority=9999\nenvironment=\nuser=root\nnumprocs=1\nstdout_logfile=/dev/null\n',
  )
  const own = random.oneIn(25) ? sections : [head.join(''), ...sections]
  const isNamed = random.oneIn(2)
  const place = isNamed ? '/etc/own/x.conf' : random.pick(PLACES)
  const directory = place.slice(0, place.lastIndexOf('/'))
  return {
    files: {
      [place]: lines(random, own.join(random.oneIn(2) ? '\n' : '')),
      ...(included.length > 0 ? {[`${directory}/conf.d/${random.pick(NAMES)}`]: lines(random, included.join(''))} : {}),
    },
    argv: [
      '/usr/bin/supervisord',
      ...(isNamed ? ['-c', place] : []),
      '-n',
      ...(random.oneIn(12) ? random.pick(WORDS) : []),
    ],
    uid: random.oneIn(6) ? 1000 : 0,
  }
}

const PLACES = [
  '/etc/supervisord.conf',
  '/etc/supervisor/supervisord.conf',
  '/srv/supervisord.conf',
  '/srv/etc/supervisord.conf',
]
const PATTERNS = [
  'conf.d/*.conf',
  'conf.d/[!b]*',
  'none.conf conf.d/?.conf',
  '%(here)s/conf.d/*',
  'conf.d/*.ini\n  /none/*',
  '%(x)s',
]
const NAMES = ['a.conf', 'b.conf', '.hidden.conf', 'x.ini', 'long.conf']
const WORDS = [
  ['-x'],
  ['extra'],
  ['-u', 'svc'],
  ['-u', 'nosuch'],
  ['-d', '/tmp'],
  ['-d', '/none'],
  ['-v'],
  ['--logfile=/none/x'],
  ['-l'],
]

function makeSection(random: Random, name: string): string {
  const kind = random.oneIn(10) ? random.pick(['eventlistener', 'fcgi-program']) : 'program'
  const needs = {
    eventlistener: 'events=TICK_60\n',
    'fcgi-program': 'socket=unix:///tmp/%(program_name)s.sock\n',
    program: '',
  }
  const options = Array.from({length: random.below(4)}, () => `${random.pick(GOOD)}\n`)
  const fixed = `autorestart=false\nstartretries=0\n${kind === 'eventlistener' ? needs.eventlistener : ''}`
  const own = kind === 'fcgi-program' ? needs['fcgi-program'] : ''
  const separator = random.pick(['=', ' = ', ': ', '='])
  return `[${kind}:${name}]${random.oneIn(9) ? ' ; text' : ''}\n${fixed}${own}command${separator}${random.pick(COMMANDS)}\n${options.join('')}`
}

/** Now and then with the line ends of DOS. */
function lines(random: Random, text: string): string {
  return random.oneIn(12) ? text.replaceAll('\n', '\r\n') : text
}
