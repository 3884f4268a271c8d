import type {Caller, Handover} from './handover.ts'

/**
 * A program that runs a file which its arguments name. Options that are not listed end the search: nothing is guessed.
 */
interface Interpreter {
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
  /** Operands that are not files: `dotnet run`. */
  readonly isFile?: (operand: string) => boolean
}

const all = (letters: string): string[] => [...letters].map(letter => `-${letter}`)

const INTERPRETERS: readonly Interpreter[] = [
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
    ],
    values: [
      '-r',
      '--require',
      '--import',
      '--loader',
      '--experimental-loader',
      '-C',
      '--conditions',
      '--title',
      '--icu-data-dir',
    ],
    prefixes: [
      '--max-',
      '--stack-size=',
      '--unhandled-rejections=',
      '--dns-result-order=',
      '--experimental-specifier-resolution=',
      '--inspect=',
      '--inspect-brk=',
      '--env-file',
      '--max_',
      '--gc-',
      '--v8-',
      '--tls-',
      '--openssl-',
    ],
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
    values: ['-I', '-r', '-E', '-C', '--encoding'],
    prefixes: ['-I', '-r', '-W', '-E', '-T', '-K', '--enable=', '--disable=', '--encoding='],
    operand: true,
  },
  {
    names: ['perl'],
    versioned: true,
    flags: all('acfnpsStTuUwWX'),
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

/** The file that an interpreter is to run, where its command line says for sure. */
export function interpret(caller: Caller): readonly Handover[] | undefined {
  const interpreter = INTERPRETERS.find(candidate => isNamed(candidate, caller.name))
  if (!interpreter) return undefined
  const file = findFile(interpreter, caller.process.argv)
  if (file === undefined || file === '-') return []
  const candidates = interpreter.candidates?.(file) ?? [file]
  return [{kind: 'file', candidates, via: `argument of ${caller.name}`, cwd: caller.process.cwd}]
}

function isNamed({names, versioned}: Interpreter, name: string): boolean {
  return names.some(
    known =>
      name === known ||
      (versioned === true && name.startsWith(known) && /^[\d.]+[a-z]?$/.test(name.slice(known.length))),
  )
}

function findFile(interpreter: Interpreter, argv: readonly string[]): string | undefined {
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '--') return interpreter.operand ? argv[at + 1] : undefined
    if (interpreter.file?.includes(word)) return argv[at + 1]
    if (interpreter.flags.includes(word)) continue
    if (interpreter.values.includes(word)) {
      at++
      continue
    }
    if (word.startsWith('-') && word !== '-') {
      if (interpreter.prefixes.some(prefix => word.startsWith(prefix) && word.length > prefix.length)) continue
      return undefined
    }
    if (!interpreter.operand || interpreter.isFile?.(word) === false) return undefined
    return word
  }
  return undefined
}
