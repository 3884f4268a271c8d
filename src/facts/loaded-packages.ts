import {
  type AddonProblem,
  filesOfModule,
  followImports,
  followLibraries,
  followLuaRequires,
  followModules,
  followRequires,
  followUses,
  HTTPD,
  luaSearches,
  NGINX,
  optionValue,
  POSTGRES,
  perlPath,
  readRunModule,
  rubyPath,
  siteOf,
  startOf,
} from '../addons/index.ts'
import type {Step} from '../exec/index.ts'
import type {RootFs} from '../image/rootfs.ts'
import {baseName} from '../lib/paths.ts'

export interface LoadedInput {
  readonly rootfs: RootFs
  /** Of the config: what is in them may be the user's. */
  readonly volumes: readonly string[]
  /** Variables of the config, `NAME=value`. */
  readonly env: readonly string[]
  readonly workingDir: string
  /** What it is asked for. */
  readonly addons: readonly AddonProblem[]
}

/**
 * The packages that the scripts of Node and Python that start load for certain, by their directories; of Python the
 * modules too, by their paths without suffixes. None where packages are installed before, and none of a volume.
 */
export async function findLoadedPackages(steps: readonly Step[], input: LoadedInput): Promise<ReadonlySet<string>> {
  if (steps.some(installs)) return new Set()
  const languages = new Set(input.addons.map(({language}) => language))
  const loaded: string[] = []
  for (const language of languages) loaded.push(...((await LOADED_BY[language]?.(steps, input)) ?? []))
  const isOfVolume = (path: string): boolean => input.volumes.some(volume => `${path}/`.startsWith(`${volume}/`))
  return new Set(loaded.filter(directory => !isOfVolume(directory)))
}

/** Of the others it is not followed what loads a package. */
const LOADED_BY: Partial<
  Readonly<Record<AddonProblem['language'], (steps: readonly Step[], input: LoadedInput) => Promise<readonly string[]>>>
> = {
  httpd: startsOf(HTTPD, options => optionValue(options, 'f')),
  lua: loadedByLua,
  nginx: startsOf(NGINX, options => optionValue(options, 'c')),
  node: loadedByNode,
  perl: loadedByPerl,
  postgresql: startsOf(POSTGRES, options => options.join(' ')),
  python: loadedByPython,
  r: loadedByR,
  ruby: loadedByRuby,
}

/** The starts of a server, by what its options say of its configuration. */
function startsOf(server: RegExp, configuration: (options: readonly string[]) => string | undefined) {
  return async (steps: readonly Step[]): Promise<readonly string[]> =>
    steps.flatMap(step => {
      const {node, argv = []} = step
      if (node === undefined || !isSure(step) || !server.test(baseName(node.path)) || argv.some(isQuestion)) return []
      return [startOf(node.path, configuration(argv.slice(1)))]
    })
}

/** What only asks a server for its version, or to test its configuration. */
function isQuestion(word: string): boolean {
  return /^(?:-[?hvVtTSLM]|--help|--version)$/.test(word)
}

async function loadedByNode(steps: readonly Step[], {rootfs}: LoadedInput): Promise<readonly string[]> {
  const scripts = startedScripts(steps, /(?:^|\/)node(?:js)?$/)
  const paths = scripts.map(({path}) => path)
  const modules = await followModules(rootfs, paths)
  return modules.flatMap(({directory}) => directory ?? [])
}

/** Variables that lead Python to other modules. */
const PYTHON_SETTINGS = /^PYTHON(?:PATH|HOME|STARTUP|PLATLIBDIR)=/

async function loadedByPython(steps: readonly Step[], input: LoadedInput): Promise<readonly string[]> {
  const {rootfs, env, addons} = input
  if (env.some(variable => PYTHON_SETTINGS.test(variable))) return []
  const ofPython = addons.filter(({language}) => language === 'python')
  const sites = unique(ofPython.flatMap(({directory}) => siteOf(`${directory}/`)?.path ?? []))
  const own = ofPython.flatMap(({wanted}) => wanted.flatMap(name => /\.cpython-[^/.]*\.so$/.exec(name) ?? []))
  const suffixes = [...unique(own), '.abi3.so', '.so']
  const sitesOf = async (program: Step): Promise<readonly string[]> => {
    const prefixes = await prefixesOf(rootfs, program)
    return sites.filter(site => prefixes.some(prefix => site.startsWith(`${prefix}/lib`)))
  }
  const loaded: string[] = []
  for (const {path, program} of startedScripts(steps, PYTHON)) {
    const seen = await sitesOf(program)
    if (seen.length === 0) continue
    const directories = [path.slice(0, path.lastIndexOf('/')), ...seen]
    const stems = await followImports(rootfs, [path], {directories, suffixes})
    loaded.push(...stems)
  }
  for (const step of steps) {
    const module = PYTHON.test(step.path) && isSure(step) ? readRunModule(step.argv ?? []) : undefined
    if (module === undefined) continue
    const seen = await sitesOf(step)
    if (seen.length === 0) continue
    const directories = [...(module.seesDirectory && keepsDirectory(step, steps) ? [input.workingDir] : []), ...seen]
    const run = await filesOfModule(rootfs, directories, module.name)
    loaded.push(...run.map(path => path.replace(/(?:\/__init__)?\.py$/, '')))
    loaded.push(...(await followImports(rootfs, run, {directories, suffixes})))
  }
  return loaded
}

