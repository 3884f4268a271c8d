import type {RandomAccess} from '../../lib/bytes.ts'
import {LIMITS} from '../../lib/limits.ts'
import {openStored, readZipDirectory, type ZipEntry} from '../../lib/zip-directory.ts'
import {CARRIERS, NATIVE_LIBRARIES} from './native-libraries.ts'

/** The natives for Linux of one library in a jar. */
export interface JarNatives {
  readonly library: string
  /** Of a jar in the jar: its path there. */
  readonly within?: string
  /** Its words for the machines: `x86_64`, `Linux-Musl/aarch64`. */
  readonly words: readonly string[]
  /** It has classes that do the same in Java. */
  readonly hasFallback?: true
}

/** Jars, and what has jars in it. https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html */
export function isJavaArchive(path: string): boolean {
  return /\.(?:jar|war|ear)$/i.test(path)
}

/**
 * The natives that a jar has by the paths of libraries that are known, and those of jars that are stored in it, as
 * Spring Boot does. Only names are read; a jar that cannot be read has none.
 */
export async function readJarNatives(file: RandomAccess): Promise<readonly JarNatives[]> {
  const entries = await readZipDirectory(file, LIMITS['zip-directory-bytes'].most)
  if (entries === undefined) return []
  const carriers = entries.filter(({name}) => CARRIERS.test(name)).slice(0, LIMITS['nested-jars'].most)
  const found = [...nativesOf(entries)]
  for (const carrier of carriers) {
    const inner = await openStored(file, carrier)
    const within = inner && (await readZipDirectory(inner, LIMITS['zip-directory-bytes'].most))
    for (const natives of nativesOf(within ?? [])) found.push({...natives, within: carrier.name})
  }
  return found
}

function nativesOf(entries: readonly ZipEntry[]): readonly JarNatives[] {
  return NATIVE_LIBRARIES.flatMap(({name: library, entry, fallback}) => {
    const words = new Set(entries.flatMap(({name}) => entry.exec(name)?.[1] ?? []))
    const hasFallback = fallback !== undefined && entries.some(({name}) => fallback.test(name))
    if (words.size === 0 && !hasFallback) return []
    return [
      {library, words: [...words].sort().slice(0, LIMITS['jar-natives'].most), ...(hasFallback ? {hasFallback} : {})},
    ]
  })
}
