import type {OptionGrammar} from './options.ts'

/** A program that does something and then becomes, or starts, the program that its arguments name. */
export interface Wrapper extends OptionGrammar {
  readonly names: readonly string[]
  /** Operands of its own before the program: `timeout 5 program`. */
  readonly operands?: number
  /** The operand that names the user it changes to: `gosu USER program`. */
  readonly user?: number
  /** Options that name the user. */
  readonly userOptions?: readonly string[]
  /** The program stands after `--`, wherever that is: `doppler run --config x -- program`. */
  readonly afterDashes?: boolean
  /** It looks its program up in PATH as Go's exec.LookPath does; as execvp(3) does where it is left out. */
  readonly search?: 'go'
  /** It starts a shell with the words as one text: `su user -c text`. */
  readonly shellOption?: string
  /** Options after which nothing starts. */
  readonly ends?: readonly string[]
  /** What it does cannot be followed, and why. */
  readonly opaque?: string
}

/** The programs that hand over to another, with their own command lines. From each one's source or manual. */
export const WRAPPERS: readonly Wrapper[] = [
  // krallin/tini src/tini.c: OPT_STRING
  {
    names: ['tini', 'tini-static', 'docker-init', 'tini-amd64', 'tini-arm64'],
    short: 'hvwgle:p:s',
    long: ['version'],
    ends: ['h', 'version'],
  },
  // Yelp/dumb-init dumb-init.c
  {
    names: ['dumb-init'],
    short: 'hvVcr:',
    long: ['help', 'verbose', 'version', 'single-child', 'rewrite='],
    ends: ['h', 'V', 'help', 'version'],
  },
  // openSUSE/catatonit catatonit.c
  {
    names: ['catatonit'],
    short: 'gPhLV',
    long: ['help', 'license', 'version'],
    ends: ['h', 'L', 'V', 'help', 'license', 'version'],
  },
  {names: ['pid1', 'minit', 'my_init', 'my-init'], afterDashes: true},
  // tianon/gosu main.go, ncopa/su-exec su-exec.c
  {names: ['gosu'], operands: 1, user: 0, search: 'go'},
  {names: ['su-exec', 'setuser'], operands: 1, user: 0},
  // util-linux
  {
    names: ['setpriv'],
    short: 'hVd',
    long: [
      'ambient-caps=',
      'apparmor-profile=',
      'bounding-set=',
      'clear-groups',
      'dump',
      'egid=',
      'euid=',
      'groups=',
      'help',
      'inh-caps=',
      'init-groups',
      'keep-groups',
      'landlock-access=',
      'landlock-rule=',
      'list-caps',
      'nnp',
      'no-new-privs',
      'pdeathsig=',
      'ptracer=',
      'regid=',
      'reset-env',
      'reuid=',
      'rgid=',
      'ruid=',
      'seccomp-filter=',
      'securebits=',
      'selinux-label=',
      'version',
    ],
    userOptions: ['reuid', 'euid'],
    ends: ['h', 'V', 'd', 'help', 'version', 'dump', 'list-caps'],
  },
  {
    names: ['setsid'],
    short: 'cfhVw',
    long: ['ctty', 'fork', 'help', 'version', 'wait'],
    ends: ['h', 'V', 'help', 'version'],
  },
  {
    names: ['ionice'],
    short: 'c:n:tp:P:u:hV',
    long: ['class=', 'classdata=', 'ignore', 'pid=', 'help', 'version'],
    ends: ['p', 'P', 'u', 'pid'],
  },
  {
    names: ['taskset'],
    short: 'acphV',
    long: ['all-tasks', 'cpu-list', 'pid', 'help', 'version'],
    operands: 1,
    ends: ['p', 'pid'],
  },
  {
    names: ['chrt'],
    short: 'abdefiormpRvT:P:D:hV',
    long: ['batch', 'fifo', 'idle', 'other', 'rr', 'reset-on-fork', 'verbose'],
    operands: 1,
    ends: ['p', 'm'],
  },
  {
    names: ['runuser', 'su'],
    short: 'c:fg:G:lmps:u:w:hVP',
    long: [
      'command=',
      'fast',
      'group=',
      'login',
      'preserve-environment',
      'session-command=',
      'shell=',
      'supp-group=',
      'user=',
      'pty',
    ],
    operands: 1,
    user: 0,
    userOptions: ['u', 'user'],
    shellOption: 'c',
  },
  {
    names: ['sudo', 'doas'],
    short: 'AbEeHKklnPSsVvi:u:g:C:D:h:p:R:r:T:t:U:',
    long: ['preserve-env', 'user=', 'group=', 'non-interactive', 'set-home', 'login', 'chdir='],
    userOptions: ['u', 'user'],
  },
  // GNU coreutils and busybox
  {names: ['nice'], short: 'n:0123456789', long: ['adjustment=', 'help', 'version'], ends: ['help', 'version']},
  {names: ['nohup'], long: ['help', 'version'], ends: ['help', 'version']},
  {
    names: ['timeout'],
    short: 'fk:ps:v',
    long: ['foreground', 'kill-after=', 'preserve-status', 'signal=', 'verbose', 'help', 'version'],
    operands: 1,
    ends: ['help', 'version'],
  },
  {
    names: ['stdbuf'],
    short: 'i:o:e:',
    long: ['input=', 'output=', 'error=', 'help', 'version'],
    ends: ['help', 'version'],
  },
  {names: ['unbuffer'], short: 'p'},
  {names: ['time'], short: 'af:o:pqvV', long: ['append', 'format=', 'output=', 'portability', 'quiet', 'verbose']},
  {names: ['chpst'], short: 'u:U:b:e:/:n:l:L:m:d:o:p:f:c:t:r:vP012', userOptions: ['u']},
  {names: ['softlimit'], short: 'a:c:d:f:l:m:o:p:r:s:t:'},
  {
    names: ['setarch', 'linux32', 'linux64', 'x86_64', 'i386'],
    short: 'BFILRSTXZv',
    long: ['addr-no-randomize', '3gb', 'verbose'],
  },
  {names: ['prlimit'], afterDashes: true},
  {names: ['strace', 'ltrace', 'valgrind', 'catchsegv', 'perf'], afterDashes: true},
  {names: ['chroot'], opaque: 'starts a program in another root directory'},
  {names: ['unshare', 'nsenter', 'bwrap'], opaque: 'starts a program in another namespace'},
  // kubernetes/release images/build/go-runner
  {names: ['go-runner'], single: true, long: ['log-file=', 'also-stdout', 'redirect-stderr'], search: 'go'},
  // just-containers/s6-overlay-helpers s6-overlay-suexec.c, skarnet execline and s6
  {names: ['s6-setuidgid', 's6-envuidgid'], operands: 1, user: 0},
  {names: ['s6-softlimit'], short: 'hHa:c:d:f:l:m:o:p:r:s:t:'},
  {names: ['s6-envdir'], short: 'inL:fc', operands: 1},
  {names: ['execlineb'], opaque: 'runs an execline script, and what is in it is not followed'},
  {names: ['s6-svscan'], opaque: 'starts the services of its directory'},
  {names: ['with-contenv'], short: '', long: []},
  {
    names: [
      'dbus-run-session',
      'xvfb-run',
      'doppler',
      'chamber',
      'infisical',
      'op',
      'aws-vault',
      'teller',
      'envconsul',
      'vault-env',
    ],
    afterDashes: true,
  },
  {names: ['fixuid', 'fakeroot', 'secrets-init', 'dotenvx', 'entrypoint-wrapper'], long: [], short: 'q'},
  {names: ['supervisord'], opaque: 'starts the programs of its configuration'},
  {names: ['runsvdir', 'runsvdir-start', 'runit', 'runit-init'], opaque: 'starts the services of its directory'},
  {names: ['systemd', 'openrc-init', 'launcher'], opaque: 'starts what its configuration says'},
]

/** The wrapper that is known by a name. */
export function findWrapper(name: string): Wrapper | undefined {
  return WRAPPERS.find(({names}) => names.includes(name))
}
