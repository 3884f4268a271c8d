import {baseName} from '../../lib/paths.ts'
import type {AddonProblem} from '../addon.ts'
import type {JarNatives} from './java-archive.ts'
import type {JavaTarget} from './java-target.ts'
import {NATIVE_LIBRARIES, type NativeLibrary} from './native-libraries.ts'

/** What a walk through all files saw of Java. */
export interface JavaListing {
  /** By the path of the jar, where it has natives. */
  readonly jars: ReadonlyMap<string, readonly JarNatives[]>
  /** Names of the platform's own libraries outside of jars that a library of Java may ask for. */
  readonly files: ReadonlySet<string>
}

export interface JavaAddonInput extends JavaListing {
  readonly target: JavaTarget
}

/**
 * For each library of Java that takes its native code out of a jar: does a jar of the image have one for the platform?
 * One in any jar, or beside, is enough: which jars are on a class path is not known. Whether the application loads it
 * is not known either, so nothing of it is said to be required.
 */
export function findJavaAddons({jars, files, target}: JavaAddonInput): readonly AddonProblem[] {
  return NATIVE_LIBRARIES.flatMap(library => {
    const carriers = [...jars].flatMap(([path, natives]) =>
      natives.flatMap(one => (one.library === library.name ? [{path, ...one}] : [])),
    )
    const wanted = wantedWords(library, carriers, target)
    const isThere =
      carriers.some(({hasFallback}) => hasFallback) ||
      carriers.some(({words}) => words.some(word => wanted.includes(word))) ||
      [...files].some(name => library.file.test(name))
    if (wanted.length === 0 || isThere) return []
    return carriers.filter(({words}) => words.length > 0).map(carrier => problemOf(library, carrier, wanted))
  })
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
