import type {AddonProblem, NativeFile} from '../addon.ts'
import {followModules} from './certain-modules.ts'
import type {NodeManifest} from './manifest.ts'
import type {NodeTarget} from './node-target.ts'
import {platformFamilies} from './platform-packages.ts'
import {type AddonNames, choosePrebuild} from './prebuilds.ts'
import {neededPackages} from './production.ts'
import {findPackage, type ModuleFiles, packageMain} from './resolve.ts'

/** What a walk through all files saw of packages of Node. */
export interface NodeListing {
  /** By the directory of the package. */
  readonly manifests: ReadonlyMap<string, NodeManifest>
  /** Files that end in `.node`, and all programs and libraries of the platform's machine. */
  readonly natives: ReadonlyMap<string, NativeFile>
  /** Paths of files that end in `.wasm`. */
  readonly wasm: readonly string[]
}

export interface NodeAddonInput extends NodeListing {
  readonly target: NodeTarget
  readonly env: ReadonlyMap<string, string>
  /** Sees directories and links. */
  readonly directories: Pick<ModuleFiles, 'lookup'>
  /** Asked for the modules of a package where something is wrong with it. */
  readonly files: ModuleFiles
}

type Found = Omit<AddonProblem, 'isNeeded'>

/**
 * For each package of Node with native code: is there some that Node would load on the platform? What is
 * not said is not known, or is all right.
 */
export async function findNodeAddons(input: NodeAddonInput): Promise<readonly AddonProblem[]> {
  const names = addonNames(input.natives)
  const packages = [...input.manifests].filter(([directory]) => directory.includes('/node_modules/'))
  // All at once: what they read of one layer is read together.
  const problems = await Promise.all(
    packages.map(
      async ([directory, manifest]) =>
        (await missingPlatformPackage(input, directory, manifest)) ??
        (await unfitPrebuild(input, directory, manifest, names)) ??
        (await foreignBuild(input, directory, manifest, names)),
    ),
  )
  const found = problems.flatMap(problem => problem ?? [])
  if (found.length === 0) return []
  const needed = await neededPackages(input.manifests, input.directories)
  return found
    .map(problem => ({...problem, isNeeded: needed.has(problem.directory)}))
    .sort((a, b) => (a.directory < b.directory ? -1 : 1))
}

/**
 * The optional package for the platform is not installed, and that for another one is: so is a node_modules that was
 * installed elsewhere. What the package has of its own for the platform, or for any (WebAssembly), is taken instead.
 */
async function missingPlatformPackage(
  {target, env, files, directories, natives, wasm}: NodeAddonInput,
  directory: string,
  manifest: NodeManifest,
): Promise<Found | undefined> {
  const wanted: string[] = []
  const present: string[] = []
  for (const family of platformFamilies(manifest, target)) {
    if ((await findAll(directories, directory, family.wanted)).length > 0) continue
    const others = await findAll(directories, directory, family.others)
    if (others.length === 0) continue
    wanted.push(...family.wanted)
    present.push(...others)
  }
  if (wanted.length === 0) return undefined
  const isOwn = (path: string): boolean =>
    path.startsWith(`${directory}/`) && !path.includes('/node_modules/', directory.length)
  if (wasm.some(isOwn) || [...natives].some(([path, {fit}]) => fit !== 'other' && isOwn(path))) return undefined
  const portable = [...manifest.optional, ...manifest.dependencies].filter(name => /wasm/i.test(name))
  if ((await findAll(directories, directory, portable)).length > 0) return undefined
  present.sort()
  const isLedElsewhere = [...env.keys()].some(name => SETTINGS.test(name))
  const isRequired = !isLedElsewhere && (REQUIRED.has(manifest.name) || (await failsWithoutBinding(files, directory)))
  return {...ofPackage(directory, manifest), wanted, outcome: {kind: 'missing', present}, covers: present, isRequired}
}

/**
 * Packages whose entry file throws where the package for the platform is not there; scripts/addons requires each.
 * esbuild, for one, looks for its program only when it is used.
 */
export const REQUIRED: ReadonlySet<string> = new Set([
  '@napi-rs/canvas',
  '@parcel/watcher',
  'lightningcss',
  'lmdb',
  'node-datachannel',
  'oxc-parser',
  'rollup',
  'sharp',
])

/** Variables by which such packages take another file. */
const SETTINGS = /^NAPI_RS_|_BINARY_PATH$|^LIBC$/

/** The loader that napi-rs writes: it ends with a `throw` where no binding was found. https://napi.rs */
async function failsWithoutBinding(files: ModuleFiles, directory: string): Promise<boolean> {
  const modules = await ownModules(files, directory)
  return modules.some(({text, source}) => text.throws && /\bnativeBinding\b/.test(source))
}

