import {identify, judgeMachine, readDynamic} from '../../binary/index.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {LIMITS} from '../../lib/limits.ts'
import type {ZipEntry} from '../../lib/zip-directory.ts'
import {openEntry} from '../../lib/zip-entry.ts'
import type {Platform} from '../../platform/index.ts'
import type {NativeFile} from '../addon.ts'

/** What a native in a jar is by its bytes, whatever its path says. */
export interface JarNative {
  /** The word of its path for the machine. */
  readonly word: string
  /** Its path in the jar. */
  readonly entry: string
  readonly machine: string
  readonly fit: NativeFile['fit']
  /** DT_NEEDED, of one for the platform. */
  readonly needed: readonly string[]
}

/** Reads a native of a jar; undefined where it is not an ELF file, or cannot be unpacked. */
export async function readJarNative(
  jar: RandomAccess,
  entry: ZipEntry,
  platform: Platform,
): Promise<Omit<JarNative, 'word'> | undefined> {
  const content = await openEntry(jar, entry, LIMITS['server-program-bytes'].most)
  const identity = content && (await identify(content))
  if (content === undefined || identity?.kind !== 'elf') return undefined
  const {fit} = judgeMachine(identity, platform)
  const common = {entry: entry.name, machine: identity.machine}
  if (fit === 'undetermined') return {...common, fit: 'unknown', needed: []}
  if (fit !== 'native') return {...common, fit: 'other', needed: []}
  const dynamic = await readDynamic(identity, content)
  return {...common, fit: 'own', needed: dynamic?.needed ?? []}
}

/** What musl's loader takes for itself, whatever follows. https://git.musl-libc.org/cgit/musl/tree/ldso/dynlink.c */
const RESERVED = /^lib(?:c|pthread|rt|m|dl|util|xnet)\./
/** What only musl has, or Alpine's name for it. */
const OF_MUSL = /^(?:libc\.musl-|ld-musl-)/

/**
 * Of what a native needs, what the loader of a C library does not find: `isThere` says whether a library stands where
 * it looks. glibc looks in more places than are known here, so only what is of musl counts there.
 */
export async function missingUnder(
  libc: 'glibc' | 'musl',
  needed: readonly string[],
  isThere: (name: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const missing: string[] = []
  for (const name of needed) {
    const isLooked = libc === 'musl' ? !RESERVED.test(name) && !OF_MUSL.test(name) : OF_MUSL.test(name)
    if (isLooked && !(await isThere(name))) missing.push(name)
  }
  return missing
}
