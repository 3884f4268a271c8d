import type {NodeManifest} from './manifest.ts'
import type {NodeTarget} from './node-target.ts'

/** Optional packages of one package that hold the same add-on, or program, for several platforms. */
export interface PlatformFamily {
  /** The beginning of their names: `@esbuild/`, `lightningcss-`. */
  readonly stem: string
  /** For the image's platform; of several any will do. */
  readonly wanted: readonly string[]
  /** For other machines, systems and C libraries. */
  readonly others: readonly string[]
}

const SYSTEM =
  /(?<![a-z0-9])(?:linux(?:musl)?|darwin|macos|osx|win32|win|windows|android|freebsd|netbsd|openbsd|sunos|aix|openharmony)(?![a-z0-9])/i

/**
 * The families among the optional dependencies of a package: NAME-SYSTEM-ARCH with a C library behind it or not. Of a
 * family in which musl is named, a name without a C library is glibc's (`@img/sharp-linux-x64` beside
 * `@img/sharp-linuxmusl-x64`). Those that have nothing for the platform at all are left out: then the makers do not
 * support it, and what the package does instead is not known.
 */
export function platformFamilies({optional}: NodeManifest, target: NodeTarget): readonly PlatformFamily[] {
  const families = new Map<string, string[]>()
  for (const name of optional) {
    // A scope may be called by a system: `@node-usb/usb-linux-x64-gnu`, but `@esbuild/linux-x64`.
    const own = name.slice(name.indexOf('/') + 1)
    const found = SYSTEM.exec(own)
    if (found === null) continue
    const stem = name.slice(0, name.length - own.length + found.index)
    families.set(stem, [...(families.get(stem) ?? []), name])
  }
  return [...families].flatMap(([stem, names]) => {
    const hasMusl = names.some(name => libcOf(name.slice(stem.length)) === 'musl')
    const isWanted = (name: string): boolean => {
      const own = name.slice(stem.length)
      if (!/^linux/i.test(own) || !target.words.test(own.replace(/^linux(?:musl)?/i, ''))) return false
      const libc = libcOf(own) ?? (hasMusl ? 'glibc' : undefined)
      return libc === undefined || target.libc === undefined || libc === target.libc
    }
    const wanted = names.filter(isWanted)
    return wanted.length === 0 ? [] : [{stem, wanted, others: names.filter(name => !isWanted(name))}]
  })
}

function libcOf(text: string): 'glibc' | 'musl' | undefined {
  if (/musl/i.test(text)) return 'musl'
  return /gnu|glibc/i.test(text) ? 'glibc' : undefined
}
