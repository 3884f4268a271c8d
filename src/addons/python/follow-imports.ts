import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {LIMITS} from '../../lib/limits.ts'
import {fileAt} from '../files.ts'
import {followFiles} from '../follow-files.ts'
import {type CertainImport, readCertainImports} from './certain-imports.ts'

/** Where modules are looked for, in this order. */
export interface PythonPath {
  readonly directories: readonly string[]
  /** Of these, what holds the standard library: what is found there is no package, and is not followed. */
  readonly standard?: ReadonlySet<string>
  /** Modules, without their suffixes, of which no file is taken: found where there is nothing else of the name. */
  readonly unfit?: ReadonlySet<string>
  /** `importlib.machinery.EXTENSION_SUFFIXES` */
  readonly suffixes: readonly string[]
}

interface Module {
  readonly node: FileNode
  /** Of a package: its directory. Of a module: the directory that it is in. */
  readonly directory: string
}

/**
 * Follows what modules import for certain, from files on; no further than the directory `within`, where it is given.
 * Gives the paths of modules without their suffixes: those too of which there is no file that could be loaded.
 */
export async function followImports(
  files: Pick<RootFs, 'lookup' | 'open'>,
  starts: readonly string[],
  path: PythonPath,
  within = '',
): Promise<ReadonlySet<string>> {
  const stems = new Set<string>()
  /** By the paths of files. */
  const texts = new Map<string, string>()
  const finder = createFinder(files, path)
  const scripts: Module[] = []
  for (const start of starts) {
    const module = await moduleAt(files, start)
    if (module !== undefined) scripts.push(module)
  }
  await followFiles(files, scripts, async level => {
    const next: Module[] = []
    for (const {file, text} of level) texts.set(file.node.path, text)
    for (const {file, text} of level) {
      for (const one of readCertainImports(text)) {
        for (const {stem, module} of await entered(one, file.directory, path, finder, texts)) {
          if (!stem.startsWith(`${within}/`)) continue
          stems.add(stem)
          if (module !== undefined) next.push(module)
        }
      }
    }
    return next
  })
  return stems
}

/** A module that an import comes through; without a file where none of source text is found. */
interface Entered {
  readonly stem: string
  readonly module: Module | undefined
}

/** The packages and the module that one import loads. */
async function entered(
  {level, names, taken}: CertainImport,
  directory: string,
  {directories}: PythonPath,
  finder: Finder,
  texts: ReadonlyMap<string, string>,
): Promise<readonly Entered[]> {
  const found: Entered[] = []
  let places = level === 0 ? directories : [above(directory, level - 1)]
  for (const name of names) {
    const one = await finder.findIn(places, name)
    if (one === undefined) return found
    found.push(one)
    places = [one.stem]
  }
  const [place] = places
  if (place === undefined || (level === 0 && names.length === 0)) return found
  const own = texts.get(`${place}/__init__.py`)
  for (const name of taken) {
    // It is a module where the package itself has nothing of that name.
    const one = own?.includes(name) === false ? await finder.findIn([place], name) : undefined
    if (one?.module !== undefined) found.push(one)
  }
  return found
}

interface Finder {
  findIn(places: readonly string[], name: string): Promise<Entered | undefined>
}

/** Looks for a name as FileFinder does: a package, an extension module, a source file. */
function createFinder(files: Pick<RootFs, 'lookup'>, {suffixes, standard, unfit}: PythonPath): Finder {
  let left = LIMITS['module-looks'].most
  const isOfOthers = (place: string): boolean => standard?.has(place) === true
  return {
    async findIn(places, name) {
      for (const place of places) {
        left -= 1
        if (left < 0) return undefined
        const stem = `${place}/${name}`
        const initial = await moduleAt(files, `${stem}/__init__.py`)
        if (initial !== undefined) return isOfOthers(place) ? undefined : {stem, module: initial}
        for (const suffix of suffixes) {
          if ((await files.lookup(stem + suffix)).outcome === 'found')
            return isOfOthers(place) ? undefined : {stem, module: undefined}
        }
        const module = await moduleAt(files, `${stem}.py`)
        if (module !== undefined) return isOfOthers(place) ? undefined : {stem, module}
      }
      // Within a package there is one place: what is not there is missing.
      const missed = places.length === 1 ? places[0] : places.find(place => unfit?.has(`${place}/${name}`))
      return missed === undefined ? undefined : {stem: `${missed}/${name}`, module: undefined}
    },
  }
}

async function moduleAt(files: Pick<RootFs, 'lookup'>, path: string): Promise<Module | undefined> {
  const node = await fileAt(files, path)
  // Python names a module by the path that it was found by, whatever links are on it.
  return node && {node, directory: path.slice(0, path.lastIndexOf('/'))}
}

function above(directory: string, levels: number): string {
  let path = directory
  for (let level = 0; level < levels; level += 1) path = path.slice(0, path.lastIndexOf('/'))
  return path
}
