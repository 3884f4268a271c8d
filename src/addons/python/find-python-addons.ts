import type {RootFs} from '../../image/rootfs.ts'
import {LIMITS} from '../../lib/limits.ts'
import type {AddonProblem, NativeFile} from '../addon.ts'
import {extensionModules, extensionSuffixes, siteOf} from './extension-modules.ts'
import {followImports} from './follow-imports.ts'
import {filesOf, hasSource, judgeExtension, outcomeOf, type WrongModule} from './judge-extension.ts'
import {loneModule} from './lone-module.ts'
import {findUnsearchedSites} from './unsearched-sites.ts'

/** What a walk through all files saw of Python. */
export interface PythonListing {
  /** Files that end in `.so`, below directories of packages and in lib-dynload, and with a tag of Python anywhere. */
  readonly extensions: ReadonlyMap<string, NativeFile>
  /** Directories of packages of one release: `/usr/local/lib/python3.13/site-packages`. */
  readonly sites: readonly string[]
}

export interface PythonAddonInput extends PythonListing {
  /** Asked for modules of a package where something is wrong with it. */
  readonly files: Pick<RootFs, 'lookup' | 'list' | 'open'>
  readonly natives: ReadonlyMap<string, NativeFile>
  readonly env: ReadonlyMap<string, string>
}

interface WrongPackage {
  readonly directory: string
  readonly site: string
  readonly suffixes: readonly string[]
  readonly modules: WrongModule[]
}

/**
 * For each package of Python with extension modules: can the interpreter of its release import them? It is required
 * where the package imports one for certain when it is imported itself. Modules with source beside them are left out.
 */
export async function findPythonAddons(input: PythonAddonInput): Promise<readonly AddonProblem[]> {
  const {extensions, files} = input
  const releases = extensionSuffixes(extensions)
  const packages = new Map<string, WrongPackage>()
  const lone: WrongModule[] = []
  for (const module of extensionModules(extensions)) {
    const site = siteOf(module.stem)
    const suffixes = module.stem.includes('/lib-dynload/') ? undefined : suffixesOf(site?.version, releases)
    const wrong = suffixes && judgeExtension(module, suffixes)
    if (suffixes === undefined || wrong === undefined) continue
    const [name = '', ...below] = site === undefined ? [] : module.stem.slice(site.path.length + 1).split('/')
    if (site === undefined || below.length === 0) {
      lone.push(wrong)
      continue
    }
    const directory = `${site.path}/${name}`
    const known = packages.get(directory) ?? {directory, site: site.path, suffixes, modules: []}
    known.modules.push(wrong)
    packages.set(directory, known)
  }
  // All at once: what they read of one layer is read together.
  const problems = await Promise.all(
    [...packages.values()].slice(0, LIMITS['followed-packages'].most).map(one => problemOf(one, files)),
  )
  const ofModules = await Promise.all(lone.slice(0, LIMITS['judged-packages'].most).map(one => loneModule(one, files)))
  return [...problems, ...ofModules, ...(await findUnsearchedSites(input))].flatMap(problem => problem ?? [])
}

/** Those of a release; of a directory for any Python 3, where the image has one alone. */
function suffixesOf(
  version: string | undefined,
  releases: ReadonlyMap<string, readonly string[] | undefined>,
): readonly string[] | undefined {
  if (version !== undefined) return releases.get(version)
  return releases.size === 1 ? [...releases.values()][0] : undefined
}

async function problemOf(
  {directory, site, suffixes, modules}: WrongPackage,
  files: PythonAddonInput['files'],
): Promise<AddonProblem | undefined> {
  const wrong: WrongModule[] = []
  for (const one of modules) {
    // Where an extension module is found, it is taken before source.
    if (one.taken !== undefined || !(await hasSource(one.module.stem, files))) wrong.push(one)
  }
  if (wrong.length === 0) return undefined
  const imported = await followImports(files, [`${directory}/__init__.py`], {directories: [site], suffixes}, directory)
  const required = wrong.find(({module}) => imported.has(module.stem))
  const first = required ?? wrong[0]
  if (first === undefined) return undefined
  return {
    language: 'python',
    directory,
    package: directory.slice(site.length + 1),
    wanted: [first.wanted],
    outcome: outcomeOf(first),
    covers: wrong.flatMap(filesOf),
    isRequired: required !== undefined,
    isNeeded: required !== undefined,
    modules: wrong.map(({module}) => module.stem),
  }
}
