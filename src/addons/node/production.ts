import type {NodeManifest} from './manifest.ts'
import {findPackage, type ModuleFiles} from './resolve.ts'

/**
 * The packages that something of the image says it needs: from each package.json outside of node_modules on by
 * `dependencies`, and not by what is optional or for development. Where nothing says what a node_modules is for, every
 * package in it counts as needed. `manifests`: by the directory of the package, no link in it.
 */
export async function neededPackages(
  manifests: ReadonlyMap<string, NodeManifest>,
  files: Pick<ModuleFiles, 'lookup'>,
): Promise<ReadonlySet<string>> {
  const needed = new Set<string>()
  const waiting = [...manifests.keys()].filter(directory => isRoot(directory, manifests))
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    if (needed.has(directory)) continue
    needed.add(directory)
    for (const name of manifests.get(directory)?.dependencies ?? []) {
      const found = await findPackage(files, directory, name)
      if (found !== undefined && !needed.has(found)) waiting.push(found)
    }
  }
  return needed
}

/** Whether nothing else says if a package is needed: the application, and packages of a node_modules without one. */
function isRoot(directory: string, manifests: ReadonlyMap<string, NodeManifest>): boolean {
  const at = directory.lastIndexOf('/node_modules/')
  if (at < 0) return true
  // The stores of pnpm and of linked installs: all in it is reached by links.
  if (/\/node_modules\/\.[^/]+\//.test(directory)) return false
  return !manifests.has(directory.slice(0, at) || '/')
}
