import type {RootFs} from '../image/rootfs.ts'
import {readWhole} from '../lib/bytes.ts'
import {directoryOf} from '../lib/paths.ts'
import type {AddonProblem, NativeFile} from './addon.ts'

/** A module that a configuration names to be loaded. */
export interface ConfiguredModule {
  readonly language: AddonProblem['language']
  /** As the configuration has it. */
  readonly name: string
  /** The file that names it. */
  readonly configuredIn: string
  /** Where the program looks for it: the first that is there is loaded. */
  readonly paths: readonly string[]
}

export interface ModuleFiles {
  /** ELF files of the image. */
  readonly natives: ReadonlyMap<string, NativeFile>
  readonly files: Pick<RootFs, 'lookup' | 'list' | 'open'>
}

/** What is wrong with it: it is not there, or it is of another machine; undefined where neither is certain. */
export async function judgeModule(
  {language, name, configuredIn, paths}: ConfiguredModule,
  {natives, files}: ModuleFiles,
): Promise<AddonProblem | undefined> {
  const [first] = paths
  if (first === undefined) return undefined
  const common = {language, package: name, configuredIn, isRequired: true, isNeeded: true} as const
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

/** In bytes. */
const CONFIGURATION_LIMIT = 256 * 1024

/** A configuration; undefined where it is not a file, or too long for one. */
export async function readConfiguration(files: ModuleFiles['files'], path: string): Promise<string | undefined> {
  const found = await files.lookup(path)
  if (found.outcome !== 'found' || found.node.kind !== 'file') return undefined
  const bytes = await readWhole(await files.open(found.node), CONFIGURATION_LIMIT)
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes)
}

/** The names in a directory, in the order of their bytes. */
export async function namesIn(files: ModuleFiles['files'], directory: string): Promise<readonly string[]> {
  const found = await files.lookup(directory)
  return found.outcome === 'found' && found.node.kind === 'directory' ? files.list(found.node) : []
}
