import {directoryOf} from '../../lib/paths.ts'
import type {AddonProblem, NativeFiles} from '../addon.ts'

/** A module that a configuration names to be loaded. */
export interface ConfiguredModule {
  /** As the configuration has it. */
  readonly name: string
  /** The file that names it. */
  readonly configuredIn: string
  /** Where PHP looks for it: the first that is there is loaded. */
  readonly paths: readonly string[]
}

/** What is wrong with it: it is not there, or it is of another machine; undefined where neither is certain. */
export async function judgeModule(
  {name, configuredIn, paths}: ConfiguredModule,
  {natives, files}: NativeFiles,
): Promise<AddonProblem | undefined> {
  const [first] = paths
  if (first === undefined) return undefined
  const common = {language: 'php', package: name, configuredIn, isRequired: false, isNeeded: true} as const
  for (const path of paths) {
    const found = await files.lookup(path)
    if (found.outcome === 'missing' || found.outcome === 'not-a-directory') continue
    const native = found.outcome === 'found' ? natives.get(found.node.path) : undefined
    if (found.outcome !== 'found' || native?.fit !== 'other') return undefined
    const outcome = {kind: 'foreign', path: found.node.path, machine: native.machine} as const
    return {...common, directory: directoryOf(path), wanted: [path], outcome, covers: [found.node.path]}
  }
  const wanted = [paths.at(-1) ?? first]
  return {...common, directory: directoryOf(first), wanted, outcome: {kind: 'missing', present: []}, covers: []}
}
