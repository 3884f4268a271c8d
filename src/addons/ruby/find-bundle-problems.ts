import {LIMITS} from '../../lib/limits.ts'
import type {AddonProblem, NativeFiles} from '../addon.ts'
import {startOf} from '../configured-module.ts'
import {fileAt, readTextAt} from '../files.ts'
import {type Bundle, findBundle, isSet} from './bundle-settings.ts'
import {bundlerDirectories} from './gem-directories.ts'
import {isForPlatform} from './gem-platform.ts'
import {readNamedGems} from './gemfile.ts'
import {createGemReader, type GemReader, type InstalledGem} from './installed-gems.ts'
import {type Lockfile, parseLockfile, withDependencies} from './lockfile.ts'
import type {RubyRelease} from './ruby-release.ts'

export interface BundleProblemInput {
  readonly files: NativeFiles['files']
  readonly env: ReadonlyMap<string, string>
  readonly workingDir: string
  readonly release: RubyRelease
  /** Directories of packages anywhere in the image. */
  readonly homes: readonly string[]
}

/** What starts with this name fails where `bundler/setup` does, for a Gemfile. */
export const BUNDLER = 'bundler'

/**
 * What `bundler/setup` does not find for the platform: a package that Gemfile.lock names, and that is installed for
 * other platforms alone, whatever its release; and with `frozen` or `deployment`, a lock that is for other platforms.
 * Bundler raises GemNotFound or ProductionError then. It is certain for packages of the group `default` that the
 * Gemfile names outside of every block, and for what they depend on. Nothing is said of what is not installed at all.
 */
export async function findBundleProblems(input: BundleProblemInput): Promise<readonly AddonProblem[]> {
  const {files, release} = input
  const bundle = await findBundle(input)
  // It would install what is missing.
  if (bundle === undefined || isSet(bundle.setting('AUTO_INSTALL')) || !(await hasUsualPlaces(files, release)))
    return []
  const lock = await readLock(files, bundle)
  if (lock === undefined) return []
  const seesLibc = await hasNewGems(files, release)
  const fits = (platform: string): boolean => isForPlatform(platform, release.arch, seesLibc)
  const refused = refusedLock(bundle, lock, release, fits)
  const certain = await certainGems(files, bundle, lock)
  const reader = createGemReader(files, release)
  const searched = await bundlerDirectories(bundle, input)
  const problems: AddonProblem[] = []
  const names = [...new Set(lock.gems.flatMap(({name, isOfGems}) => (isOfGems ? name : [])))]
  for (const name of names.slice(0, LIMITS['judged-packages'].most)) {
    const wrong = await judge(name, {...input, searched, fits, reader})
    if (wrong === undefined) continue
    const isCertain = certain.has(name) && !wrong.isElsewhere
    problems.push({...wrong.problem, starts: isCertain ? [startOf(BUNDLER, bundle.gemfile)] : []})
  }
  return [...(refused === undefined ? [] : [refused]), ...problems]
}

/** The names of all packages that the Gemfile.lock has. */
export async function readLockedNames(
  files: Pick<NativeFiles['files'], 'lookup' | 'open'>,
  bundle: Bundle,
): Promise<ReadonlySet<string>> {
  return new Set((await readLock(files, bundle))?.gems.map(({name}) => name))
}

async function readLock(
  files: Pick<NativeFiles['files'], 'lookup' | 'open'>,
  {lockfile}: Bundle,
): Promise<Lockfile | undefined> {
  const text = await readTextAt(files, lockfile, LIMITS['addon-settings-bytes'].most)
  return text === undefined ? undefined : parseLockfile(text)
}

interface Judging extends BundleProblemInput {
  readonly searched: readonly string[]
  fits(platform: string): boolean
  readonly reader: GemReader
}

async function judge(
  name: string,
  {searched, homes, release, fits, reader}: Judging,
): Promise<{readonly problem: AddonProblem; readonly isElsewhere: boolean} | undefined> {
  const installed = (await Promise.all(searched.map(home => reader.installed(home, name)))).flat()
  const isUsable = ({platform, isIgnored}: InstalledGem): boolean =>
    platform === undefined || (fits(platform) && !isIgnored)
  const [first] = installed
  if (first === undefined || installed.some(isUsable) || (await reader.isDefault(name))) return undefined
  const beyond = homes.filter(home => !searched.includes(home))
  const elsewhere = (await Promise.all(beyond.map(home => reader.installed(home, name)))).flat()
  return {
    isElsewhere: elsewhere.some(isUsable),
    problem: {
      language: 'ruby',
      directory: first.home,
      package: name,
      wanted: [`${name}-${first.version} for ${release.arch}`],
      outcome: {kind: 'missing', present: installed.map(({home, fullName}) => `${home}/gems/${fullName}`).sort()},
      covers: installed.map(({home, fullName}) => `${home}/gems/${fullName}`),
      isRequired: false,
      isNeeded: true,
    },
  }
}

/** With `frozen`, Bundler adds no platform to a lock. */
function refusedLock(
  bundle: Bundle,
  {platforms}: Lockfile,
  {arch}: RubyRelease,
  fits: (platform: string) => boolean,
): AddonProblem | undefined {
  const isFrozen = ['FROZEN', 'DEPLOYMENT'].some(name => isSet(bundle.setting(name)))
  if (!isFrozen || platforms.length === 0 || platforms.some(fits)) return undefined
  return {
    language: 'ruby',
    directory: bundle.root,
    package: 'Gemfile.lock',
    configuredIn: bundle.lockfile,
    wanted: [arch],
    outcome: {kind: 'unlocked', platforms},
    covers: [],
    starts: [startOf(BUNDLER, bundle.gemfile)],
    isRequired: false,
    isNeeded: true,
  }
}

/** What Bundler looks for whatever the groups are. */
async function certainGems(
  files: BundleProblemInput['files'],
  bundle: Bundle,
  lock: Lockfile,
): Promise<ReadonlySet<string>> {
  const left = ['WITHOUT', 'ONLY'].map(name => bundle.setting(name)?.split(/[: ]/) ?? [])
  if (left[0]?.includes('default') || (left[1]?.length ?? 0) > 0) return new Set()
  const gemfile = (await readTextAt(files, bundle.gemfile, LIMITS['addon-settings-bytes'].most)) ?? ''
  return withDependencies(
    lock,
    readNamedGems(gemfile).map(({name}) => name),
  )
}

/** Whether RubyGems looks where it is made to by its makers, or by Debian. */
async function hasUsualPlaces(files: Pick<NativeFiles['files'], 'lookup'>, release: RubyRelease): Promise<boolean> {
  if (release.gems.length !== 1) return release.gems.length > 0
  for (const directory of release.loadPath)
    if ((await fileAt(files, `${directory}/rubygems/defaults/operating_system.rb`)) !== undefined) return false
  return true
}

/** Whether RubyGems tells C libraries apart: from 3.3.22 on, under Ruby 3.2 and newer. */
async function hasNewGems(
  files: Pick<NativeFiles['files'], 'lookup' | 'open'>,
  release: RubyRelease,
): Promise<boolean> {
  if (compareVersions(release.version, '3.2') < 0) return false
  for (const directory of release.loadPath) {
    const text = await readTextAt(files, `${directory}/rubygems.rb`, LIMITS['addon-settings-bytes'].most)
    const version = /^ {2}VERSION = "([0-9.]+)"/m.exec(text ?? '')?.[1]
    if (text !== undefined) return version !== undefined && compareVersions(version, '3.3.22') >= 0
  }
  return false
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map(one => one.split('.').map(Number)) as [number[], number[]]
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
