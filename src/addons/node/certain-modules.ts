import type {FileNode} from '../../image/rootfs.ts'
import {LIMITS} from '../../lib/limits.ts'
import {type ModuleText, readModuleText} from './certain-loads.ts'
import {type ModuleFile, type ModuleFiles, readText, resolveModule} from './resolve.ts'

/** A module that is loaded for certain, where one starts from another. */
export interface CertainModule {
  /** No link in it. */
  readonly path: string
  /** Of the package that it is in, if it is in node_modules. */
  readonly directory: string | undefined
  readonly text: ModuleText
  readonly source: string
}

const MODULES = LIMITS['followed-modules'].most

/**
 * Follows what modules load for certain, from the given files on, the nearest first; and no further than the directory
 * `within`, where that is given. At most MODULES are read: those of one level at once, so that a layer that can only be
 * passed over is passed over once for all.
 */
export async function followModules(
  files: ModuleFiles,
  starts: readonly string[],
  within = '',
): Promise<readonly CertainModule[]> {
  const modules: CertainModule[] = []
  const known = new Set<string>()
  let paths = starts
  for (let level = 0; level < LIMITS['module-levels'].most && paths.length > 0; level += 1) {
    const found = await Promise.all(paths.map(path => files.lookup(path)))
    const nodes = found.flatMap(one => (one.outcome === 'found' ? one.node : []))
    const fresh = nodes.filter(({path, kind}) => {
      const isNew = kind === 'file' && !known.has(path) && known.size < MODULES && !OTHER_KINDS.test(path)
      if (isNew) known.add(path)
      return isNew
    })
    const read = await Promise.all(fresh.map(node => readModule(files, node)))
    const followed = read.flatMap(module => module ?? [])
    modules.push(...followed)
    const next = await Promise.all(followed.flatMap(module => loadedFiles(files, module)))
    paths = next.flatMap(one => (one?.node.path.startsWith(`${within}/`) ? one.node.path : []))
  }
  return modules
}

const OTHER_KINDS = /\.(?:json|node|wasm|ts|mts|cts)$/

async function readModule(files: ModuleFiles, node: FileNode): Promise<CertainModule | undefined> {
  const source = await readText(files, node, LIMITS['module-bytes'].most)
  if (source === undefined) return undefined
  return {path: node.path, directory: packageOf(node.path), text: readModuleText(source), source}
}

function loadedFiles(files: ModuleFiles, {path, text}: CertainModule): Promise<ModuleFile | undefined>[] {
  const from = path.slice(0, path.lastIndexOf('/'))
  return text.loads.slice(0, MODULES).map(({specifier, isImport}) => resolveModule(files, from, specifier, isImport))
}

/** The directory of the package that a path is in. */
export function packageOf(path: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0]
}
