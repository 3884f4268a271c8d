import {
  type AddonProblem,
  followLibraries,
  followLuaRequires,
  followUses,
  HTTPD,
  luaSearches,
  NGINX,
  optionValue,
  POSTGRES,
  perlPath,
  startOf,
} from '../addons/index.ts'
import type {Step} from '../exec/index.ts'
import {baseName} from '../lib/paths.ts'
import {loadedByJava} from './loaded-by-java.ts'
import {loadedByNode} from './loaded-by-node.ts'
import {loadedByPython} from './loaded-by-python.ts'
import {loadedByRuby} from './loaded-by-ruby.ts'
import type {LoadedInput} from './loaded-input.ts'
import {isSure, startedScripts} from './started-scripts.ts'

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
  java: loadedByJava,
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
