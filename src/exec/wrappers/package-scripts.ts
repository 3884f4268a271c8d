import type {Process} from '../resolved-path.ts'
import {bunObstacle, bunPath, bunShell, bunText} from './bun-scripts.ts'
import {type Caller, type Handover, passOn, refuse} from './handover.ts'

/** A script of an interpreter that starts another program by the files of the directory that it is called in. */
export type PackageRunner = (caller: Caller) => Promise<readonly Handover[]>

/** The nearest package.json from the working directory upwards. */
interface Package {
  readonly directory: string
  readonly scripts: Readonly<Record<string, string>>
  readonly packageManager: string
  /** npm and Yarn end with an error then. */
  readonly isMalformed: boolean
}

/** npm's own options of scripts that change nothing of what is started; the second list takes a value. */
const FLAGS =
  /^(-s|-q|-d|-dd|-ddd|-ds?|-y|--(silent|quiet|verbose|production|yes|if-present|ignore-scripts|foreground-scripts|no-audit|no-fund|no-update-notifier|no-progress|offline|prefer-offline|no-color|color|no-install|no|non-interactive|reporter-hide-prefix))$/
const VALUES =
  /^(--(loglevel|omit|include|cache|script-shell|userconfig|registry|node-options|reporter)|-C|--prefix|--cwd|--dir)$/
const DIRECTORIES = ['-C', '--prefix', '--cwd', '--dir']
/** Of these with a value attached. */
const ATTACHED = /^--(loglevel|omit|include|cache|userconfig|registry|reporter|color|audit|fund|progress)=/

interface Words {
  readonly options: readonly (readonly [string, string])[]
  readonly words: readonly string[]
  /** Options behind which nothing can be trusted. */
  readonly unknown?: string
}

/** npm's options stand anywhere before `--`. `stopsAt`: how many words end them. */
function readWords(argv: readonly string[], stopsAt = Number.POSITIVE_INFINITY): Words {
  const options: (readonly [string, string])[] = []
  const words: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '--') return {options, words: [...words, ...argv.slice(at + 1)]}
    if (words.length >= stopsAt || !word.startsWith('-')) words.push(word)
    else if (VALUES.test(word)) options.push([word, argv[++at] ?? ''])
    else if (FLAGS.test(word) || ATTACHED.test(word))
      options.push([word.replace(/=.*/, ''), word.replace(/^[^=]*=?/, '')])
    else return {options, words, unknown: word}
  }
  return {options, words}
}

/** npm 6 to 11: bin/npm-cli.js, @npmcli/run-script. */
const npm: PackageRunner = async caller => {
  const {options, words, unknown} = readWords(caller.process.argv.slice(1))
  if (unknown !== undefined) return notUnderstood(caller, unknown)
  const [command, ...rest] = words
  if (command === undefined) return unlessKnown(caller)
  if (/^(run|run-script|rum|urn)$/.test(command)) return runScript(caller, options, rest)
  if (command === 'start' || command === 'stop') return runScript(caller, options, [command, ...rest])
  if (command === 'test' || command === 't' || command === 'tst') return runScript(caller, options, ['test', ...rest])
  if (command === 'exec' || command === 'x') return runBinary(caller, rest)
  return []
}

/** npx of npm 7 and later; what is in no node_modules/.bin it fetches. */
const npx: PackageRunner = async caller => {
  const {words, unknown} = readWords(caller.process.argv.slice(1), 1)
  if (unknown !== undefined) return notUnderstood(caller, unknown)
  return words.length === 0 ? unlessKnown(caller) : runBinary(caller, words)
}

/** Yarn 1: src/cli/index.js, src/cli/commands/run.js. Yarn 2 and later run scripts by a shell of their own. */
const yarn: PackageRunner = async caller => {
  const {options, words, unknown} = readWords(caller.process.argv.slice(1), 2)
  if (unknown !== undefined) return notUnderstood(caller, unknown)
  const [command, ...rest] = words
  if (command === undefined) return unlessKnown(caller)
  const found = await findPackage(caller, options)
  if (found && (/^yarn@[2-9]/.test(found.packageManager) || (await isBerry(caller, found)))) {
    return [{kind: 'unknown', reason: `yarn runs the scripts of ${found.directory}/package.json by a shell of its own`}]
  }
  if (command === 'run') return runScript(caller, options, rest, 'bin')
  if (command === 'node') return passOn(inPackage(caller, found), ['node', ...rest])
  return YARN_COMMANDS.test(command) ? [] : runScript(caller, options, [command, ...rest], 'bin')
}

const YARN_COMMANDS =
  /^(access|add|audit|autoclean|bin|cache|check|config|create|dlx|exec|generate-lock-entry|global|help|import|info|init|install|licenses|link|list|login|logout|node|outdated|owner|pack|policies|publish|remove|set|tag|team|unlink|unplug|upgrade|upgrade-interactive|version|versions|why|workspace|workspaces)$/

