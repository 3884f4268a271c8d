import type {RootFs} from '../../image/rootfs.ts'
import type {AddonProblem} from '../addon.ts'
import {namesIn} from '../files.ts'
import {filesOfApplication} from './application.ts'
import {followImports} from './follow-imports.ts'
import {filesOfModule} from './run-module.ts'
import type {PythonSearch} from './search-path.ts'

/**
 * What Python is to run: a file, or the module of `-m`; or a module that the first directory has, and a server imports.
 */
export type PythonRun = {readonly script: string} | {readonly module: string} | {readonly application: string}

/**
 * What a script or a module imports for certain where it is run: paths of modules without suffixes, their packages, and
 * directories of packages for another release in which an import would be found. `addons`: what is looked for.
 */
export async function importedBy(
  files: Pick<RootFs, 'lookup' | 'list' | 'open'>,
  run: PythonRun,
  {directories: searched, standard, unsearched}: PythonSearch,
  addons: readonly AddonProblem[],
): Promise<readonly string[]> {
  const ofPython = addons.filter(({language}) => language === 'python')
  const own = ofPython.flatMap(({wanted}) => wanted.flatMap(name => /\.cpython-[^/.]*\.so$/.exec(name) ?? []))
  const suffixes = [...new Set(own), '.abi3.so', '.so']
  const unfit = new Set(ofPython.flatMap(({modules = []}) => modules))
  for (const site of unsearched) {
    for (const name of await namesIn(files, site))
      if (name.endsWith('.so')) unfit.add(`${site}/${name.replace(/\..*/, '')}`)
  }
  const directories = [...searched, ...unsearched]
  const found = await filesOf(files, directories, run)
  const stems = await followImports(files, found, {directories, suffixes, standard, unfit})
  const all = 'script' in run ? [...stems] : [...found.map(path => path.replace(/(?:\/__init__)?\.py$/, '')), ...stems]
  return [...all, ...unsearched.filter(site => all.some(stem => stem.startsWith(`${site}/`)))]
}

function filesOf(
  files: Pick<RootFs, 'lookup'>,
  directories: readonly string[],
  run: PythonRun,
): Promise<readonly string[]> | readonly string[] {
  if ('script' in run) return [run.script]
  if ('application' in run) return filesOfApplication(files, directories, run.application)
  return filesOfModule(files, directories, run.module)
}
