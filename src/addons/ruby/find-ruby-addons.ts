import {LIMITS} from '../../lib/limits.ts'
import type {AddonProblem, NativeFiles} from '../addon.ts'
import {readTextAt} from '../files.ts'
import {builtExtensions, extensionRoots, hasExtensions} from './extension-roots.ts'
import {findBundleProblems} from './find-bundle-problems.ts'
import {followRequires} from './follow-requires.ts'
import {type RubyRelease, readRubyRelease} from './ruby-release.ts'

/** A package of RubyGems with native files, in one directory of packages. */
interface Gem {
  readonly home: string
  /** `nokogiri-1.18.2`, `nokogiri-1.18.2-x86_64-linux-gnu` */
  readonly fullName: string
  readonly paths: string[]
}

type Judged =
  | {readonly kind: 'loads' | 'unknown'}
  /** It is in a directory of packages for another release of the ABI, which no Ruby of the image looks into. */
  | {readonly kind: 'unsearched'; readonly release: string}
  /** RubyGems leaves it out: `wanted` says that its extensions are built, and is not there. */
  | {readonly kind: 'ignored'; readonly wanted: string}
  /** Modules of another machine, in the order in which they are looked for. */
  | {readonly kind: 'foreign'; readonly paths: readonly string[]; readonly libraries: readonly string[]}

export interface RubyInput extends NativeFiles {
  readonly env: ReadonlyMap<string, string>
  readonly workingDir: string
}

/**
 * For each package of RubyGems with native files: would the Ruby of the image load it? Its extensions are where
 * `Gem::BasicSpecification#extension_dir` says, for one platform and one release of the ABI; without a
 * `gem.build_complete` there, and with extensions in its specification, RubyGems leaves the package out.
 * https://github.com/rubygems/rubygems/blob/master/lib/rubygems/basic_specification.rb
 */
export async function findRubyAddons({natives, files, env, workingDir}: RubyInput): Promise<readonly AddonProblem[]> {
  const releases = await findReleases({natives, files})
  if (releases.length === 0) return []
  // At once: what is asked for together is read in one pass over a layer.
  const judged: ReadonlyMap<Gem, Judged> = new Map(
    await Promise.all(
      gemsOf(natives)
        .slice(0, LIMITS['judged-packages'].most)
        .map(async gem => [gem, await judge(gem, {natives, files}, releases)] as const),
    ),
  )
  const isThere = new Set([...judged].flatMap(([{fullName}, {kind}]) => (kind === 'loads' ? [nameOf(fullName)] : [])))
  const wrong = [...judged].filter(
    ([{fullName}, {kind}]) => (kind === 'ignored' || kind === 'foreign') && !isThere.has(nameOf(fullName)),
  )
  const homes = [...new Set([...judged.keys()].map(({home}) => home))]
  const roots = homes.flatMap(home => releases.flatMap(release => extensionRoots(home, release)))
  const searched = [...releases.flatMap(({loadPath}) => loadPath), ...homes, ...roots]
  const problems = await Promise.all(
    wrong
      .slice(0, LIMITS['followed-packages'].most)
      .map(([gem, verdict]) => problemOf(gem, verdict, {natives, files}, searched)),
  )
  const lost = [...judged].flatMap(([gem, verdict]) =>
    verdict.kind === 'unsearched' && !isThere.has(nameOf(gem.fullName)) ? [{gem, release: verdict.release}] : [],
  )
  const present = releases.map(({version}) => version).sort()
  const [release] = releases
  const ofBundle =
    release === undefined || new Set(present).size > 1
      ? []
      : await findBundleProblems({files, env, workingDir, release, homes})
  return [
    ...withBundle(
      problems.flatMap(problem => problem ?? []),
      ofBundle.map(one => ({...one, searched})),
    ),
    ...unsearchedHomes(lost, present, searched),
    ...foreignFeatures(natives, [...addedPath(env), ...releases.flatMap(({loadPath}) => loadPath)], searched),
  ]
}

/** The directories of RUBYLIB, which come before all others; none where one depends on the working directory. */
export function addedPath(env: ReadonlyMap<string, string>): readonly string[] {
  const added = (env.get('RUBYLIB') ?? '').split(':').filter(one => one !== '')
  return added.every(one => one.startsWith('/')) ? added.map(one => one.replace(/(?<=.)\/+$/, '')) : []
}

