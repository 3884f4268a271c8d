import type {NativeFiles} from '../addon.ts'
import {absolute, type Bundle, isSet} from './bundle-settings.ts'
import type {RubyRelease} from './ruby-release.ts'

export interface GemDirectoryInput {
  readonly files: Pick<NativeFiles['files'], 'lookup'>
  readonly env: ReadonlyMap<string, string>
  readonly workingDir: string
  readonly release: RubyRelease
}

/**
 * The directories in which Bundler looks for packages: `PATH/ruby/ABI` where a path is set, or `vendor/bundle` with
 * `deployment`; else those of RubyGems. https://bundler.io/man/bundle-config.1.html
 */
export async function bundlerDirectories(bundle: Bundle, input: GemDirectoryInput): Promise<readonly string[]> {
  const isSystem = isSet(bundle.setting('PATH__SYSTEM')) || bundle.setting('DISABLE_SHARED_GEMS') === 'false'
  const path = bundle.setting('PATH') ?? (isSet(bundle.setting('DEPLOYMENT')) ? 'vendor/bundle' : undefined)
  if (path === undefined || path === '' || isSystem) return gemDirectories(input)
  return realDirectories([`${absolute(path, bundle.root)}/ruby/${input.release.version}`], input)
}

/**
 * `Gem.path`: the directories of GEM_PATH, or else those that are built in, and GEM_HOME.
 * https://github.com/rubygems/rubygems/blob/master/lib/rubygems/path_support.rb
 */
export async function gemDirectories(input: GemDirectoryInput): Promise<readonly string[]> {
  const {env, workingDir, release} = input
  const home = env.get('GEM_HOME') ?? release.gems[0]
  const path = env.get('GEM_PATH')
  const user = env.get('HOME') ?? '/root'
  const builtIn = [
    `${user}/.gem/ruby/${release.version}`,
    `${user}/.local/share/gem/ruby/${release.version}`,
    ...release.gems,
  ]
  const named = path === undefined ? builtIn : [...path.split(':'), ...(path.endsWith(':') ? builtIn : [])]
  const all = [...named, ...(home === undefined ? [] : [home])]
  return realDirectories(
    all.flatMap(one => (one === '' ? [] : absolute(one, workingDir))),
    input,
  )
}

/** Without links, each once; what is not there stays as it is. */
async function realDirectories(paths: readonly string[], {files}: GemDirectoryInput): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map(async path => {
      const {outcome, ...rest} = await files.lookup(path)
      return outcome === 'found' && 'node' in rest && rest.node !== undefined ? rest.node.path : path
    }),
  )
  return [...new Set(found)]
}
