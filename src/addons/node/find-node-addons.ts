import type {AddonProblem, NativeFile} from '../addon.ts'
import {foreignAddons, foreignFile, unfitBuild, unfitPreGyp, unfitWhenMade} from './built-addons.ts'
import {failsWithoutPackage, SETTINGS} from './fails-without.ts'
import {findPnpAddons} from './find-pnp-addons.ts'
import type {NodeManifest} from './manifest.ts'
import type {NodeAddonInput} from './node-input.ts'
import type {NodeTarget} from './node-target.ts'
import {calls, type FoundAddon, ofPackage} from './own-modules.ts'
import {platformFamilies} from './platform-packages.ts'
import {type AddonNames, choosePrebuild} from './prebuilds.ts'
import {neededPackages} from './production.ts'
import {findPackage} from './resolve.ts'

/**
 * For each package of Node with native code: is there some that Node would load on the platform? What is
 * not said is not known, or is all right.
 */
export async function findNodeAddons(input: NodeAddonInput): Promise<readonly AddonProblem[]> {
  const names = addonNames(input.natives)
  const foreign = foreignAddons(input.natives)
  const packages = [...input.manifests].filter(([directory]) => directory.includes('/node_modules/'))
  // All at once: what they read of one layer is read together.
  const problems = await Promise.all(
    packages.map(
      async ([directory, manifest]) =>
        (await missingPlatformPackage(input, directory, manifest)) ??
        (await unfitPrebuild(input, directory, manifest, names)) ??
        (await unfitPreGyp(input, directory, manifest, names)) ??
        (await unfitBuild(input, directory, manifest, names)) ??
        unfitWhenMade(input, directory, manifest) ??
        (await foreignFile(input, directory, manifest, foreign)),
    ),
  )
  const found = problems.flatMap(problem => problem ?? [])
  const ofPnp = await findPnpAddons(input)
  if (found.length === 0) return ofPnp
  const needed = await neededPackages(input.manifests, input.directories)
  return [...found.map(problem => ({...problem, isNeeded: needed.has(problem.directory)})), ...ofPnp].sort((a, b) =>
    a.directory < b.directory ? -1 : 1,
  )
}

/**
 * The optional package for the platform is not installed, and that for another one is: so is a node_modules that was
 * installed elsewhere. What the package has of its own for the platform, or for any (WebAssembly), is taken instead.
 */
async function missingPlatformPackage(
  {target, env, files, directories, natives, wasm}: NodeAddonInput,
  directory: string,
  manifest: NodeManifest,
): Promise<FoundAddon | undefined> {
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
  const isRequired = !isLedElsewhere && (await failsWithoutPackage(files, directory, manifest.name))
  return {...ofPackage(directory, manifest), wanted, outcome: {kind: 'missing', present}, covers: present, isRequired}
}

async function unfitPrebuild(
  {target, env, natives, files}: NodeAddonInput,
  directory: string,
  manifest: NodeManifest,
  names: AddonNames,
): Promise<FoundAddon | undefined> {
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
