import {LIMITS} from '../../lib/limits.ts'
import {fileAt} from '../files.ts'
import {followFiles} from '../follow-files.ts'
import {type ModuleText, readModuleText} from './certain-loads.ts'
import {type ModuleFile, type ModuleFiles, resolveModule} from './resolve.ts'

/** A module that is loaded for certain, where one starts from another. */
export interface CertainModule {
  /** No link in it. */
  readonly path: string
  /** Of the package that it is in, if it is in node_modules. */
  readonly directory: string | undefined
  readonly text: ModuleText
  readonly source: string
  /** The directories of packages of which it makes an object for certain. */
  readonly makes: readonly string[]
}

/**
 * Follows what modules load for certain, from the given files on, the nearest first; and no further than the directory
 * `within`, where that is given.
 */
export async function followModules(
  files: ModuleFiles,
  starts: readonly string[],
  within = '',
): Promise<readonly CertainModule[]> {
  const modules: CertainModule[] = []
  const found = await Promise.all(starts.map(path => fileAt(files, path)))
  const scripts = found.flatMap(node => (node === undefined || OTHER_KINDS.test(node.path) ? [] : {node}))
  const levels = LIMITS['module-levels'].most
  await followFiles(
    files,
    scripts,
    async level => {
      const followed = level.map(({file: {node}, text}) => moduleOf(node.path, text))
      const loaded = await Promise.all(followed.map(module => Promise.all(loadedFiles(files, module))))
      modules.push(...followed.map((module, at) => ({...module, makes: madePackages(module, loaded[at] ?? [])})))
      return loaded
        .flat()
        .flatMap(one => (one?.node.path.startsWith(`${within}/`) && !OTHER_KINDS.test(one.node.path) ? one : []))
    },
    levels,
  )
  return modules
}

const OTHER_KINDS = /\.(?:json|node|wasm|ts|mts|cts)$/

function moduleOf(path: string, source: string): Omit<CertainModule, 'makes'> {
  return {path, directory: packageOf(path), text: readModuleText(source), source}
}

/** Of a package as a whole: what one of its files gives may be another thing. */
function madePackages(
  {text}: Pick<CertainModule, 'text'>,
  loaded: readonly (ModuleFile | undefined)[],
): readonly string[] {
  return loaded.flatMap((file, at) => {
    const load = text.loads[at]
    return load?.isMade === true && WHOLE_PACKAGE.test(load.specifier) ? (packageOf(file?.node.path ?? '') ?? []) : []
  })
}

const WHOLE_PACKAGE = /^(?:@[^/]+\/)?[^/@.:]+$/

function loadedFiles(
  files: ModuleFiles,
  {path, text}: Pick<CertainModule, 'path' | 'text'>,
): Promise<ModuleFile | undefined>[] {
  const from = path.slice(0, path.lastIndexOf('/'))
  return text.loads
    .slice(0, LIMITS['followed-modules'].most)
    .map(({specifier, isImport}) => resolveModule(files, from, specifier, isImport))
}

/** The directory of the package that a path is in. */
export function packageOf(path: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0]
}
