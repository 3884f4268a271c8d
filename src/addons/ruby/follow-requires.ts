import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {LIMITS} from '../../lib/limits.ts'
import {directoryOf} from '../../lib/paths.ts'
import type {AddonProblem} from '../addon.ts'
import {namesIn} from '../files.ts'
import {followFiles, limitedLooks} from '../follow-files.ts'
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

/** The path of the Ruby that such problems were found of. */
export function rubyPath(problems: readonly AddonProblem[]): RubyPath {
  const own = problems.filter(({language}) => language === 'ruby')
  const searched = [...new Set(own.flatMap(one => one.searched ?? []))]
  // Of a package that is left out its own, of packages for another release the one that they are all in.
  const ignored = own.flatMap(({directory, isRequired}) => (isRequired ? [directory] : []))
  return {loadPath: searched, homes: searched, extensions: searched, ignored}
}

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
  const finder = await createFinder(files, path)
  const scripts: {readonly node: FileNode}[] = []
  for (const start of starts) {
    const node = await finder.fileAt(start)
    if (node !== undefined) scripts.push({node})
  }
  await followFiles(files, scripts, async level => {
    const next: {readonly node: FileNode}[] = []
    for (const {file, text} of level) {
      for (const one of readCertainRequires(text)) {
        const {stem, node} = (await finder.find(one, file.node)) ?? {}
        if (stem !== undefined) stems.add(stem)
        if (node !== undefined) next.push({node})
      }
    }
    return next
  })
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

/** Where packages of whatever platform and release have their extensions: `extensions/PLATFORM/ABI`. */
async function extensionDirectories(files: Pick<RootFs, 'lookup' | 'list'>, home: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const platform of await namesIn(files, `${home}/extensions`)) {
    const directory = `${home}/extensions/${platform}`
    for (const release of await namesIn(files, directory)) found.push(`${directory}/${release}`)
  }
  return found
}

async function createFinder(files: Pick<RootFs, 'lookup' | 'list'>, path: RubyPath): Promise<Finder> {
  const fileAt = limitedLooks(files, LIMITS['ruby-looks'].most)
  const gems: {readonly ignored: string | undefined; readonly libraries: readonly string[]}[] = []
  for (const home of path.homes) {
    const isUnsearched = path.ignored.includes(home)
    const roots = isUnsearched
      ? await extensionDirectories(files, home)
      : path.extensions.filter(root => root.startsWith(`${home}/extensions/`))
    for (const name of await namesIn(files, `${home}/gems`)) {
      const directory = `${home}/gems/${name}`
      const libraries = [...roots.map(root => `${root}/${name}`), `${directory}/lib`]
      const ignored = isUnsearched ? home : path.ignored.includes(directory) ? directory : undefined
      gems.push({ignored, libraries})
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
    let missed: Entered | undefined
    for (const {ignored, libraries} of gems) {
      for (const library of libraries) {
        const found = await inDirectory(library, feature)
        if (found !== undefined && ignored === undefined) return found
        if (found !== undefined && ignored !== undefined) missed ??= {stem: ignored}
      }
    }
    return missed
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
