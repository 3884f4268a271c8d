import type {Process} from '../resolved-path.ts'
import {expandTokens} from './directories.ts'
import {ancestry, originOf} from './glibc.ts'
import type {LoadedObject} from './object.ts'
import {inDirectories, type LoaderRules} from './search.ts'

/** musl ldso/dynlink.c: where there is no /etc/ld-musl-ARCH.path. */
export const MUSL_DIRECTORIES = ['/lib', '/usr/local/lib', '/usr/lib'] as const

/** load_library(): names that begin so are in the loader itself. glibc's libc.so.6 is among them. */
const RESERVED = ['c', 'pthread', 'rt', 'm', 'dl', 'util', 'xnet']

export interface MuslSetup {
  readonly process: Process
  /** From /etc/ld-musl-ARCH.path, or the built-in ones. */
  readonly directories: readonly string[]
  readonly secure: boolean
}

/** musl ldso/dynlink.c load_library: DT_RPATH and DT_RUNPATH are the same, and hold for all that an object brings. */
export function muslRules({process, directories, secure}: MuslSetup): LoaderRules {
  const variable = secure ? [] : directoriesIn(process.env.get('LD_LIBRARY_PATH') ?? '')
  const own = (object: LoadedObject) => {
    const text = object.dynamic.runpath ?? object.dynamic.rpath ?? ''
    return directoriesIn(expandTokens(text, {origin: originOf(object)}) ?? text)
  }
  const search = (requester: LoadedObject) => [...variable, ...ancestry(requester).flatMap(own), ...directories]
  return {
    libc: 'musl',
    candidates: (name, requester) => {
      if (name.includes('/')) return [expandTokens(name, {origin: originOf(requester)}) ?? name]
      return inDirectories(search(requester), name)
    },
    satisfies: (name, loaded) =>
      isReserved(name) ||
      loaded.some(object => object.loader !== undefined && (object.name === name || object.path === name)),
    searched: search,
  }
}

/** path_open(): separated by colons and lines; an empty one is none. Only fixup_rpath() knows `$ORIGIN`. */
function directoriesIn(text: string): readonly string[] {
  const directories = text.split(/[:\n]/).filter(directory => directory !== '')
  return directories.map(directory => directory.replace(/(?<=.)\/+$/, ''))
}

function isReserved(name: string): boolean {
  return RESERVED.some(stem => name.startsWith(`lib${stem}.`))
}
