import type {Random} from '../kernel/random.ts'

/** What a wrapper's manual says of its command line, as words that can be put together. */
export interface Manual {
  readonly name: string
  /** Each with its argument, as it may be written. */
  readonly options?: readonly (readonly string[])[]
  /** Options that it does not have, or not so. */
  readonly wrong?: readonly (readonly string[])[]
  /** What must stand before the program; one of these. */
  readonly operands?: readonly (readonly string[])[]
  /** It is for root only, or behaves otherwise for others. */
  readonly rootOnly?: boolean
}

const words = (...texts: readonly string[]) => texts.map(text => text.split(' ').filter(word => word !== ''))
const USERS = words('svc', 'root', 'odd', 'nosuch', '1000', '1500', '0', 'svc:more', '1000:1000', ':2000')

/** The command lines of wrappers as their manuals have them: Debian bookworm's versions. */
export const MANUALS: readonly Manual[] = [
  {
    name: 'tini',
    options: words('-s', '-g', '-w', '-v', '-vvv', '-gs', '-e 143', '-e143', '-p SIGTERM', '-pSIGKILL', '-gse 7'),
    wrong: words('-p TERM', '-e 256', '-x', '--init', '-h', '-l'),
  },
  {name: 'tini-static', options: words('-s', '-g'), wrong: words('-q')},
  {
    name: 'dumb-init',
    options: words(
      '-v',
      '-c',
      '-vc',
      '-r 15:2',
      '-r15:2',
      '--rewrite 15:2',
      '--rewrite=15:2',
      '--single-child',
      '--verb',
    ),
    wrong: words('-x', '--nosuch', '-V', '--version', '-h', '--help'),
  },
  {name: 'catatonit', options: words('-g'), wrong: words('-x', '-L', '-V', '--version', '--nosuch')},
  {name: 'gosu', operands: USERS, wrong: words('--version', '-x'), rootOnly: true},
  {
    name: 'setpriv',
    options: words(
      ...['--no-new-privs', '--nnp', '--clear-groups', '--init-groups --reuid svc', '--reuid=svc --clear-groups'],
      ...['--reuid 1000 --regid 1000 --clear-groups', '--regid=more --keep-groups', '--reset-env', '-d'],
      ...[
        '--groups 2000',
        '--inh-caps=-all',
        '--ruid=svc',
        '--euid 1000',
        '--rgid=svc --clear-groups',
        '--pdeathsig keep',
      ],
    ),
    wrong: words('--regid=svc', '--reuid=nosuch', '--nosuch', '-x', '--init-groups', '--reuid'),
    rootOnly: true,
  },
  {name: 'setsid', options: words('-w', '--wait', '-c -w', '-fw', '--fork --wait'), wrong: words('-x', '-V', '-h')},
  {
    name: 'ionice',
    options: words('-c 3', '-c3', '-c best-effort -n 5', '-t', '--class idle', '--classdata=4', '-c 2 -n 0 -t'),
    wrong: words('-x', '--nosuch', '-c nosuch'),
  },
  {
    name: 'taskset',
    options: words('-a', '--all-tasks', ''),
    operands: words('1', '0x1', '-c 0', '--cpu-list 0'),
    wrong: words('-x', '-V'),
  },
  {
    name: 'chrt',
    options: words('-v', '-o', '-b', '-i', '--other', '--batch', '--verbose'),
    operands: words('0'),
    wrong: words('-x', '-m', '--nosuch'),
  },
  {
    name: 'runuser',
    options: words('-u svc', '-u svc --', '--user=svc', '-u root', '-m -u svc'),
    wrong: words('-u nosuch', '-x', '-l -u svc'),
    rootOnly: true,
  },
  {
    name: 'su',
    options: words(
      'svc -c',
      '-c',
      '-m svc -c',
      'svc -s /bin/sh -c',
      '- svc -c',
      '-l svc -c',
      '-s /bin/bash svc -c',
      '-P svc -c',
    ),
    wrong: words('nosuch -c', '-x', 'svc', 'odd -c'),
    rootOnly: true,
  },
  {
    name: 'sudo',
    options: words(
      '-u svc',
      '-n',
      '-E',
      '-u #1000',
      '-u #1500',
      '-H',
      '-H -u svc',
      '-g more',
      'A=b',
      '-S',
      '-b',
      '-D /srv',
      '-i',
      '-i -u svc',
      '-s',
      '-s -u svc',
      '--user=svc',
      '--set-home',
      '--preserve-env=A',
      '--non-interactive',
    ),
    wrong: words('-u nosuch', '-x', '-l', '-V', '-v', '-k', '--nosuch'),
    rootOnly: true,
  },
  {name: 'doas', options: words('-u svc', '-n', '-u root'), wrong: words('-u nosuch', '-x'), rootOnly: true},
  {
    name: 'nice',
    options: words('-n 5', '-n5', '-5', '--adjustment=5', '--adjustment 5', '-n -5'),
    wrong: words('-x', '-n x', '--nosuch', '--version'),
  },
  {name: 'nohup', wrong: words('-x', '--help')},
  {
    name: 'timeout',
    options: words(
      '-k 5',
      '-k5',
      '-s KILL',
      '-sTERM',
      '--foreground',
      '--preserve-status',
      '-v',
      '--signal=INT',
      '--kill-after 3',
      '--kill-after=3s',
    ),
    operands: words('10', '1m', '0', '2.5s'),
    wrong: words('-x', '--nosuch', '-s NOSUCH', '--version'),
  },
  {
    name: 'stdbuf',
    options: words('-o0', '-oL', '-i0', '-e 0', '--output=L', '-o 4K', '--error L -o0'),
    wrong: words('-x', '-o Q', '--help', '-iL'),
  },
  {
    name: 'env',
    options: words(
      '-i PATH=/opt/bin:/bin',
      'A=b',
      '-u A',
      '--unset=A',
      '-C /srv',
      '--chdir=/srv',
      '-',
      '-v',
      '-S',
      '--',
      '--ignore-signal',
    ),
    wrong: words('-x', '--nosuch', '--version', '-0'),
  },
  {
    name: 'time',
    options: words('-p', '-v', '-f %e', '-o /tmp/t', '--format=%e', '-a -o /tmp/t', '-q'),
    wrong: words('-x', '--nosuch', '-V'),
  },
  {
    name: 'chpst',
    options: words(
      '-u svc',
      '-u svc:more',
      '-u :1000:1000',
      '-U svc',
      '-e /opt/env',
      '-n 3',
      '-P',
      '-0',
      '-1',
      '-2',
      '-m 900000000',
      '-o 64',
      '-b name',
      '-/ /',
    ),
    wrong: words('-u nosuch', '-x', '-u 1000'),
    rootOnly: true,
  },
  {name: 'softlimit', options: words('-o 64', '-o64', '-c 0', '-m 900000000'), wrong: words('-x')},
  {name: 'envdir', operands: words('/opt/env', ''), wrong: words('-x')},
  {name: 'setuidgid', operands: words('svc', 'root', 'nosuch', '1000'), rootOnly: true},
  {name: 'envuidgid', operands: words('svc', 'root', 'nosuch')},
  {
    name: 'setlock',
    options: words('-n', '-N', '-x', '-X', '-nx'),
    operands: words('/tmp/lock'),
    wrong: words('-q'),
  },
  {name: 'pgrphack'},
  {name: 'fghack'},
  {
    name: 'setarch',
    options: words('-R', '-v', '-L', '--addr-no-randomize'),
    operands: words('x86_64', 'linux64', 'i686', 'nosuch'),
    wrong: words('-x'),
  },
  {name: 'linux32', options: words('-R', '-v', '--3gb'), wrong: words('-x', '--nosuch')},
  {name: 'linux64', options: words('-R')},
  {name: 'x86_64', options: words('-R')},
  {
    name: 'prlimit',
    options: words(
      '-n64',
      '-n=64',
      '--nofile=64',
      '-c0',
      '--core=0',
      '-v',
      '--nofile',
      '--stack=8388608',
      '-s8388608:8388608',
    ),
    wrong: words('-n 64', '-x', '--nosuch', '-V'),
  },
  {name: 'choom', options: words('-n 100', '-n100', '--adjust 100', '-n 0'), wrong: words('-x', '')},
  {
    name: 'flock',
    options: words(
      '-n',
      '-x',
      '-s',
      '-e',
      '-w 5',
      '--timeout 5',
      '--nonblock',
      '-E 3',
      '--verbose',
      '-o',
      '-F',
      '--no-fork',
    ),
    operands: words('/tmp/lock', '/tmp'),
    wrong: words('-q', '--nosuch', '-V'),
  },
  {
    name: 'numactl',
    options: words('--interleave=all', '-i all', '-l', '--localalloc', '-C 0', '--physcpubind=0', '-N 0', '-m 0'),
    wrong: words('-x', '--nosuch'),
  },
  {
    name: 'faketime',
    options: words('-m', '-f +1d'),
    operands: words('2020-01-01'),
    wrong: words('-x', '-q'),
  },
  {
    name: 'start-stop-daemon',
    options: words(
      '--start',
      '-S',
      '--chuid svc',
      '-c svc',
      '--chdir /srv',
      '-d /srv',
      '--verbose',
      '-v',
      '--quiet',
      '-q',
      '--oknodo',
      '--make-pidfile --pidfile /tmp/p',
      '--umask 022',
      '--nicelevel 5',
      '-g 1000',
    ),
    operands: words(
      '--start --exec',
      '--start -x',
      '--start --startas',
      '--start --name nosuch --startas',
      '-S -x',
      '--start --user svc --startas',
      '--exec',
    ),
    wrong: words('--nosuch', '--chuid nosuch', '-V'),
    rootOnly: true,
  },
  {
    name: 'capsh',
    options: words(
      '--',
      '--user=svc --',
      '--drop=cap_net_raw --',
      '--print --',
      '--uid=1000 --',
      '--shell=/opt/bin/shell --',
    ),
    wrong: words('--nosuch', ''),
  },
  {name: 's6-setuidgid', operands: USERS, wrong: words('-x'), rootOnly: true},
  {
    name: 's6-envuidgid',
    options: words('-u', '-B'),
    operands: words('svc', 'root', 'nosuch', '1000:1000'),
    wrong: words('-x'),
  },
  {
    name: 's6-applyuidgid',
    options: words('-u 1000', '-g 1000', '-u 1000 -g 1000 -G 2000', '-z'),
    wrong: words('-x', '-u svc'),
    rootOnly: true,
  },
  {name: 's6-softlimit', options: words('-o 64', '-c 0', '-h', '-o64'), wrong: words('-x', '-q')},
  {
    name: 's6-envdir',
    options: words('-I', '-i', '-f', '-n'),
    operands: words('/opt/env'),
    wrong: words('-x'),
  },
  {name: 's6-setsid', options: words('-s', '-b', '-g', '-i', '-I', '-q'), wrong: words('-x')},
  {
    name: 's6-setlock',
    options: words('-n', '-N', '-t 100', '-w', '-r'),
    operands: words('/tmp/lock'),
    wrong: words('-x'),
  },
  {name: 's6-fghack'},
  {name: 'unshare', options: words('-u', '--uts', '-i', '-m'), wrong: words('-x', '--nosuch')},
  {name: 'nsenter', options: words('-t 1 -u', ''), wrong: words('-x')},
  {
    name: 'chroot',
    options: words('--userspec=svc', '--skip-chdir', '--groups=2000'),
    operands: words('/', '/nosuch'),
    wrong: words('--nosuch'),
  },
  {name: 'eatmydata'},
  {name: 'unbuffer', options: words('-p'), wrong: words('-x')},
  {
    name: 'script',
    options: words('-q', '-e', '-a', '-f', '--quiet', '--return'),
    operands: words('-c app', '-c app /dev/null', '/dev/null -c app', '--command=app', '-qec app'),
    wrong: words('-x', '--nosuch', '-V'),
  },
  {name: 'dbus-run-session', options: words('--'), wrong: words('--nosuch', '-x', '--version')},
  {
    name: 'busybox',
    operands: words(
      'env',
      'nice',
      'timeout 5',
      'setsid',
      'nohup',
      'sh -c',
      'xargs',
      'time',
      'chpst -u svc',
      'setuidgid svc',
      'softlimit -o 64',
      'envdir /opt/env',
      'taskset 1',
      'chrt -o 0',
      'ionice -c 3',
      'setpriv',
      'start-stop-daemon -S -x',
      'su svc -c',
      'flock /tmp/lock',
      'unshare',
      'linux64',
      'stdbuf',
      'nosuch',
      '',
    ),
  },
  {name: 'sg', operands: words('more', 'more -c', 'nosuch')},
  {name: 'rbash', operands: words('-c')},
  {
    name: 'bash',
    operands: words(
      '-c',
      '-lc',
      '-ec',
      '-l -c',
      '-i -c',
      '--login -c',
      '-x -c',
      '-o pipefail -c',
      '--norc -c',
      '+e -c',
      '-O extglob -c',
      '--noprofile -lc',
      '--nosuch -c',
    ),
  },
  {name: 'dash', operands: words('-c', '-lc', '-ec', '-x -c', '-o errexit -c', '+e -c', '-i -c', '-l', '--nosuch -c')},
]

