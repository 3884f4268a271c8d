import {identify, readDynamic} from '../../binary/index.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {LIMITS} from '../../lib/limits.ts'
import {readZipDirectory} from '../../lib/zip-directory.ts'
import {openEntry} from '../../lib/zip-entry.ts'

/** Which file of a jar, or of a jar that is stored in it, is requested. */
export interface JarEntry {
  readonly within: string | undefined
  readonly is: (name: string) => boolean
}

const [DIRECTORY, NATIVE] = [LIMITS['zip-directory-bytes'].most, LIMITS['server-program-bytes'].most]

/** The libraries that a native in a jar needs (DT_NEEDED), and its name; undefined where it cannot be read. */
export async function readNativeNeeds(
  jar: RandomAccess,
  {within, is}: JarEntry,
): Promise<{readonly name: string; readonly needed: readonly string[]} | undefined> {
  const file = within === undefined ? jar : await openNamed(jar, name => name === within)
  const entry = file && (await readZipDirectory(file, DIRECTORY))?.find(({name}) => is(name))
  const native = file && entry && (await openEntry(file, entry, NATIVE))
  if (native === undefined || entry === undefined) return undefined
  const identity = await identify(native)
  const dynamic = identity.kind === 'elf' ? await readDynamic(identity, native) : undefined
  return dynamic && {name: entry.name, needed: dynamic.needed}
}

async function openNamed(file: RandomAccess, is: (name: string) => boolean): Promise<RandomAccess | undefined> {
  const entry = (await readZipDirectory(file, DIRECTORY))?.find(({name}) => is(name))
  // A jar in a jar is read where it is stored as it is alone.
  return entry?.method === 0 ? openEntry(file, entry, NATIVE) : undefined
}

/** What musl's loader takes for itself, whatever follows. https://git.musl-libc.org/cgit/musl/tree/ldso/dynlink.c */
const RESERVED = /^lib(?:c|pthread|rt|m|dl|util|xnet)\./

/** Of what a native needs, what no loader of musl finds: `isThere` says whether a library stands where it looks. */
export async function missingUnderMusl(
  needed: readonly string[],
  isThere: (name: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const missing: string[] = []
  for (const name of needed) {
    const isOwn = RESERVED.test(name) || /^(?:libc\.musl-|ld-musl-)/.test(name)
    if (!isOwn && !(await isThere(name))) missing.push(name)
  }
  return missing
}
