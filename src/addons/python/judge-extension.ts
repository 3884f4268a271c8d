import type {RootFs} from '../../image/rootfs.ts'
import type {AddonProblem, NativeFile} from '../addon.ts'
import type {ExtensionModule} from './extension-modules.ts'

/** An extension module that its interpreter cannot import. */
export interface WrongModule {
  readonly module: ExtensionModule
  /** The name of the file that it looks for first. */
  readonly wanted: string
  /** The first file that the interpreter takes; undefined where it takes none. */
  readonly taken: {readonly path: string; readonly file: NativeFile} | undefined
}

/** What is wrong with a module; undefined where it can be imported, or it is not known. */
export function judgeExtension(module: ExtensionModule, suffixes: readonly string[]): WrongModule | undefined {
  const {stem, files} = module
  // A stable ABI for one machine (`.abi3-x86_64-linux-gnu.so`) is of later releases: which take it is not known.
  if ([...files.keys()].some(suffix => suffix.startsWith('.abi3-'))) return undefined
  const wanted = `${stem.slice(stem.lastIndexOf('/') + 1)}${suffixes[0]}`
  const suffix = suffixes.find(one => files.has(one))
  const file = suffix === undefined ? undefined : files.get(suffix)
  if (suffix === undefined || file === undefined) return {module, wanted, taken: undefined}
  return file.fit === 'other' ? {module, wanted, taken: {path: stem + suffix, file}} : undefined
}

/** The files of a module, in the order of their names. */
export function filesOf({module: {stem, files}}: WrongModule): readonly string[] {
  return [...files.keys()].map(suffix => stem + suffix).sort()
}

/** What an interpreter comes to that imports it. */
export function outcomeOf(wrong: WrongModule): AddonProblem['outcome'] {
  const {taken} = wrong
  if (taken === undefined) return {kind: 'missing', present: filesOf(wrong)}
  return {kind: 'foreign', path: taken.path, machine: taken.file.machine}
}

/** Whether source or a package stands beside a module of which no file is taken: that is imported then. */
export async function hasSource(stem: string, files: Pick<RootFs, 'lookup'>): Promise<boolean> {
  for (const path of [`${stem}.py`, `${stem}.pyc`, `${stem}/__init__.py`]) {
    if ((await files.lookup(path)).outcome === 'found') return true
  }
  return false
}
