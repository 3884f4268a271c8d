import type {AddonProblem} from '../addon.ts'
import {type CertainModule, followModules} from './certain-modules.ts'
import type {NodeManifest} from './manifest.ts'
import {type ModuleFiles, packageMain} from './resolve.ts'

/** What is wrong with a package, before it is known whether anything needs it. */
export type FoundAddon = Omit<AddonProblem, 'isNeeded'>

/** Whether a package, when it is loaded, calls for certain what another one gives. */
export async function calls(files: ModuleFiles, directory: string, specifier: string): Promise<boolean> {
  const modules = await ownModules(files, directory)
  return modules.some(({text}) => text.loads.some(load => load.specifier === specifier && load.isCalled))
}

/** What a package loads of its own files for certain, whether it is imported or required. */
export async function ownModules(files: ModuleFiles, directory: string): Promise<readonly CertainModule[]> {
  const mains = await Promise.all([packageMain(files, directory, false), packageMain(files, directory, true)])
  const main = mains[0] ?? mains[1]
  return main === undefined ? [] : followModules(files, [main.node.path], directory)
}

/** The parts of a problem that tell of which package it is. */
export function ofPackage(
  directory: string,
  {name, version}: NodeManifest,
): Pick<FoundAddon, 'language' | 'directory' | 'package'> {
  return {language: 'node', directory, package: version === '' ? name : `${name}@${version}`}
}
