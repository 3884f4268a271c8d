import {
  addedPath,
  BUNDLER,
  findBundle,
  followRequires,
  readLockedNames,
  readTextAt,
  rubyPath,
  startOf,
} from '../addons/index.ts'
import {readEnvironment, type Step} from '../exec/index.ts'
import {defined} from '../lib/defined.ts'
import {LIMITS} from '../lib/limits.ts'
import {baseName} from '../lib/paths.ts'
import {mayChangeVariables} from './changed-variables.ts'
import type {LoadedInput} from './loaded-input.ts'
import {keepsDirectory, type StartedScript, startedScripts} from './started-scripts.ts'

/** What decides where packages are looked for. */
const VARIABLES = /\b(?:BUNDLE_|GEM_|RUBY(?:LIB|OPT))/
const RUBY = /(?:^|\/)ruby[0-9.]*$/
/** Options in RUBYOPT that change nothing of what is loaded. */
const HARMLESS = /^(?:-w|-W\S*|-U|-[EK]\S+|--(?:yjit|rjit|mjit|jit)\S*|--enable\S*|-rbundler\/setup)$/

/**
 * What the scripts that Ruby is started with require for certain: paths of features, directories of packages that are
 * left out, and the use of Bundler with a Gemfile.
 */
export async function loadedByRuby(steps: readonly Step[], input: LoadedInput): Promise<readonly string[]> {
  const {rootfs, addons} = input
  const env = readEnvironment(input.env)
  const options = (env.get('RUBYOPT') ?? '').split(/\s+/).filter(one => one !== '')
  const added = addedPath(env)
  const isKnown = (env.get('RUBYLIB') ?? '') === '' || added.length > 0
  if (!options.every(one => HARMLESS.test(one)) || !isKnown) return []
  const path = rubyPath(addons)
  const withAdded = {...path, loadPath: [...added, ...path.loadPath]}
  const loaded: string[] = []
  for (const script of startedScripts(steps, RUBY)) {
    const isBundler = /^bundler?[0-9.]*$/.test(baseName(script.path))
    const stems = isBundler ? new Set<string>() : await followRequires(rootfs, [script.path], withAdded)
    loaded.push(...stems)
    const usesBundler =
      options.includes('-rbundler/setup') ||
      [...stems].some(stem => stem.endsWith('/bundler/setup')) ||
      (isBundler && (await executesWithBundler(script, input, env)))
    const {path: own, program} = script
    const isChanged = await mayChangeVariables(program, {steps, files: rootfs, variables: VARIABLES, own})
    if (!usesBundler || isChanged) continue
    const boot = isBundler ? {} : await readBoot(rootfs, [script.path, ...[...stems].map(stem => `${stem}.rb`)])
    if (boot === undefined) continue
    const named = env.has('BUNDLE_GEMFILE') ? undefined : boot.gemfile
    const settings = named === undefined ? env : new Map([...env, ['BUNDLE_GEMFILE', named] as const])
    loaded.push(...(await bundleOf(script, steps, input, settings)))
  }
  return loaded
}

/** `config/boot.rb` of Rails, and scripts that Bundler makes: the Gemfile is beside their directory. */
const BOOT =
  /^ENV\[(["'])BUNDLE_GEMFILE\1\] *\|\|= *File\.expand_path\((["'])(?:\.\.\/Gemfile\2, *__dir__|\.\.\/\.\.\/Gemfile\2, *(?:__FILE__|Pathname\.new\(__FILE__\)\.realpath))\)/m

/** The Gemfile that files name where no variable does; undefined where they say more of Bundler's variables. */
async function readBoot(
  files: LoadedInput['rootfs'],
  paths: readonly string[],
): Promise<{readonly gemfile?: string} | undefined> {
  let gemfile: string | undefined
  for (const path of paths) {
    // What is behind it is Bundler's own.
    if (path.endsWith('/bundler/setup.rb')) break
    const text = (await readTextAt(files, path, LIMITS['module-bytes'].most)) ?? ''
    const mentions = text.match(/\bBUNDLE_[A-Z]/g)?.length ?? 0
    if (mentions === 0) continue
    if (mentions > 1 || !BOOT.test(text) || gemfile !== undefined) return undefined
    gemfile = `${path.replace(/(?:\/[^/]+){2}$/, '')}/Gemfile`
  }
  return defined({gemfile})
}

/** The start with Bundler, where it is known of which Gemfile, and nothing of it is the user's. */
async function bundleOf(
  {path, program}: StartedScript,
  steps: readonly Step[],
  {rootfs, workingDir, volumes, addons}: LoadedInput,
  env: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const isNamed = env.get('BUNDLE_GEMFILE')?.startsWith('/') === true
  const bundle =
    isNamed || keepsDirectory(program, steps, path) ? await findBundle({files: rootfs, env, workingDir}) : undefined
  if (bundle === undefined) return []
  const start = startOf(BUNDLER, bundle.gemfile)
  const places = addons.flatMap(({directory, starts}) => (starts?.includes(start) === true ? [directory] : []))
  const isOfUser = [bundle.gemfile, ...places].some(path => volumes.some(one => `${path}/`.startsWith(`${one}/`)))
  return isOfUser ? [] : [start]
}

/** `bundle exec COMMAND`, where the command is a program of Ruby: another one is started without the Gemfile. */
async function executesWithBundler(
  {path, program}: StartedScript,
  {rootfs, workingDir}: LoadedInput,
  env: ReadonlyMap<string, string>,
): Promise<boolean> {
  const words = program.argv ?? []
  const at = words.findIndex(word => baseName(word) === baseName(path))
  const [verb, command = ''] = at < 0 ? [] : words.slice(at + 1)
  if (verb !== 'exec') return false
  if (/^(?:ruby|(?:\.\/)?bin\/(?:rails|rake))$/.test(command)) return true
  const bundle = await findBundle({files: rootfs, env, workingDir})
  const locked = bundle === undefined ? undefined : await readLockedNames(rootfs, bundle)
  return locked?.has(command === 'rails' ? 'railties' : command) === true
}