const PYTHON = /(?:^|\/)python(?:3(?:\.[0-9]+t?)?)?$/
/** Programs that start another one where they are. */
const HANDS_OVER = /(?:^|\/)(?:tini|tini-static|dumb-init|catatonit|gosu|su-exec)$/

/** Whether a program is started in the working directory of the config: no script can have left it. */
function keepsDirectory(step: Step, steps: readonly Step[]): boolean {
  for (let at = step.from; at !== undefined; at = steps[at]?.from)
    if (!HANDS_OVER.test(steps[at]?.path ?? '')) return false
  return true
}

/** Variables that lead Ruby to other files. */
const RUBY_SETTINGS = /^RUBY(?:LIB|OPT)=/

async function loadedByRuby(steps: readonly Step[], {rootfs, env, addons}: LoadedInput): Promise<readonly string[]> {
  if (env.some(variable => RUBY_SETTINGS.test(variable))) return []
  const scripts = startedScripts(steps, /(?:^|\/)ruby[0-9.]*$/).map(({path}) => path)
  return [...(await followRequires(rootfs, scripts, rubyPath(addons)))]
}

async function loadedByPerl(steps: readonly Step[], {rootfs, env, addons}: LoadedInput): Promise<readonly string[]> {
  if (env.some(variable => /^PERL5(?:OPT|DB)=/.test(variable))) return []
  const scripts = startedScripts(steps, /(?:^|\/)perl[0-9.]*$/).map(({path}) => path)
  return [...(await followUses(rootfs, scripts, perlPath(addons)))]
}

async function loadedByR(steps: readonly Step[], {rootfs, env, addons}: LoadedInput): Promise<readonly string[]> {
  if (env.some(variable => /^R_(?:PROFILE|ENVIRON)/.test(variable))) return []
  const scripts = startedScripts(steps, /(?:^|\/)Rscript$/).map(({path}) => path)
  return [...(await followLibraries(rootfs, scripts, addons))]
}

async function loadedByLua(steps: readonly Step[], {rootfs, env, addons}: LoadedInput): Promise<readonly string[]> {
  if (env.some(variable => /^LUA_(?:PATH|INIT)/.test(variable))) return []
  const scripts = startedScripts(steps, /(?:^|\/)lua(?:5\.[1-4]|jit[0-9.-]*)?$/).map(({path}) => path)
  const found = await Promise.all(luaSearches(addons).map(search => followLuaRequires(rootfs, scripts, search)))
  return found.flatMap(stems => [...stems])
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)]
}

/**
 * Where the packages of a Python are: in the virtual environment of the path by which it is started, else below the
 * directory that its program is installed in; Debian's looks in /usr/local as well.
 */
async function prefixesOf(rootfs: RootFs, program: Step): Promise<readonly string[]> {
  const path = program.hops[0]?.path ?? program.path
  const started = path.replace(/\/?[^/]*\/[^/]*$/, '')
  const config = path.startsWith('/') ? await rootfs.lookup(`${started}/pyvenv.cfg`) : undefined
  if (config?.outcome === 'found') return [started]
  const installed = program.node?.path.replace(/\/bin\/[^/]*$/, '')
  if (installed === undefined) return []
  return installed === '/usr' ? ['/usr/local', '/usr'] : [installed]
}

interface StartedScript {
  readonly path: string
  /** The step of the interpreter. */
  readonly program: Step
}

/** The scripts that an interpreter is started with, where nothing can keep it from that. */
function startedScripts(steps: readonly Step[], interpreter: RegExp): readonly StartedScript[] {
  return steps.flatMap(step => {
    const other = step.from === undefined ? undefined : steps[step.from]
    if (other === undefined || !isSure(step) || !isSure(other)) return []
    // A file that it is told to run; or a script whose first line names it.
    if (step.role === 'argument' && interpreter.test(other.path)) return [{path: step.node?.path ?? '', program: other}]
    const isInterpreter = step.role === 'interpreter' && interpreter.test(step.path) && other.role === 'program'
    return isInterpreter ? [{path: other.node?.path ?? '', program: step}] : []
  })
}

function isSure({certainty, accepted, maybe, service, obstacle, node}: Step): boolean {
  const isTaken = certainty === 'certain' && accepted !== true && service === undefined
  return isTaken && maybe === undefined && obstacle === undefined && node !== undefined
}

const INSTALLERS =
  /(?:^|\/)(?:npm|npx|pnpm|pnpx|yarn|yarnpkg|bun|bunx|corepack|node-gyp|bundler?|tar|unzip|rsync|cp|mv)$/
/** What only starts a script that package.json names, or another program. */
const STARTS = /^(?:run|run-script|start|exec|test|stop|restart)$/
const OTHER_INSTALLERS = /(?:^|\/)(?:gem|pip[0-9.]*|uv|uvx|poetry|pipenv|pdm|hatch|conda|mamba)$/

/** Whether a step may change the packages. */
function installs({role, path, argv}: Step): boolean {
  if (role !== 'program') return false
  return OTHER_INSTALLERS.test(path) || (INSTALLERS.test(path) && !STARTS.test(argv?.[1] ?? ''))
}
