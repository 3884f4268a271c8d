/**
 * A program that runs a file which its arguments name. Options that are not listed end the search: nothing is guessed.
 */
export interface Interpreter {
  /** Whole names, or beginnings that a version may follow: `python` for python3.12. */
  readonly names: readonly string[]
  readonly versioned?: boolean
  /** Options without argument. */
  readonly flags: readonly string[]
  /** Options whose argument is the next word, unless `=` or (for one letter) something is attached. */
  readonly values: readonly string[]
  /** Options that take their argument attached only: `-Xmx1g`, `-Dname`, `--name=value`. */
  readonly prefixes: readonly string[]
  /** Options that name the file. */
  readonly file?: readonly string[]
  /** Without such an option the first operand is the file. */
  readonly operand: boolean
  /** What else a name may stand for: `server` for server.js. */
  readonly candidates?: (path: string) => readonly string[]
  /** An option with its value attached, whatever its name. */
  readonly attached?: RegExp
  /** Options whose value it takes only behind an equals sign: without one it ends with an error. */
  readonly wantsEquals?: readonly string[]
  /** Options that name the directory it changes to first. */
  readonly directory?: readonly string[]
  /** Operands that are not files: `dotnet run`. */
  readonly isFile?: (operand: string) => boolean
}

const all = (letters: string): string[] => [...letters].map(letter => `-${letter}`)

/** From the manual of each; the options of Node as node 24.19 takes them. */
export const INTERPRETERS: readonly Interpreter[] = [
  {
    names: ['node', 'nodejs'],
    flags: [
      '--enable-source-maps',
      '--no-warnings',
      '--trace-warnings',
      '--trace-uncaught',
      '--trace-deprecation',
      '--no-deprecation',
      '--expose-gc',
      '--expose_gc',
      '--experimental-vm-modules',
      '--experimental-strip-types',
      '--preserve-symlinks',
      '--inspect',
      '--inspect-brk',
      '--abort-on-uncaught-exception',
      '--use-openssl-ca',
      '--harmony',
      '--optimize-for-size',
      '--insecure-http-parser',
      '--experimental-modules',
      '--experimental-json-modules',
      '--experimental-fetch',
      '--watch',
      ...['--openssl-legacy-provider', '--openssl-shared-config', '--use-bundled-ca', '--use-system-ca'],
      ...['--use-env-proxy', '--tls-min-v1.0', '--tls-min-v1.1', '--tls-min-v1.2', '--tls-min-v1.3'],
      ...['--tls-max-v1.2', '--tls-max-v1.3'],
    ],
    values: [
      ...['-r', '--require', '--import', '--loader', '--experimental-loader', '-C', '--conditions', '--title'],
      ...['--env-file', '--env-file-if-exists', '--icu-data-dir', '--max-http-header-size', '--disable-warning'],
      ...['--disable-proto', '--unhandled-rejections', '--dns-result-order', '--v8-pool-size', '--tls-cipher-list'],
      ...['--tls-keylog', '--openssl-config', '--secure-heap', '--secure-heap-min', '--report-dir', '--report-signal'],
      ...['--report-directory', '--report-filename', '--diagnostic-dir', '--redirect-warnings', '--inspect-port'],
      ...['--debug-port', '--heapsnapshot-signal', '--trace-event-categories', '--localstorage-file'],
      ...['--network-family-autoselection-attempt-timeout', '--max-old-space-size-percentage'],
    ],
    prefixes: [],
    // An option may always have its value attached; these run no file, or not the first operand.
    attached: /^--(?!eval=|print=|run=|test|check|build-snapshot|experimental-sea-config)[a-z][\w-]*=/,
    // Those of V8: "illegal value for flag", exit code 9.
    wantsEquals: ['--max-old-space-size', '--max-semi-space-size', '--stack-size', '--stack-trace-limit'],
    isFile: operand => operand !== 'inspect' && operand !== 'debug',
    operand: true,
    // lib/internal/modules/cjs/loader.js: the main entry is resolved as require() would.
    candidates: path => [
      path,
      ...['.js', '.json', '.node', '.cjs', '.mjs', '/package.json', '/index.js', '/index.json', '/index.node'].map(
        end => path + end,
      ),
    ],
  },
  {
    names: ['python', 'pypy'],
    versioned: true,
    flags: [...all('bBdEiIOqPRsSuvx'), '-OO', '-bb', '-vv'],
    values: ['-W', '-X'],
    prefixes: ['-W', '-X', '--check-hash-based-pycs='],
    operand: true,
  },
  {
    names: ['java'],
    flags: [
      '-server',
      '-client',
      '-ea',
      '-esa',
      '-da',
      '-enableassertions',
      '-showversion',
      '--show-version',
      '--enable-preview',
      '-Xint',
      '-Xshare:auto',
      '-d64',
      '-verbose',
    ],
    values: [
      '-cp',
      '-classpath',
      '--class-path',
      '-p',
      '--module-path',
      '--add-opens',
      '--add-exports',
      '--add-reads',
      '--add-modules',
      '--limit-modules',
      '--upgrade-module-path',
      '--patch-module',
      '--enable-native-access',
      '--illegal-native-access',
      '--sun-misc-unsafe-memory-access',
    ],
    prefixes: [
      '-D',
      '-X',
      '-ea:',
      '-da:',
      '-javaagent:',
      '-agentlib:',
      '-agentpath:',
      '-verbose:',
      '--add-',
      '--patch-module=',
      '--enable-native-access=',
      '--finalization=',
      '--illegal-',
      '--module-path=',
      '--class-path=',
      '--sun-misc-',
    ],
    file: ['-jar'],
    operand: false,
  },
  {
    names: ['php', 'php-cgi'],
    versioned: true,
    flags: all('aCeHnqsw'),
    values: ['-d', '-c', '-z'],
    prefixes: ['-d', '-c', '-z'],
    file: ['-f', '-F'],
    operand: true,
  },
  {
    names: ['ruby', 'jruby', 'truffleruby'],
    versioned: true,
    flags: [...all('dlnpsvwWau'), '--yjit', '--jit', '--verbose', '--disable-gems'],
    values: ['-I', '-r', '-E', '--encoding'],
    prefixes: ['-I', '-r', '-W', '-E', '-T', '-K', '--enable=', '--disable=', '--encoding='],
    directory: ['-C', '-X'],
    operand: true,
  },
  {
    names: ['perl'],
    versioned: true,
    flags: all('acfnpstTuUwWX'),
    values: ['-I'],
    prefixes: ['-I', '-M', '-m', '-C', '-D', '-l', '-0'],
    operand: true,
  },
  {
    names: ['dotnet'],
    flags: ['exec'],
    values: [
      '--fx-version',
      '--roll-forward',
      '--additionalprobingpath',
      '--depsfile',
      '--runtimeconfig',
      '--additional-deps',
      '--roll-forward-on-no-candidate-fx',
    ],
    prefixes: [],
    operand: true,
    isFile: operand => /\.(dll|exe)$/i.test(operand),
  },
  {
    names: ['Rscript'],
    flags: ['--vanilla', '--no-save', '--no-environ', '--no-init-file', '--verbose', '--slave'],
    values: [],
    prefixes: ['--default-packages='],
    operand: true,
  },
  {names: ['lua', 'luajit'], versioned: true, flags: ['-E', '-W'], values: ['-l'], prefixes: ['-l'], operand: true},
  {names: ['tclsh', 'wish'], versioned: true, flags: [], values: ['-encoding'], prefixes: [], operand: true},
]
