import {directoryOf} from '../lib/paths.ts'
import type {AddonProblem, NativeFiles} from './addon.ts'

/** A module that a configuration names to be loaded. */
export interface ConfiguredModule {
  readonly language: AddonProblem['language']
  /** As the configuration has it. */
  readonly name: string
  /** The file that names it; the program itself where its command does. */
  readonly configuredIn: string
  /** Where it is looked for: the first that is there is loaded. */
  readonly paths: readonly string[]
  /** The starts that fail without it, as `startOf` writes them; none where the program goes on. */
  readonly starts?: readonly string[]
}

/** What is wrong with it: it is not there, or it is of another machine; undefined where neither is certain. */
export async function judgeModule(
  {language, name, configuredIn, paths, starts = []}: ConfiguredModule,
  {natives, files}: NativeFiles,
): Promise<AddonProblem | undefined> {
  const [first] = paths
  if (first === undefined) return undefined
  const common = {language, package: name, configuredIn, starts, isRequired: false, isNeeded: true} as const
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

/** One start of a server: of its program, with the configuration that its command names, if any. */
export function startOf(program: string, configuration: string | undefined): string {
  return configuration === undefined ? program : `${program} ${configuration}`
}