const PROGRAMS: readonly (readonly string[])[] = [
  ['app'],
  ['app', 'one', 'two'],
  ['/opt/bin/app', 'one'],
  ['./here'],
  ['svc-only'],
  ['root-only'],
  ['group-only'],
  ['foreign'],
  ['text'],
  ['/opt/bin/text', 'x'],
  ['shebang'],
  ['plain'],
  ['missing'],
  ['/opt/bin/missing'],
  ['cat'],
  ['sh', '-c', 'exec $HOME/own'],
  ['sh', '-c', 'exec app from sh'],
  ['env', 'app'],
]

export interface CommandLine {
  readonly argv: readonly string[]
  /** Without a program most wrappers end with an error; an image may leave it to whoever starts the container. */
  readonly namesProgram: boolean
}

/** A command line for a wrapper: its options, sometimes wrong ones or none, `--`, and a program with arguments. */
export function makeCommandLine(random: Random, manual: Manual): CommandLine {
  const {name, options = [], wrong = [], operands = []} = manual
  const chosen: string[] = []
  const pick = (list: readonly (readonly string[])[]) => list[random.below(list.length)] ?? []
  for (let left = random.below(3); left > 0 && options.length > 0; left--) chosen.push(...pick(options))
  if (wrong.length > 0 && random.oneIn(8)) chosen.push(...pick(wrong))
  const dashes = random.oneIn(8) ? ['--'] : []
  const own = operands.length > 0 && !random.oneIn(25) ? pick(operands) : []
  const more = random.oneIn(16) ? ['--'] : []
  const program = [...pick(PROGRAMS)]
  // Options that come late: some programs take them for their own.
  if (options.length > 0 && random.oneIn(7)) program.push(...pick(options))
  if (wrong.length > 0 && random.oneIn(25)) program.push(...pick(wrong))
  if (random.oneIn(33)) program.length = 0
  const takesText = /(^|\s)(-c|-lc|-ec|-S)$/.test([...chosen, ...own].join(' '))
  const last = takesText && !random.oneIn(5) ? [program.join(' ')] : program
  const namesProgram = program.length > 0 && (operands.length === 0 || own.length > 0)
  return {argv: [name, ...chosen, ...dashes, ...own, ...more, ...last], namesProgram}
}
