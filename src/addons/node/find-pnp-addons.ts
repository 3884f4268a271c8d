import {LIMITS} from '../../lib/limits.ts'
import type {AddonProblem} from '../addon.ts'
import {fileAt} from '../files.ts'
import {failsWithoutPackage, SETTINGS} from './fails-without.ts'
import type {NodeAddonInput} from './node-input.ts'
import {platformFamilies} from './platform-packages.ts'
import {pnpFiles, readPnpState, requiredBy} from './pnp-files.ts'
import type {PnpPackage, PnpState} from './pnp-state.ts'

/**
 * Of packages that Yarn's Plug'n'Play knows: those whose optional package for the platform is not installed, while that
 * for another one is. The state names all of them on every platform; what is installed is what is in `.yarn/unplugged`
 * or in the cache. Packages of Yarn with prebuilds of their own are unplugged, and judged as those of a node_modules.
 */
export async function findPnpAddons(input: NodeAddonInput): Promise<readonly AddonProblem[]> {
  const problems: AddonProblem[] = []
  for (const directory of projectsOf(input.manifests.keys())) {
    const state = await readPnpState(input.files, directory)
    if (state !== undefined) problems.push(...(await findInState(input, state)))
  }
  return problems
}

/** Directories that may have a state: those of packages, and what is above Yarn's own. */
function projectsOf(directories: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>()
  for (const directory of directories) {
    const [, project] = /^(.*?)\/\.yarn\/unplugged\//.exec(directory) ?? []
    const one = project ?? (directory.includes('/node_modules/') ? undefined : directory)
    if (one !== undefined && found.size < LIMITS['followed-packages'].most) found.add(one === '/' ? '' : one)
  }
  return found
}

async function findInState(input: NodeAddonInput, state: PnpState): Promise<readonly AddonProblem[]> {
  const {target, env} = input
  const seen = pnpFiles(input.files, state)
  const needed = neededOf(state, input.manifests)
  const isLedElsewhere = [...env.keys()].some(name => SETTINGS.test(name))
  const problems = new Map<string, AddonProblem>()
  for (const one of state.values()) {
    const names = [...one.dependencies.keys()]
    const wanted: string[] = []
    const present: string[] = []
    for (const family of platformFamilies({name: '', version: '', dependencies: [], optional: names}, target)) {
      if ((await installedOf(input, one, family.wanted, state)).length > 0) continue
      const others = await installedOf(input, one, family.others, state)
      if (others.length === 0) continue
      wanted.push(...family.wanted)
      present.push(...others)
    }
    if (wanted.length === 0 || problems.size >= LIMITS['judged-packages'].most) continue
    if (!(await isInstalled(input, one)) || hasOwn(input, one.location)) continue
    const portable = names.filter(name => /wasm/i.test(name))
    if ((await installedOf(input, one, portable, state)).length > 0) continue
    problems.set(one.location, {
      language: 'node',
      directory: one.location,
      package: one.name,
      wanted,
      outcome: {kind: 'missing', present: present.sort()},
      covers: present,
      isRequired: !isLedElsewhere && (await failsWithoutPackage(seen, one.location, one.name)),
      isNeeded: needed.has(one),
    })
  }
  return [...problems.values()]
}

/** Native code of its own, or some for every platform. */
function hasOwn({natives, wasm}: NodeAddonInput, location: string): boolean {
  const isOwn = (path: string): boolean => path.startsWith(`${location}/`)
  return wasm.some(isOwn) || [...natives].some(([path, {fit}]) => fit !== 'other' && isOwn(path))
}

/** The places of those packages of such names that are installed. */
async function installedOf(
  input: NodeAddonInput,
  from: PnpPackage,
  names: readonly string[],
  state: PnpState,
): Promise<string[]> {
  const found: string[] = []
  for (const name of names) {
    const one = requiredBy(from, name, state)
    if (one !== undefined && one !== from && (await isInstalled(input, one))) found.push(one.location)
  }
  return found
}

async function isInstalled({directories, files}: NodeAddonInput, {location}: PnpPackage): Promise<boolean> {
  const zip = /^.*?\.zip(?=\/)/.exec(location)?.[0]
  if (zip !== undefined) return (await fileAt(files, zip)) !== undefined
  return (await directories.lookup(location)).outcome === 'found'
}

/** What the parts of the project depend on: by their package.json, where one says so, not for development alone. */
function neededOf(state: PnpState, manifests: NodeAddonInput['manifests']): ReadonlySet<PnpPackage> {
  const needed = new Set<PnpPackage>()
  const waiting: PnpPackage[] = []
  for (const one of state.values()) {
    if (!one.isWorkspace && one.name !== '') continue
    const manifest = manifests.get(one.location)
    const names =
      manifest === undefined ? [...one.dependencies.keys()] : [...manifest.dependencies, ...manifest.optional]
    waiting.push(...names.flatMap(name => requiredBy(one, name, state) ?? []))
  }
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (needed.has(one) || one.isWorkspace) continue
    needed.add(one)
    for (const name of one.dependencies.keys()) {
      const other = requiredBy(one, name, state)
      if (other !== undefined) waiting.push(other)
    }
  }
  return needed
}
