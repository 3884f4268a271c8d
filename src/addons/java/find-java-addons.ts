import type {RootFs} from '../../image/rootfs.ts'
import {LIMITS} from '../../lib/limits.ts'
import {baseName} from '../../lib/paths.ts'
import type {AddonProblem} from '../addon.ts'
import type {JarNatives} from './java-archive.ts'
import type {JavaTarget} from './java-target.ts'
import {NATIVE_LIBRARIES, type NativeLibrary} from './native-libraries.ts'
import {missingUnder} from './native-needs.ts'

/** What a walk through all files saw of Java. */
export interface JavaListing {
  /** By the path of the jar, where it has natives. */
  readonly jars: ReadonlyMap<string, readonly JarNatives[]>
  /** Names of the platform's own libraries outside of jars that a library of Java may ask for. */
  readonly names: ReadonlySet<string>
}

export interface JavaAddonInput extends JavaListing {
  readonly target: JavaTarget
  readonly files: Pick<RootFs, 'lookup'>
}

/**
 * For each library of Java that takes its native code out of a jar: does a jar of the image have one for the platform?
 * One in any jar, or beside, is enough: which jars are on a class path is not known. By its bytes, too: what is of
 * another machine under the platform's own path cannot be loaded, and neither can a native for glibc under musl, or the
 * reverse. Whether the application loads it
 * is not known either, so nothing of it is said to be required.
 */
export async function findJavaAddons(input: JavaAddonInput): Promise<readonly AddonProblem[]> {
  const {jars, files, target} = input
  const problems: AddonProblem[] = []
  for (const library of NATIVE_LIBRARIES) {
    const carriers = [...jars].flatMap(([path, natives]) =>
      natives.flatMap(one => (one.library === library.name ? [{path, ...one}] : [])),
    )
    const wanted = wantedWords(library, carriers, target)
    const isElsewhere =
      carriers.some(({hasFallback}) => hasFallback) || [...input.names].some(name => library.file.test(name))
    if (wanted.length === 0 || isElsewhere) continue
    const taken = carriers.filter(({words}) => words.some(word => wanted.includes(word)))
    if (taken.length > 0) problems.push(...(await unloadable({library, target, files}, taken, wanted)))
    else problems.push(...carriers.filter(({words}) => words.length > 0).map(one => problemOf(library, one, wanted)))
  }
  return problems
}

/** Natives that cannot be loaded; none where one of the jars has one that can, or may. */
async function unloadable(
  {library, target: {libc}, files}: Pick<JavaAddonInput, 'target' | 'files'> & {readonly library: NativeLibrary},
  carriers: readonly Carrier[],
  wanted: readonly string[],
): Promise<readonly AddonProblem[]> {
  const problems: AddonProblem[] = []
  for (const carrier of carriers.slice(0, LIMITS['nested-jars'].most)) {
    const words = carrier.words.filter(word => wanted.includes(word))
    for (const word of words) {
      const native = carrier.natives.find(one => one.word === word)
      if (native === undefined) return []
      const {entry, machine, fit, needed} = native
      const common = problemOf(library, carrier, words)
      if (fit === 'other') {
        problems.push({...common, wanted: [entry], outcome: {kind: 'foreign', path: entry, machine}})
        continue
      }
      const isJudged = fit === 'own' && libc !== undefined && !(libc === 'musl' && /musl/i.test(word))
      const missing = isJudged ? await missingUnder(libc, needed, name => isInLibraries(files, name)) : []
      if (missing.length === 0 || libc === undefined) return []
      problems.push({...common, wanted: missing, outcome: {kind: 'unlinked', entry, missing, libc}})
    }
  }
  return problems
}

/** Where loaders look by themselves; what a variable or a file of their own adds holds libraries of the same libc. */
async function isInLibraries(files: Pick<RootFs, 'lookup'>, name: string): Promise<boolean> {
  for (const directory of ['/lib', '/usr/local/lib', '/usr/lib', '/lib64', '/usr/lib64'])
    if ((await files.lookup(`${directory}/${name}`)).outcome === 'found') return true
  return false
}

type Carrier = JarNatives & {readonly path: string}

function wantedWords(library: NativeLibrary, carriers: readonly Carrier[], target: JavaTarget): readonly string[] {
  const isForMusl = carriers.some(({words}) => words.some(word => library.musl?.test(word) === true))
  return library.words(target, isForMusl)
}

function problemOf(library: NativeLibrary, {path, within, words}: Carrier, wanted: readonly string[]): AddonProblem {
  return {
    language: 'java',
    directory: path,
    package: within === undefined ? library.name : `${library.name} (${within})`,
    wanted: wanted.slice(0, 1).map(word => library.path(word)),
    outcome: {kind: 'missing', present: words.map(word => library.path(word))},
    covers: [],
    isRequired: false,
    isNeeded: true,
  }
}

/** Whether a file outside of jars may be what a library of Java asks for, by its name. */
export function isJavaLibrary(path: string): boolean {
  const name = baseName(path)
  return NATIVE_LIBRARIES.some(({file}) => file.test(name))
}
