import type {RootFs} from '../../image/rootfs.ts'
import {LIMITS} from '../../lib/limits.ts'
import {baseName} from '../../lib/paths.ts'
import type {AddonProblem} from '../addon.ts'
import {fileAt} from '../files.ts'
import type {JarNatives} from './java-archive.ts'
import type {JavaTarget} from './java-target.ts'
import {NATIVE_LIBRARIES, type NativeLibrary} from './native-libraries.ts'
import {missingUnderMusl, readNativeNeeds} from './native-needs.ts'

/** What a walk through all files saw of Java. */
export interface JavaListing {
  /** By the path of the jar, where it has natives. */
  readonly jars: ReadonlyMap<string, readonly JarNatives[]>
  /** Names of the platform's own libraries outside of jars that a library of Java may ask for. */
  readonly names: ReadonlySet<string>
}

export interface JavaAddonInput extends JavaListing {
  readonly target: JavaTarget
  /** Asked for jars again where the JVM's C library is musl. */
  readonly files: Pick<RootFs, 'lookup' | 'open'>
}

/**
 * For each library of Java that takes its native code out of a jar: does a jar of the image have one for the platform?
 * One in any jar, or beside, is enough: which jars are on a class path is not known. Under musl it is read what that
 * one needs: a native for glibc by a name that says nothing of it cannot be loaded. Whether the application loads it
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
    if (taken.length > 0)
      problems.push(...(target.libc === 'musl' ? await unlinked(library, taken, wanted, files) : []))
    else problems.push(...carriers.filter(({words}) => words.length > 0).map(one => problemOf(library, one, wanted)))
  }
  return problems
}

/** Natives that a loader of musl cannot link; none where one of the jars has one that it can, or may. */
async function unlinked(
  library: NativeLibrary,
  carriers: readonly Carrier[],
  wanted: readonly string[],
  files: JavaAddonInput['files'],
): Promise<readonly AddonProblem[]> {
  const problems: AddonProblem[] = []
  for (const carrier of carriers.slice(0, LIMITS['nested-jars'].most)) {
    const words = carrier.words.filter(word => wanted.includes(word))
    if (words.some(word => /musl/i.test(word))) return []
    const jar = await fileAt(files, carrier.path)
    const is = (name: string): boolean => words.includes(library.entry.exec(name)?.[1] ?? '')
    const native = jar && (await readNativeNeeds(await files.open(jar), {within: carrier.within, is}))
    if (native === undefined) return []
    const missing = await missingUnderMusl(native.needed, name => isInLibraries(files, name))
    if (missing.length === 0) return []
    const outcome = {kind: 'unlinked', entry: native.name, missing, libc: 'musl'} as const
    problems.push({...problemOf(library, carrier, words), wanted: missing, outcome})
  }
  return problems
}

/** Where musl's loader looks by itself; what a variable or a file of its own adds holds libraries of musl as well. */
async function isInLibraries(files: Pick<RootFs, 'lookup'>, name: string): Promise<boolean> {
  for (const directory of ['/lib', '/usr/local/lib', '/usr/lib'])
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
