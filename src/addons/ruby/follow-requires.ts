import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {readWhole} from '../../lib/bytes.ts'
import {directoryOf} from '../../lib/paths.ts'
import {type CertainRequire, readCertainRequires} from './certain-requires.ts'

/** Where features are looked for, in this order. */
export interface RubyPath {
  readonly loadPath: readonly string[]
  /** Directories with `gems/`, whose packages are looked through after the load path. */
  readonly homes: readonly string[]
  /** Directories in which packages have their extensions: `…/extensions/aarch64-linux/3.3.0`. */
  readonly extensions: readonly string[]
  /** Directories of packages that RubyGems leaves out: their files are not followed. */
  readonly ignored: readonly string[]
}

/** Each costs a look into the image. */
const FILES = 300
const LOOKS = 40_000
/** In bytes. */
const FILE_LIMIT = 512 * 1024

/**
 * Follows what files of Ruby require for certain. Gives the paths of features without `.rb` and `.so`, and the
 * directories of ignored packages that would have to be loaded.
 */
export async function followRequires(
  files: Pick<RootFs, 'lookup' | 'list' | 'open'>,
  starts: readonly string[],
  path: RubyPath,
): Promise<ReadonlySet<string>> {
  const stems = new Set<string>()
  const seen = new Set<string>()
  const finder = await createFinder(files, path)
  let level: FileNode[] = []
  for (const start of starts) {
    const node = await finder.fileAt(start)
    if (node !== undefined) level.push(node)
  }
  while (level.length > 0 && seen.size < FILES) {
    const next: FileNode[] = []
    const fresh = level.filter(({path}) => {
      const isNew = !seen.has(path) && seen.size < FILES
      seen.add(path)
      return isNew
    })
    const texts = await Promise.all(fresh.map(node => readSource(files, node)))
    for (const [index, node] of fresh.entries()) {
      for (const one of readCertainRequires(texts[index] ?? '')) {
        const {stem, node: entered} = (await finder.find(one, node)) ?? {}
        if (stem !== undefined) stems.add(stem)
        if (entered !== undefined) next.push(entered)
      }
    }
    level = next
  }
  return stems
}

interface Entered {
  readonly stem: string
  readonly node?: FileNode
}

interface Finder {
  fileAt(path: string): Promise<FileNode | undefined>
  find(one: CertainRequire, from: FileNode): Promise<Entered | undefined>
}

async function createFinder(files: Pick<RootFs, 'lookup' | 'list'>, path: RubyPath): Promise<Finder> {
  let left = LOOKS
  const fileAt = async (at: string): Promise<FileNode | undefined> => {
    left -= 1
    const found = left < 0 ? undefined : await files.lookup(at)
    return found?.outcome === 'found' && found.node.kind === 'file' ? found.node : undefined
  }
  const namesIn = async (directory: string): Promise<readonly string[]> => {
    const found = await files.lookup(directory)
    return found.outcome === 'found' && found.node.kind === 'directory' ? files.list(found.node) : []
  }
  const gems: {readonly directory: string; readonly isIgnored: boolean; readonly libraries: readonly string[]}[] = []
  for (const home of path.homes) {
    const roots = path.extensions.filter(root => root.startsWith(`${home}/extensions/`))
    for (const name of await namesIn(`${home}/gems`)) {
      const directory = `${home}/gems/${name}`
      const libraries = [...roots.map(root => `${root}/${name}`), `${directory}/lib`]
      gems.push({directory, isIgnored: path.ignored.includes(directory), libraries})
    }
  }
  const inDirectory = async (directory: string, feature: string): Promise<Entered | undefined> => {
    const stem = `${directory}/${feature.replace(/\.(?:rb|so)$/, '')}`
    const node = feature.endsWith('.so') ? undefined : await fileAt(`${stem}.rb`)
    if (node !== undefined) return {stem, node}
    return !feature.endsWith('.rb') && (await fileAt(`${stem}.so`)) !== undefined ? {stem} : undefined
  }
  const inPath = async (feature: string): Promise<Entered | undefined> => {
    for (const directory of path.loadPath) {
      const found = await inDirectory(directory, feature)
      if (found !== undefined) return found
    }
    let ignored: Entered | undefined
    for (const {directory, isIgnored, libraries} of gems) {
      for (const library of libraries) {
        const found = await inDirectory(library, feature)
        if (found !== undefined && !isIgnored) return found
        if (found !== undefined) ignored ??= {stem: directory}
      }
    }
    return ignored
  }
  const versions = new Set(path.loadPath.flatMap(one => /\/([0-9]+\.[0-9]+)\.[0-9]+(?:\/|$)/.exec(one)?.[1] ?? []))
  return {
    fileAt,
    find: async ({feature, isRelative, isSecond}, from) => {
      const plain = isRelative ? await inDirectory(directoryOf(from.path), feature) : await inPath(feature)
      if (!isSecond) return plain
      const name = feature.replace(/^.*\//, '')
      const beside = directoryOf(from.path)
      const tried: Entered[] = []
      for (const version of versions) {
        for (const place of [`${beside}/${version}`, `${beside}/${directoryOf(`/${feature}`).slice(1)}/${version}`]) {
          const one = await inDirectory(place, `${name}.so`)
          if (one !== undefined) tried.push(one)
        }
      }
      // With both there is a second chance.
      return tried.length === 0 ? plain : plain === undefined ? tried[0] : undefined
    },
  }
}

async function readSource(files: Pick<RootFs, 'open'>, node: FileNode): Promise<string | undefined> {
  const bytes = node.size > FILE_LIMIT ? undefined : await readWhole(await files.open(node), FILE_LIMIT)
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes)
}