async function unfitPrebuild(
  {target, env, natives, files}: NodeAddonInput,
  directory: string,
  manifest: NodeManifest,
  names: AddonNames,
): Promise<Found | undefined> {
  if (!manifest.dependencies.includes('node-gyp-build') || WITH_FALLBACK.has(manifest.name)) return undefined
  const choice = choosePrebuild({directory, names, target, env})
  if (choice.kind === 'unknown') return undefined
  const taken = choice.kind === 'takes' ? natives.get(choice.path) : undefined
  if (choice.kind === 'takes' && taken?.fit !== 'other') return undefined
  if (!(await calls(files, directory, 'node-gyp-build'))) return undefined
  return {
    ...ofPackage(directory, manifest),
    wanted: [prebuildName(target)],
    outcome:
      choice.kind === 'takes'
        ? {kind: 'foreign', path: choice.path, machine: taken?.machine ?? ''}
        : {kind: 'missing', present: choice.present},
    covers: choice.kind === 'takes' ? [choice.path] : choice.present,
    isRequired: true,
  }
}

/** Packages of many images that have the same in JavaScript: to see that, their modules need not be read. */
const WITH_FALLBACK: ReadonlySet<string> = new Set(['bufferutil', 'utf-8-validate'])

function prebuildName({arch, isAlpine, abi}: NodeTarget): string {
  const version = abi === undefined ? '' : ` and NODE_MODULE_VERSION ${abi}`
  return `a file in prebuilds/linux-${arch} for ${isAlpine ? 'musl' : 'glibc'}${version}`
}

/** Where `bindings` looks, in its order. https://github.com/TooTallNate/node-bindings */
const BINDINGS = ['build', 'build/Debug', 'build/Release', 'out/Debug', 'Debug', 'out/Release', 'Release']

/** What `bindings` finds first was built on another machine. */
async function foreignBuild(
  {natives, files}: NodeAddonInput,
  directory: string,
  manifest: NodeManifest,
  names: AddonNames,
): Promise<Found | undefined> {
  if (!manifest.dependencies.includes('bindings')) return undefined
  const firsts = new Map<string, string>()
  for (const place of BINDINGS) {
    for (const name of names.get(`${directory}/${place}`) ?? []) {
      if (!firsts.has(name)) firsts.set(name, `${directory}/${place}/${name}`)
    }
  }
  // Of a package with several add-ons it is not known which one is asked for.
  const [path] = firsts.values()
  const taken = path === undefined || firsts.size > 1 ? undefined : natives.get(path)
  if (path === undefined || taken?.fit !== 'other' || !(await calls(files, directory, 'bindings'))) return undefined
  return {
    ...ofPackage(directory, manifest),
    wanted: [path.slice(directory.length + 1)],
    outcome: {kind: 'foreign', path, machine: taken.machine},
    covers: [path],
    isRequired: true,
  }
}

/** Whether a package, when it is loaded, calls for certain what another one gives. */
async function calls(files: ModuleFiles, directory: string, specifier: string): Promise<boolean> {
  const modules = await ownModules(files, directory)
  return modules.some(({text}) => text.loads.some(load => load.specifier === specifier && load.isCalled))
}

/** What a package loads of its own files for certain, whether it is imported or required. */
async function ownModules(files: ModuleFiles, directory: string) {
  const mains = await Promise.all([packageMain(files, directory, false), packageMain(files, directory, true)])
  const main = mains[0] ?? mains[1]
  return main === undefined ? [] : followModules(files, [main.node.path], directory)
}

function ofPackage(
  directory: string,
  {name, version}: NodeManifest,
): Pick<Found, 'language' | 'directory' | 'package'> {
  return {language: 'node', directory, package: version === '' ? name : `${name}@${version}`}
}

async function findAll(
  files: NodeAddonInput['directories'],
  from: string,
  names: readonly string[],
): Promise<string[]> {
  const found: string[] = []
  for (const name of names) {
    const directory = await findPackage(files, from, name)
    if (directory !== undefined) found.push(directory)
  }
  return found
}

function addonNames(natives: ReadonlyMap<string, NativeFile>): AddonNames {
  const names = new Map<string, string[]>()
  for (const path of natives.keys()) {
    if (!path.endsWith('.node')) continue
    const at = path.lastIndexOf('/')
    const directory = path.slice(0, at)
    const known = names.get(directory)
    if (known === undefined) names.set(directory, [path.slice(at + 1)])
    else known.push(path.slice(at + 1))
  }
  return names
}