/**
 * Modules of another machine in the directories of Ruby itself, such as `vendor_ruby`, and of RUBYLIB. Whether anything
 * requires them is not known: they matter where what starts does.
 */
function foreignFeatures(
  natives: NativeFiles['natives'],
  loadPath: readonly string[],
  searched: readonly string[],
): readonly AddonProblem[] {
  const found: AddonProblem[] = []
  for (const [path, {fit, machine}] of natives) {
    if (fit !== 'other' || !path.endsWith('.so') || found.length >= LIMITS['judged-packages'].most) continue
    // The longest: `…/3.3.0/x86_64-linux/date_core.so` is of the directory of extensions.
    const directories = loadPath.filter(one => path.startsWith(`${one}/`))
    const directory = directories.reduce<string | undefined>(
      (a, b) => (a !== undefined && a.length >= b.length ? a : b),
      undefined,
    )
    if (directory === undefined) continue
    const stem = path.replace(/\.so$/, '')
    found.push({
      language: 'ruby',
      directory,
      package: stem.slice(directory.length + 1),
      wanted: [path],
      outcome: {kind: 'foreign', path, machine},
      covers: [path],
      modules: [stem],
      searched,
      isRequired: false,
      isNeeded: false,
    })
  }
  return found
}

/**
 * One problem for each package. Where Bundler does not find what is for another platform, that is said, and not what
 * `require` alone would do with it; of what both leave out, that it is left out.
 */
function withBundle(own: readonly AddonProblem[], ofBundle: readonly AddonProblem[]): readonly AddonProblem[] {
  const bundleOf = ({directory}: AddonProblem): AddonProblem | undefined =>
    ofBundle.find(({covers}) => covers.includes(directory))
  const kept = own.flatMap(one => {
    const bundled = bundleOf(one)
    if (bundled === undefined) return one
    return one.isRequired ? {...one, starts: bundled.starts ?? []} : []
  })
  const told = new Set(kept.map(({directory}) => directory))
  const added = ofBundle.filter(({covers}) => !covers.some(directory => told.has(directory)))
  const modulesOf = (bundled: AddonProblem): readonly string[] =>
    own.flatMap(one => (bundleOf(one) === bundled ? (one.modules ?? []) : []))
  return [...kept, ...added.map(one => ({...one, modules: modulesOf(one)}))]
}

/** One problem for each directory of packages for another release. */
function unsearchedHomes(
  lost: readonly {readonly gem: Gem; readonly release: string}[],
  present: readonly string[],
  searched: readonly string[],
): readonly AddonProblem[] {
  return [...Map.groupBy(lost, ({gem}) => gem.home)].map(([home, gems]) => {
    const packages = gems.map(({gem}) => gem.fullName).sort()
    return {
      ...{language: 'ruby', directory: home, package: packages[0] ?? '', wanted: []},
      outcome: {kind: 'unsearched', release: gems[0]?.release ?? '', by: [...new Set(present)], packages},
      ...{covers: [], searched, isRequired: true, isNeeded: true},
    }
  })
}

/** Each Ruby has its encodings beside its configuration. */
async function findReleases({natives, files}: NativeFiles): Promise<readonly RubyRelease[]> {
  const releases: RubyRelease[] = []
  for (const [path, {fit}] of natives) {
    const [, directory] = /^(.*)\/enc\/encdb\.so$/.exec(path) ?? []
    const release = directory === undefined || fit !== 'own' ? undefined : await readRubyRelease(files, directory)
    if (release !== undefined) releases.push(release)
  }
  return releases
}

function gemsOf(natives: NativeFiles['natives']): readonly Gem[] {
  const gems = new Map<string, Gem>()
  for (const path of natives.keys()) {
    if (!path.endsWith('.so')) continue
    const [, home, fullName] =
      /^(.*)\/extensions\/[^/]+\/[0-9][^/]*\/([^/]+)\//.exec(path) ??
      /^(.*?)\/gems\/([^/]+-[0-9][^/]*)\//.exec(path) ??
      []
    if (home === undefined || fullName === undefined) continue
    const key = `${home}/gems/${fullName}`
    const known = gems.get(key)
    if (known === undefined) gems.set(key, {home, fullName, paths: [path]})
    else known.paths.push(path)
  }
  return [...gems.values()]
}