/** pnpm 6 and later: without a lifecycle script before and behind, unless `enable-pre-post-scripts` says so. */
const pnpm: PackageRunner = async caller => {
  const {options, words, unknown} = readWords(caller.process.argv.slice(1), 2)
  if (unknown !== undefined) return notUnderstood(caller, unknown)
  const [command, ...rest] = words
  if (command === undefined) return unlessKnown(caller)
  if (command === 'run' || command === 'run-script') return runScript(caller, options, rest)
  if (command === 'start' || command === 'test') return runScript(caller, options, [command, ...rest])
  if (command === 'exec') return runBinary(caller, rest)
  // `pnpm NAME` of a script that is there.
  const scripts = (await findPackage(caller, options))?.scripts ?? {}
  return Object.hasOwn(scripts, command) && !PNPM_COMMANDS.test(command)
    ? runScript(caller, options, [command, ...rest])
    : []
}

const PNPM_COMMANDS =
  /^(add|audit|bin|config|create|dedupe|deploy|dlx|env|fetch|i|import|init|install|licenses|link|list|ln|ls|outdated|pack|patch|prune|publish|rb|rebuild|remove|rm|root|server|setup|store|un|uninstall|unlink|up|update|upgrade|why)$/

/**
 * Bun: src/cli.zig, src/cli/run_command.zig: `run NAME`, or a name alone that is no command of its own, is a script of
 * the package, else a program of `node_modules/.bin` or PATH. Undefined of all else: what a file does is not followed.
 */
export async function bun(caller: Caller): Promise<readonly Handover[] | undefined> {
  const words = caller.process.argv.slice(1)
  if (words[0] === 'x') return bunx({...caller, process: {...caller.process, argv: words}})
  const first = words.findIndex(
    (word, at) => word !== 'run' && !word.startsWith('-') && !BUN_VALUES.test(words[at - 1] ?? ''),
  )
  const own = first < 0 ? words : words.slice(0, first)
  const [name, ...rest] = words.slice(own.length)
  if (name === undefined || own.some(word => word.startsWith('-') && !BUN_FLAGS.test(word))) return undefined
  const isRun = own.includes('run')
  if (/^[./]|\.[cm]?[jt]sx?$/.test(name) || (!isRun && BUN_COMMANDS.test(name))) return undefined
  const at = own.indexOf('--cwd')
  const options: Words['options'] = at < 0 ? [] : [['--cwd', own[at + 1] ?? '']]
  const found = await findPackage(caller, options)
  if (found && Object.hasOwn(found.scripts, name)) return runScript(caller, options, [name, ...rest])
  return isRun ? runBinary(caller, [name, ...rest]) : undefined
}

/** Bun's npx. */
export async function bunx(caller: Caller): Promise<readonly Handover[] | undefined> {
  const words = caller.process.argv.slice(1)
  const first = words.findIndex(word => !BUN_FLAGS.test(word))
  const [name, ...rest] = first < 0 ? [] : words.slice(first)
  return name === undefined || name.startsWith('-') ? undefined : runBinary(caller, [name, ...rest])
}

const BUN_FLAGS = /^(-b|-y|--(bun|yes|smol|hot|watch|silent|if-present|no-install|prefer-offline|cwd|env-file(=.*)?))$/
const BUN_VALUES = /^--(cwd|env-file)$/
const BUN_COMMANDS =
  /^(a|add|audit|build|c|completions|create|exec|help|i|info|init|install|link|outdated|patch|patch-commit|pm|publish|remove|repl|rm|test|unlink|update|upgrade|why|x)$/

export const PACKAGE_RUNNERS = {npm, npx, yarn, pnpm} satisfies Readonly<Record<string, PackageRunner>>

async function runScript(
  caller: Caller,
  options: Words['options'],
  [name, ...rest]: readonly string[],
  otherwise?: 'bin',
): Promise<readonly Handover[]> {
  const found = await findPackage(caller, options)
  if (!found) {
    const {cwd} = caller.process
    const directory = directoryOption(options) ?? cwd
    return [{kind: 'file', candidates: [`${directory}/package.json`], via: `package of ${caller.name}`, cwd}]
  }
  if (name === undefined) return unlessKnown(caller)
  const inside = inPackage(caller, found)
  const file = `${found.directory}/package.json`
  const shell = options.find(([option]) => option === '--script-shell')
  const settings = await caller.readText(`${found.directory}/.npmrc`)
  if (shell || /^\s*(script-shell|shell-emulator)\s*=/m.test(settings ?? '')) {
    return [{kind: 'unknown', reason: `${caller.name} runs its scripts by a shell that its settings name`}]
  }
  const isServer = name === 'start' && (await caller.readText(`${found.directory}/server.js`)) !== undefined
  const main = found.scripts[name] ?? (isServer ? 'node server.js' : undefined)
  if (found.isMalformed) return refuse(caller, `it cannot parse ${file}`)
  if (main === undefined) {
    if (otherwise === 'bin') return runBinary(inside, [name, ...rest])
    if (name === 'env' || options.some(([option]) => option === '--if-present')) return []
    return refuse(caller, `${file} has no script ${JSON.stringify(name)}`)
  }
  const reason =
    caller.name === 'bun' ? bunObstacle(await caller.readText(`${found.directory}/bunfig.toml`)) : undefined
  if (reason !== undefined) return [{kind: 'unknown', reason}]
  const hasHooks = !options.some(([option]) => option === '--ignore-scripts')
  const before = hasHooks ? found.scripts[`pre${name}`] : undefined
  const after = hasHooks ? found.scripts[`post${name}`] : undefined
  // pnpm 6 passes over hooks, later ones run them.
  const hook = caller.name === 'pnpm' ? ({certainty: 'likely'} as const) : {}
  const more = after === undefined ? {} : {isFollowed: true}
  return [
    ...(before === undefined
      ? []
      : await shellOf(inside, before, `script pre${name} of ${file}`, {...hook, isFollowed: true})),
    ...(await shellOf(inside, [main, ...rest.map(quote)].join(' '), `script ${name} of ${file}`, more)),
    ...(after === undefined ? [] : await shellOf(inside, after, `script post${name} of ${file}`, hook)),
  ]
}

