import type {RootFs} from '../../image/rootfs.ts'
import {LIMITS} from '../../lib/limits.ts'
import type {AddonProblem, NativeFile} from '../addon.ts'
import {type ExtensionModule, extensionModules, extensionSuffixes, siteOf} from './extension-modules.ts'
import {followImports} from './follow-imports.ts'

/** What a walk through all files saw of Python. */
export interface PythonListing {
  /** Files that end in `.so`, below directories of packages and in lib-dynload. */
  readonly extensions: ReadonlyMap<string, NativeFile>
}

export interface PythonAddonInput extends PythonListing {
  /** Asked for modules of a package where something is wrong with it. */
  readonly files: Pick<RootFs, 'lookup' | 'open'>
}

interface WrongModule {
  readonly module: ExtensionModule
  readonly wanted: string
  /** The first file that the interpreter takes; undefined where it takes none. */
  readonly taken: {readonly path: string; readonly file: NativeFile} | undefined
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
export async function findPythonAddons({extensions, files}: PythonAddonInput): Promise<readonly AddonProblem[]> {
  const releases = extensionSuffixes(extensions)
  const packages = new Map<string, WrongPackage>()
  for (const module of extensionModules(extensions)) {
    const site = siteOf(module.stem)
    const suffixes = site && suffixesOf(site.version, releases)
    const [name, ...below] = site === undefined ? [] : module.stem.slice(site.path.length + 1).split('/')
    if (site === undefined || suffixes === undefined || name === undefined || below.length === 0) continue
    const wrong = judge(module, suffixes)
    if (wrong === undefined) continue
    const directory = `${site.path}/${name}`
    const known = packages.get(directory) ?? {directory, site: site.path, suffixes, modules: []}
    known.modules.push(wrong)
    packages.set(directory, known)
  }
  // All at once: what they read of one layer is read together.
  const problems = await Promise.all(
    [...packages.values()].slice(0, LIMITS['followed-packages'].most).map(one => problemOf(one, files)),
  )
  return problems.flatMap(problem => problem ?? [])
}

/** Those of a release; of a directory for any Python 3, where the image has one alone. */
function suffixesOf(
  version: string | undefined,
  releases: ReadonlyMap<string, readonly string[] | undefined>,
): readonly string[] | undefined {
  if (version !== undefined) return releases.get(version)
  return releases.size === 1 ? [...releases.values()][0] : undefined
}

/** What is wrong with a module; undefined where it can be imported, or it is not known. */
function judge(module: ExtensionModule, suffixes: readonly string[]): WrongModule | undefined {
  const {stem, files} = module
  // A stable ABI for one machine (`.abi3-x86_64-linux-gnu.so`) is of later releases: which take it is not known.
  if ([...files.keys()].some(suffix => suffix.startsWith('.abi3-'))) return undefined
  const wanted = `${stem.slice(stem.lastIndexOf('/') + 1)}${suffixes[0]}`
  const suffix = suffixes.find(one => files.has(one))
  const file = suffix === undefined ? undefined : files.get(suffix)
  if (suffix === undefined || file === undefined) return {module, wanted, taken: undefined}
  return file.fit === 'other' ? {module, wanted, taken: {path: stem + suffix, file}} : undefined
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
  const filesOf = ({stem, files: found}: ExtensionModule): readonly string[] =>
    [...found.keys()].map(suffix => stem + suffix).sort()
  return {
    language: 'python',
    directory,
    package: directory.slice(site.length + 1),
    wanted: [first.wanted],
    outcome:
      first.taken === undefined
        ? {kind: 'missing', present: filesOf(first.module)}
        : {kind: 'foreign', path: first.taken.path, machine: first.taken.file.machine},
    covers: wrong.flatMap(({module}) => filesOf(module)),
    isRequired: required !== undefined,
    isNeeded: required !== undefined,
    modules: wrong.map(({module}) => module.stem),
  }
}

async function hasSource(stem: string, files: PythonAddonInput['files']): Promise<boolean> {
  for (const path of [`${stem}.py`, `${stem}.pyc`, `${stem}/__init__.py`]) {
    if ((await files.lookup(path)).outcome === 'found') return true
  }
  return false
}