async function judge(
  {home, fullName, paths}: Gem,
  {natives, files}: NativeFiles,
  releases: readonly RubyRelease[],
): Promise<Judged> {
  // A directory of packages that is called by a release of the ABI is looked into by that one alone.
  const [, called] = /\/([0-9]+\.[0-9]+\.0)$/.exec(home) ?? []
  const takers = called === undefined ? releases : releases.filter(({version}) => version === called)
  const spec = await readTextAt(
    files,
    `${home}/specifications/${fullName}.gemspec`,
    LIMITS['addon-settings-bytes'].most,
  )
  if (spec === undefined) return {kind: 'unknown'}
  if (takers.length === 0) {
    // The library of a Ruby may be part of another program.
    const library = new RegExp(
      `/libruby(?:-|\\.so\\.)${called?.replace(/\.0$/, '').replace('.', '\\.') ?? ''}(?![0-9])`,
    )
    const isLinked = [...natives.keys()].some(path => library.test(path))
    return called === undefined || isLinked ? {kind: 'unknown'} : {kind: 'unsearched', release: called}
  }
  const built = takers.flatMap(release => extensionRoots(home, release)).map(root => `${root}/${fullName}`)
  const extensions = await builtExtensions(files, built)
  if (hasExtensions(spec) && extensions.length === 0) {
    return {kind: 'ignored', wanted: `${built[0]?.slice(home.length + 1)}/gem.build_complete`}
  }
  const libraries = [...extensions, `${home}/gems/${fullName}/lib`]
  const versions = new Set(takers.map(({version}) => version.replace(/\.[^.]*$/, '')))
  const foreign = paths.filter(path => {
    const library = libraries.find(one => path.startsWith(`${one}/`))
    if (library === undefined || natives.get(path)?.fit !== 'other') return false
    const below = path.slice(library.length + 1)
    const [, version] = /(?:^|\/)([0-9]+\.[0-9]+)\/[^/]+$/.exec(below) ?? []
    const first = libraries.find(one => natives.has(`${one}/${below}`))
    return first === library && (version === undefined || versions.has(version))
  })
  return foreign.length === 0 ? {kind: 'loads'} : {kind: 'foreign', paths: foreign, libraries}
}

async function problemOf(
  {home, fullName, paths}: Gem,
  verdict: Judged,
  {natives, files}: NativeFiles,
  searched: readonly string[],
): Promise<AddonProblem | undefined> {
  const directory = `${home}/gems/${fullName}`
  const common = {language: 'ruby', directory, package: fullName, searched} as const
  const foreign = paths.filter(path => natives.get(path)?.fit === 'other').sort()
  if (verdict.kind === 'ignored') {
    return {
      ...common,
      wanted: [verdict.wanted],
      outcome: {kind: 'missing', present: [...paths].sort()},
      covers: foreign,
      isRequired: true,
      isNeeded: true,
    }
  }
  const [first] = verdict.kind === 'foreign' ? verdict.paths : []
  if (verdict.kind !== 'foreign' || first === undefined) return undefined
  const stemOf = (path: string): string => path.replace(/\.so$/, '')
  const name = nameOf(fullName)
  const entries = [name, name.replaceAll('-', '/')].map(one => `${directory}/lib/${one}.rb`)
  const loadPath = [...verdict.libraries, ...searched]
  const stems = await followRequires(files, entries, {loadPath, homes: [], extensions: [], ignored: []})
  const required = verdict.paths.find(path => stems.has(stemOf(path)))
  const taken = required ?? first
  return {
    ...common,
    wanted: [taken],
    outcome: {kind: 'foreign', path: taken, machine: natives.get(taken)?.machine ?? ''},
    covers: foreign,
    isRequired: false,
    isNeeded: required !== undefined,
    modules: verdict.paths.map(stemOf),
  }
}

/** The name without version and platform. */
function nameOf(fullName: string): string {
  return fullName.replace(/-[0-9]+(?:\.[0-9A-Za-z]+)*(?:-.*)?$/, '')
}