async function shellOf(
  caller: Caller,
  text: string,
  via: string,
  more: Partial<Extract<Handover, {kind: 'program'}>>,
): Promise<readonly Handover[]> {
  // npm gives scripts what it knows of the package and of its own settings.
  if (/\$\{?(npm|NPM|INIT_CWD)/.test(text)) {
    return [{kind: 'unknown', reason: `the ${via} uses variables that only the run knows`}]
  }
  if (caller.name === 'bun') {
    const own = bunText(text)
    if (own === undefined) {
      return [{kind: 'unknown', reason: `whether bun stands for yarn in the ${via} depends on its version`}]
    }
    return passOn(caller, [await bunShell(caller), '-c', own], {via, ...more})
  }
  return passOn(caller, ['sh', '-c', text], {via, ...more})
}

/** A program of a package in node_modules, else one of PATH; what is in neither is fetched. */
async function runBinary(caller: Caller, [name, ...rest]: readonly string[]): Promise<readonly Handover[]> {
  if (name === undefined) return []
  const inside = inPackage(caller, {directory: caller.process.cwd})
  const isFetched = caller.name !== 'pnpm'
  // A name with a version, or with a scope, is a package and not a program.
  if (/@|\//.test(name)) return [{kind: 'unknown', reason: `${caller.name} fetches ${name} where it has to`}]
  return passOn(inside, [name, ...rest], isFetched ? {guarded: true} : {})
}

/** In the package's directory, with the programs of its packages before PATH. */
function inPackage(caller: Caller, found: Pick<Package, 'directory'> | undefined): Caller {
  if (!found) return caller
  const {process} = caller
  const above = found.directory.split('/').map((_, index, names) => names.slice(0, names.length - index).join('/'))
  const sought = [...above.map(directory => `${directory}/node_modules/.bin`), process.env.get('PATH') ?? ''].join(':')
  const path = /^bunx?$/.test(caller.name) ? bunPath(caller, sought) : sought
  const inside: Process = {...process, cwd: found.directory, env: new Map([...process.env, ['PATH', path]])}
  return {...caller, process: inside}
}

async function findPackage(caller: Caller, options: Words['options']): Promise<Package | undefined> {
  let directory = directoryOption(options) ?? caller.process.cwd
  if (!directory.startsWith('/')) directory = `${caller.process.cwd}/${directory}`
  for (; ; directory = directory.slice(0, directory.lastIndexOf('/'))) {
    const text = await caller.readText(`${directory}/package.json`)
    if (text !== undefined) return readPackage(directory === '' ? '/' : directory, text)
    if (directory === '' || directoryOption(options) !== undefined) return undefined
  }
}

function directoryOption(options: Words['options']): string | undefined {
  return options.findLast(([option]) => DIRECTORIES.includes(option))?.[1].replace(/(.)\/+$/, '$1')
}

function readPackage(directory: string, text: string): Package {
  const json = parseJson(text)
  const {scripts, packageManager} = Object(json)
  const own = Object.entries(Object(scripts)).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return {
    directory,
    scripts: Object.fromEntries(own),
    packageManager: String(packageManager ?? ''),
    isMalformed: json === undefined,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function isBerry(caller: Caller, {directory}: Package): Promise<boolean> {
  return (await caller.readText(`${directory}/.yarnrc.yml`)) !== undefined
}

/** Nothing is started, unless only the run knows what. */
function unlessKnown({name, process}: Caller): readonly Handover[] {
  const {unknownWord} = process
  if (unknownWord === undefined) return []
  return [{kind: 'unknown', reason: `${name} runs ${unknownWord}, which only the run knows`}]
}

function notUnderstood({name}: Caller, option: string): readonly Handover[] {
  return [{kind: 'unknown', reason: `the option ${option} of ${name} is not understood`}]
}

function quote(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
