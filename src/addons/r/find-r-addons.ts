import {LIMITS} from '../../lib/limits.ts'
import type {AddonProblem, NativeFiles} from '../addon.ts'
import {fileAt, readTextAt} from '../files.ts'
import {readNamespace} from './certain-libraries.ts'

export interface RAddonInput extends NativeFiles {
  readonly env: ReadonlyMap<string, string>
}

/** `/usr/lib/R/library/stats/libs/stats.so` */
const LIBRARY = /^(.*)\/([A-Za-z][\w.]*)\/libs\/(?:[^/]+\/)?([^/]+)\.so$/

/** Native code of a package that is of another machine. */
interface Foreign {
  readonly path: string
  readonly library: string
  readonly name: string
  readonly module: string
  readonly machine: string
}

/**
 * Packages of R whose native code is of another machine, and that load it with their namespace (`useDynLib`): nothing
 * of the package can be loaded. It is read of an image that has such files alone.
 * https://cran.r-project.org/doc/manuals/r-release/R-exts.html#useDynLib
 */
export async function findRAddons({natives, files, env}: RAddonInput): Promise<readonly AddonProblem[]> {
  const foreign = [...natives].flatMap(([path, native]): readonly Foreign[] => {
    const [, library, name, module] = (native.fit === 'other' ? LIBRARY.exec(path) : null) ?? []
    return library === undefined || name === undefined || module === undefined
      ? []
      : [{path, library, name, module, machine: native.machine}]
  })
  const searched = foreign.length === 0 ? [] : rLibraries(natives, env)
  const judge = async ({path, library, name, module, machine}: Foreign): Promise<AddonProblem | undefined> => {
    if (!searched.includes(library) || (await packageOf(name, searched, files)) !== `${library}/${name}`) {
      return undefined
    }
    const directory = `${library}/${name}`
    const text = await readTextAt(files, `${directory}/NAMESPACE`, LIMITS['addon-settings-bytes'].most)
    if (text === undefined || !readNamespace(text).libraries.includes(module)) return undefined
    return {
      ...({language: 'r', directory, package: name, wanted: [path], covers: [path], searched} as const),
      outcome: {kind: 'foreign', path, machine},
      isRequired: true,
      isNeeded: true,
    }
  }
  // At once: what is asked for together is read in one pass over a layer.
  const judged = await Promise.all(foreign.slice(0, LIMITS['judged-packages'].most).map(judge))
  return judged.flatMap(problem => problem ?? [])
}

/** `.libPaths()` of each R of the image: its variables, and the defaults of Debian and of R itself. */
function rLibraries(natives: NativeFiles['natives'], env: ReadonlyMap<string, string>): readonly string[] {
  const homes = [...natives].flatMap(([path, {fit}]) => {
    const [, home] = /^(.*)\/(?:bin\/exec\/R|lib\/libR\.so)$/.exec(path) ?? []
    return fit === 'own' && home !== undefined ? [home] : []
  })
  if (homes.length === 0) return []
  const given = ['R_LIBS', 'R_LIBS_USER', 'R_LIBS_SITE'].flatMap(name => (env.get(name) ?? '').split(':'))
  const absolute = given.filter(one => one.startsWith('/')).map(one => one.replace(/\/+$/, ''))
  const site = [
    '/usr/local/lib/R/site-library',
    '/usr/lib/R/site-library',
    ...homes.map(home => `${home}/site-library`),
  ]
  return [...new Set([...absolute, ...site, ...homes.map(home => `${home}/library`)])]
}

/** The directory of the first package of a name. */
export async function packageOf(
  name: string,
  libraries: readonly string[],
  files: Pick<NativeFiles['files'], 'lookup'>,
): Promise<string | undefined> {
  for (const library of libraries) {
    if ((await fileAt(files, `${library}/${name}/DESCRIPTION`)) !== undefined) return `${library}/${name}`
  }
  return undefined
}
