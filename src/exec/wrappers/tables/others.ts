import type {Wrapper} from '../wrapper.ts'

const POLICY = /^([ilmpPw]|interleave|localalloc|membind|preferred|preferred-many|weighted-interleave)$/

/** What is not of a family. */
export const OTHERS: readonly Wrapper[] = [
  // numactl.c: getopt_long with `+`
  {
    names: ['numactl'],
    becomes: true,
    short: 'ahHi:p:P:w:c:N:C:m:M:b:lL:o:f:S:trTsvVu',
    long: [
      ...['all', 'interleave=', 'preferred=', 'preferred-many=', 'weighted-interleave=', 'cpubind=', 'cpunodebind='],
      ...['physcpubind=', 'membind=', 'localalloc', 'balancing', 'hardware', 'show', 'strict', 'shm=', 'file='],
      ...['offset=', 'length=', 'shmmode=', 'huge', 'touch', 'verify', 'version'],
    ],
    ends: ['s', 'H', 'show', 'hardware', 'V', 'version'],
    refuses: options =>
      options.filter(([name]) => POLICY.test(name)).length > 1
        ? 'of the options for a policy only one may stand'
        : undefined,
  },
  // wolfcw/libfaketime src/faketime.c: its own loop, `-f` is a flag
  {
    names: ['faketime'],
    short: 'mfp:hv',
    long: ['exclude-monotonic', 'help', 'version', 'date-prog=', 'disable-shm'],
    operands: 1,
    unsureOfDashes: true,
    refuses: (_, [time]) =>
      time === undefined || /[\d\s]|^(now|today|tomorrow|yesterday)$/.test(time)
        ? undefined
        : `it takes ${JSON.stringify(time)} for a time`,
    ends: ['h', 'v', 'help', 'version'],
  },
  {
    names: ['dbus-run-session'],
    short: '',
    long: ['config-file=', 'dbus-daemon=', 'help', 'version'],
    ends: ['help', 'version'],
  },
  {names: ['strace', 'ltrace', 'valgrind', 'catchsegv', 'perf'], afterDashes: true},
  {
    names: ['doppler', 'chamber', 'infisical', 'op', 'aws-vault', 'teller', 'envconsul', 'vault-env'],
    afterDashes: true,
  },
  // Without `--` they do what else their words say, or start a text.
  {names: ['dotenvx', 'berglas', 'vals', 'bws', 'varlock', 'wait4x'], afterDashes: true, alone: true},
  {names: ['gomplate'], afterDashes: true, alone: true, makesFiles: () => true},
  // jwilder/dockerize main.go, powerman/dockerize main.go: Go's flag package
  {
    names: ['dockerize'],
    single: true,
    long: [
      ...['version', 'no-overwrite', 'poll', 'wait=', 'wait-http-header=', 'timeout=', 'wait-retry-interval='],
      ...['template=', 'template-strict', 'stdout=', 'stderr=', 'delims=', 'env=', 'env-section=', 'env-header='],
      ...['exit-code=', 'multiline', 'skip-tls-verify', 'skip-redirect', 'wait-http-skip-tls-verify', 'cacert='],
      ...['wait-http-status-code=', 'wait-list=', 'wait-http-skip-redirect'],
    ],
    ends: ['version'],
    search: 'go',
    alone: true,
    makesFiles: argv => argv.some(word => /^--?template\b/.test(word)),
  },
  // aws/aws-lambda-runtime-interface-emulator cmd/aws-lambda-rie: starts what Lambda itself would, for the first event
  {
    names: ['aws-lambda-rie', 'aws-lambda-rie-x86_64', 'aws-lambda-rie-arm64'],
    long: ['log-level=', 'enable-init-caching', 'runtime-api-address=', 'runtime-interface-emulator-address='],
    search: 'go',
    alone: true,
  },
  // hanslub42/rlwrap src/main.c: getopt_long with `+`
  {
    names: ['rlwrap'],
    short: 'a::A::b:cC:d::D:e:Ef:F:g:hH:iIl:nNM:m::oO:p::P:q:rRs:S:t:TUvw:WXz:',
    long: [
      ...[
        'always-readline[=]',
        'ansi-colour-aware[=]',
        'break-chars=',
        'complete-filenames',
        'command-name=',
        'debug[=]',
      ],
      ...['history-no-dupes=', 'extra-char-after-completion=', 'always-echo', 'file=', 'history-format='],
      ...['forget-matching=', 'help', 'history-filename=', 'case-insensitive', 'pass-sigint-as-sigterm', 'logfile='],
      ...[
        'no-warnings',
        'no-children',
        'multi-line-ext=',
        'multi-line[=]',
        'one-shot',
        'only-cook=',
        'prompt-colour[=]',
      ],
      ...['pre-given=', 'quote-characters=', 'remember', 'renice', 'histsize=', 'substitute-prompt='],
      ...['set-terminal-name=', 'test-terminal', 'mirror-arguments', 'version', 'wait-before-prompt=', 'polling'],
      ...['skip-setctty', 'filter='],
    ],
    ends: ['h', 'help', 'v', 'version', 'T', 'test-terminal'],
    refuses: options => {
      const names = options.map(([name]) => name)
      const files = names.findIndex(name => name === 'f' || name === 'file')
      const folds = names.findLastIndex(name => name === 'i' || name === 'case-insensitive')
      return files >= 0 && files < folds ? 'its option -i must stand before -f' : undefined
    },
  },
  // bmc/daemonize daemonize.c: execve of an absolute path, in the background
  {
    names: ['daemonize'],
    short: 'ac:e:E:l:o:p:u:v',
    userOptions: ['u'],
    userForm: 'name',
    refusesText: true,
    background: true,
    directory: {option: 'c', otherwise: '/'},
    refuses: (_, [program]) =>
      program === undefined || program.startsWith('/') ? undefined : `${program} is not an absolute path`,
  },
  // Not measured without a program: fixuid prints variables then, fakeroot starts a shell.
  {names: ['fixuid', 'fakeroot', 'secrets-init', 'entrypoint-wrapper'], long: [], short: 'q', alone: true},
]
