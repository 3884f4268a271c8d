import type {NativeFile} from '../addon.ts'
import {packageOf} from './certain-modules.ts'
import type {NodeManifest} from './manifest.ts'
import type {NodeAddonInput} from './node-input.ts'
import {calls, type FoundAddon, ofPackage, ownModules} from './own-modules.ts'
import {choosePreGyp, PRE_GYP} from './pre-gyp.ts'
import type {AddonNames} from './prebuilds.ts'
import {resolveModule} from './resolve.ts'

/** Where node-pre-gyp leads there is no add-on for the platform, though for others, or one of another machine. */
export async function unfitPreGyp(
  {target, natives, files}: NodeAddonInput,
  directory: string,
  manifest: NodeManifest,
  names: AddonNames,
): Promise<FoundAddon | undefined> {
  const used = PRE_GYP.find(name => manifest.dependencies.includes(name))
  if (used === undefined) return undefined
  const choice = choosePreGyp(directory, manifest, names, target)
  if (choice.kind === 'unknown') return undefined
  const taken = choice.kind === 'takes' ? choice.paths.map(path => ({path, file: natives.get(path)})) : []
  const [first] = taken
  if (taken.some(({file}) => file?.fit !== 'other') || !(await calls(files, directory, used))) return undefined
  const common = {...ofPackage(directory, manifest), isRequired: true}
  if (choice.kind === 'missing') {
    const {wanted, present} = choice
    return {...common, wanted: [wanted], outcome: {kind: 'missing', present}, covers: present}
  }
  if (first === undefined) return undefined
  return {
    ...common,
    wanted: [first.path.slice(directory.length + 1)],
    outcome: {kind: 'foreign', path: first.path, machine: first.file?.machine ?? ''},
    covers: choice.paths,
  }
}

/** Where `bindings` looks, in its order. https://github.com/TooTallNate/node-bindings */
const BINDINGS = ['build', 'build/Debug', 'build/Release', 'out/Debug', 'Debug', 'out/Release', 'Release']
/** Where it looks at last, by NODE_MODULE_VERSION, system and machine. */
const BY_PLATFORM = /\/lib\/binding\/node-v[0-9]+-[a-z0-9]+-[a-z0-9]+$/

/** What `bindings` finds first is of another machine; or all that is there for it is for other platforms. */
export async function unfitBuild(
  {target, natives, files}: NodeAddonInput,
  directory: string,
  manifest: NodeManifest,
  names: AddonNames,
): Promise<FoundAddon | undefined> {
  if (!manifest.dependencies.includes('bindings')) return undefined
  const ofPlatform = `lib/binding/node-v${target.abi}-linux-${target.arch}`
  const firsts = new Map<string, string>()
  for (const place of [...BINDINGS, ofPlatform]) {
    for (const name of names.get(`${directory}/${place}`) ?? []) {
      if (!firsts.has(name)) firsts.set(name, `${directory}/${place}/${name}`)
    }
  }
  if (firsts.size === 0) return missingBuild({target, files}, directory, manifest, names, ofPlatform)
  // Of a package with several add-ons it is not known which one is requested.
  const [path] = firsts.values()
  const taken = path === undefined || firsts.size > 1 ? undefined : natives.get(path)
  if (path === undefined || taken?.fit !== 'other' || !(await calls(files, directory, 'bindings'))) return undefined
  return foreign(directory, manifest, path, taken)
}

/**
 * Packages that load their add-on, of this name, when an object of what they give is made, unless a setting
 * `nativeBinding` gives another; scripts/addons makes one of each.
 * https://github.com/WiseLibs/better-sqlite3/blob/v12.2.0/lib/database.js
 */
const WHEN_MADE: ReadonlyMap<string, string> = new Map([
  ['better-sqlite3', 'better_sqlite3.node'],
  ['better-sqlite3-multiple-ciphers', 'better_sqlite3.node'],
])
/** Where they look without `bindings`, before their own prebuilds: from release 13 on. */
const COMPILED = ['build/Debug', 'build/Release']

/** The first that such a package takes is of another machine. */
export function unfitWhenMade(
  {natives}: Pick<NodeAddonInput, 'natives'>,
  directory: string,
  manifest: NodeManifest,
): FoundAddon | undefined {
  const name = WHEN_MADE.get(manifest.name)
  if (name === undefined) return undefined
  const places = manifest.dependencies.includes('bindings') ? BINDINGS : COMPILED
  const path = places.map(place => `${directory}/${place}/${name}`).find(one => natives.has(one))
  const taken = path === undefined ? undefined : natives.get(path)
  if (path === undefined || taken?.fit !== 'other') return undefined
  return {...foreign(directory, manifest, path, taken), isRequired: false, isMadeWith: true}
}

async function missingBuild(
  {target, files}: Pick<NodeAddonInput, 'target' | 'files'>,
  directory: string,
  manifest: NodeManifest,
  names: AddonNames,
  wanted: string,
): Promise<FoundAddon | undefined> {
  if (target.abi === undefined) return undefined
  const present = [...names.keys()].filter(
    place => place.startsWith(`${directory}/lib/`) && BY_PLATFORM.test(place.slice(directory.length)),
  )
  if (present.length === 0 || !(await calls(files, directory, 'bindings'))) return undefined
  return {
    ...ofPackage(directory, manifest),
    wanted: [wanted],
    outcome: {kind: 'missing', present: present.sort()},
    covers: present,
    isRequired: true,
  }
}

/** Packages with add-ons of other machines. */
export function foreignAddons(natives: NodeAddonInput['natives']): ReadonlySet<string> {
  const directories = new Set<string>()
  for (const [path, {fit}] of natives) {
    const directory = fit === 'other' && path.endsWith('.node') ? packageOf(path) : undefined
    if (directory !== undefined) directories.add(directory)
  }
  return directories
}

/**
 * A module of the package requires a file for certain that is of another machine: `require('./build/Release/x.node')`.
 */
export async function foreignFile(
  {natives, files}: NodeAddonInput,
  directory: string,
  manifest: NodeManifest,
  packages: ReadonlySet<string>,
): Promise<FoundAddon | undefined> {
  if (!packages.has(directory)) return undefined
  for (const {path, text} of await ownModules(files, directory)) {
    for (const {specifier, isImport} of text.loads) {
      if (isImport || !specifier.startsWith('.')) continue
      const found = await resolveModule(files, path.slice(0, path.lastIndexOf('/')), specifier, false)
      const taken = found && natives.get(found.node.path)
      if (found?.node.path.endsWith('.node') && taken?.fit === 'other')
        return foreign(directory, manifest, found.node.path, taken)
    }
  }
  return undefined
}

function foreign(directory: string, manifest: NodeManifest, path: string, {machine}: NativeFile): FoundAddon {
  return {
    ...ofPackage(directory, manifest),
    wanted: [path.slice(directory.length + 1)],
    outcome: {kind: 'foreign', path, machine},
    covers: [path],
    isRequired: true,
  }
}
