import {type ModuleText, readModuleText} from './certain-loads.ts'
import {type ModuleFiles, readText, resolveModule} from './resolve.ts'

/** A module that is loaded for certain, where one starts from another. */
export interface CertainModule {
  /** No link in it. */
  readonly path: string
  /** Of the package that it is in, if it is in node_modules. */
  readonly directory: string | undefined
  readonly text: ModuleText
  readonly source: string
}

/** Each costs one look into the image. */
const MODULES = 200
/** In bytes: what is larger is a bundle, which is not followed. */
const MODULE_LIMIT = 512 * 1024

/**
 * Follows what modules load for certain, from the given files on, the nearest first; and no further than the directory
 * `within`, where that is given. At most MODULES are read.
 */
export async function followModules(
  files: ModuleFiles,
  starts: readonly string[],
  within = '',
): Promise<readonly CertainModule[]> {
  const modules: CertainModule[] = []
  const known = new Set<string>()
  const waiting = [...starts]
  for (let path = waiting.shift(); path !== undefined && known.size < MODULES; path = waiting.shift()) {
    const found = await files.lookup(path)
    if (found.outcome !== 'found' || found.node.kind !== 'file' || known.has(found.node.path)) continue
    const {node} = found
    known.add(node.path)
    if (/\.(?:json|node|wasm|ts|mts|cts)$/.test(node.path)) continue
    const source = await readText(files, node, MODULE_LIMIT)
    if (source === undefined) continue
    const text = readModuleText(source)
    modules.push({path: node.path, directory: packageOf(node.path), text, source})
    const from = node.path.slice(0, node.path.lastIndexOf('/'))
    for (const {specifier, isImport} of text.loads) {
      const next = await resolveModule(files, from, specifier, isImport)
      if (next?.node.path.startsWith(`${within}/`)) waiting.push(next.node.path)
    }
  }
  return modules
}

/** The directory of the package that a path is in. */
export function packageOf(path: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0]
}
