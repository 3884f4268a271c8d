import type {RandomAccess} from '../../lib/bytes.ts'
import {LIMITS} from '../../lib/limits.ts'
import {openStored, readZipDirectory, type ZipEntry} from '../../lib/zip-directory.ts'
import {normalisePlatform, type Platform} from '../../platform/index.ts'
import {CARRIERS, NATIVE_LIBRARIES} from './native-libraries.ts'
import {type JarNative, readJarNative} from './native-needs.ts'

/** The natives for Linux of one library in a jar. */
export interface JarNatives {
  readonly library: string
  /** Of a jar in the jar: its path there. */
  readonly within?: string
  /** Its words for the machines: `x86_64`, `Linux-Musl/aarch64`. */
  readonly words: readonly string[]
  /** Those of the machine's own words, as far as they can be read. */
  readonly natives: readonly JarNative[]
  /** It has classes that do the same in Java. */
  readonly hasFallback?: true
}

/** Jars, and what has jars in it. https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html */
export function isJavaArchive(path: string): boolean {
  return /\.(?:jar|war|ear)$/i.test(path)
}

/**
 * The natives that a jar has by the paths of libraries that are known, and those of jars that are stored in it, as
 * Spring Boot does. Of natives by the platform's own path the bytes are read, of all else names
 * alone; a jar that cannot be read has none.
 */
export async function readJarNatives(file: RandomAccess, platform: Platform): Promise<readonly JarNatives[]> {
  const entries = await readZipDirectory(file, LIMITS['zip-directory-bytes'].most)
  if (entries === undefined) return []
  const carriers = entries.filter(({name}) => CARRIERS.test(name)).slice(0, LIMITS['nested-jars'].most)
  const found = [...(await nativesOf(file, entries, platform))]
  for (const carrier of carriers) {
    const inner = await openStored(file, carrier)
    const within = inner && (await readZipDirectory(inner, LIMITS['zip-directory-bytes'].most))
    if (inner === undefined || within === undefined) continue
    for (const natives of await nativesOf(inner, within, platform)) found.push({...natives, within: carrier.name})
  }
  return found
}

async function nativesOf(
  jar: RandomAccess,
  entries: readonly ZipEntry[],
  platform: Platform,
): Promise<readonly JarNatives[]> {
  const {architecture} = normalisePlatform(platform)
  const found: JarNatives[] = []
  for (const {name: library, entry: path, fallback, words: wordsOf} of NATIVE_LIBRARIES) {
    const byWord = new Map(
      entries.flatMap(entry => {
        const word = path.exec(entry.name)?.[1]
        return word === undefined ? [] : [[word, entry] as const]
      }),
    )
    const hasFallback = fallback !== undefined && entries.some(({name}) => fallback.test(name))
    if (byWord.size === 0 && !hasFallback) continue
    const target = {architecture, libc: undefined}
    const natives: JarNative[] = []
    for (const word of new Set([...wordsOf(target, false), ...wordsOf(target, true)])) {
      const entry = byWord.get(word)
      const native = entry && (await readJarNative(jar, entry, platform))
      if (native !== undefined) natives.push({word, ...native})
    }
    const words = [...byWord.keys()].sort().slice(0, LIMITS['jar-natives'].most)
    found.push({library, words, natives, ...(hasFallback ? {hasFallback} : {})})
  }
  return found
}
