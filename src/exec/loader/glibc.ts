import {directoryOf} from '../../lib/paths.ts'
import type {Process} from '../resolved-path.ts'
import type {LibraryCache} from './cache.ts'
import {type BuiltInDirectories, expandSearchPath, expandTokens} from './directories.ts'
import type {LoadedObject} from './object.ts'
import {inDirectories, type LoaderRules} from './search.ts'

export interface GlibcSetup {
  readonly process: Process
  readonly builtIn: BuiltInDirectories
  readonly cache: LibraryCache | undefined
  /** SONAME of the loader itself. */
  readonly soname: string | undefined
  /** Set-user-ID programs do not listen to LD_LIBRARY_PATH. */
  readonly secure: boolean
}

/**
 * Subdirectories that glibc looks into first where the processor has what they name (sysdeps/…/dl-hwcaps_subdirs.c).
 * Which it has is not known here; so they come last: a library that is only there is not missing for certain.
 */
const HWCAPS: readonly string[] = 'x86-64-v4 x86-64-v3 x86-64-v2 power10 power9 z17 z16 z15 z14 z13'.split(' ')

/** glibc elf/dl-load.c _dl_map_new_object. */
export function glibcRules({process, builtIn, cache, soname, secure}: GlibcSetup): LoaderRules {
  const lib = (builtIn.directories[0] ?? '/lib').slice(1)
  const tokens = (object: LoadedObject) => ({origin: originOf(object), lib})
  const rpath = (object: LoadedObject) =>
    object.dynamic.runpath === undefined ? expandSearchPath(object.dynamic.rpath ?? '', tokens(object)) : []
  const variable = (requester: LoadedObject) =>
    secure ? [] : expandSearchPath(process.env.get('LD_LIBRARY_PATH') ?? '', tokens(programOf(requester)), ':;')
  const before = (requester: LoadedObject): readonly string[] => [
    ...(requester.dynamic.runpath === undefined ? ancestry(requester).flatMap(rpath) : []),
    ...variable(requester),
    ...expandSearchPath(requester.dynamic.runpath ?? '', tokens(requester)),
  ]
  const after = (requester: LoadedObject) => (requester.dynamic.noDefaultLibraries ? [] : builtIn.directories)
  const cached = (name: string, requester: LoadedObject) =>
    (cache?.get(name) ?? []).filter(
      path =>
        !requester.dynamic.noDefaultLibraries ||
        !builtIn.directories.some(
          directory => path.startsWith(`${directory}/`) && !path.slice(directory.length + 1).includes('/'),
        ),
    )
  return {
    libc: 'glibc',
    *candidates(name, requester) {
      if (name.includes('/')) {
        yield expandTokens(name, tokens(requester)) ?? name
        return
      }
      const first = before(requester)
      yield* inDirectories(first, name)
      yield* cached(name, requester)
      const last = after(requester)
      yield* inDirectories(last, name)
      yield* inDirectories([...first, ...last].flatMap(hwcapsOf), name)
    },
    satisfies: (name, loaded) =>
      name === soname ||
      loaded.some(object => object.name === name || object.path === name || object.dynamic.soname === name),
    searched: requester => [...before(requester), ...(cache ? ['/etc/ld.so.cache'] : []), ...after(requester)],
  }
}

function hwcapsOf(directory: string): readonly string[] {
  return HWCAPS.map(name => `${directory}/glibc-hwcaps/${name}`)
}

/** The object, what brought it, and so on up to the program. */
export function ancestry(object: LoadedObject): readonly LoadedObject[] {
  return object.loader ? [object, ...ancestry(object.loader)] : [object]
}

export function programOf(object: LoadedObject): LoadedObject {
  return object.loader ? programOf(object.loader) : object
}

/**
 * A program's origin is where its file really is (/proc/self/exe); a library's is the directory that it was found in.
 */
export function originOf(object: LoadedObject): string {
  return directoryOf(object.loader ? object.path : (object.place ?? object.node.path))
}
