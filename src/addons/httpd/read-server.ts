import {LIMITS} from '../../lib/limits.ts'
import type {NativeFiles} from '../addon.ts'
import {namesIn} from '../files.ts'
import {matchingPaths} from '../matching-files.ts'
import {settingsReader} from '../settings-reader.ts'
import {parseServerDirectives} from './server-directives.ts'

/** A `LoadModule` or `LoadFile` of a configuration. */
export interface LoadedFile {
  /** As it is written, variables replaced. */
  readonly name: string
  /** Absolute. */
  readonly path: string
  readonly file: string
}

/**
 * What a configuration loads for certain, in its order, also by files that it includes. What `ServerRoot`, a variable
 * or a path is that cannot be known is left out. https://httpd.apache.org/docs/2.4/mod/mod_so.html
 */
export async function readServer(
  files: NativeFiles['files'],
  configuration: string,
  root: string | undefined,
): Promise<readonly LoadedFile[]> {
  const loads: LoadedFile[] = []
  const defined = new Map<string, string>()
  const modules = new Set<string>()
  let serverRoot = root
  const settings = settingsReader(files)
  const absolute = (written: string): string | undefined => {
    const path = written.replace(/\$\{([^}]*)\}/g, (all, name: string) => defined.get(name) ?? all)
    if (path.includes('${')) return undefined
    if (path.startsWith('/')) return path
    return serverRoot?.startsWith('/') ? `${serverRoot.replace(/\/+$/, '')}/${path}` : undefined
  }
  const read = async (file: string, level: number): Promise<void> => {
    const text = await settings.read(file)
    for (const [directive, ...args] of parseServerDirectives(text ?? '')) {
      const [first = '', second = ''] = args
      if (directive === 'define') defined.set(first, second)
      else if (directive === 'serverroot') serverRoot = absolute(first)
      else if (directive === 'loadmodule' && !modules.has(first)) {
        // The second of one name is passed over with a warning.
        modules.add(first)
        const path = absolute(second)
        if (path !== undefined && !BUILT_IN.has(first)) loads.push({name: second, path, file})
      } else if (directive === 'loadfile') {
        for (const name of args) {
          const path = absolute(name)
          if (path !== undefined) loads.push({name, path, file})
        }
      } else if ((directive === 'include' || directive === 'includeoptional') && level < LEVELS) {
        const pattern = absolute(first)
        const included = pattern === undefined ? [] : await matchingPaths(files, pattern)
        settings.ahead(included)
        for (const path of included) await enter(path, level + 1)
      }
    }
  }
  /** A directory stands for all files below it. */
  const enter = async (path: string, level: number): Promise<void> => {
    const names = [...(await namesIn(files, path))].sort()
    if (names.length === 0 || level > LEVELS) return read(path, level)
    const below = names.map(name => `${path}/${name}`)
    settings.ahead(below)
    for (const one of below) await enter(one, level + 1)
  }
  await read(configuration, 0)
  return loads.slice(0, LIMITS['judged-packages'].most)
}

const LEVELS = LIMITS['configuration-levels'].most

/** What builds may have in the program itself, where `LoadModule` is passed over: whether they do is not known. */
const BUILT_IN = new Set(
  ['core', 'so', 'http', 'log_config', 'logio', 'version', 'unixd', 'watchdog'].map(name => `${name}_module`),
)
