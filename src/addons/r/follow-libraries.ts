import type {FileNode, RootFs} from '../../image/rootfs.ts'
import type {AddonProblem} from '../addon.ts'
import {fileAt} from '../files.ts'
import {followFiles} from '../follow-files.ts'
import {readCertainLibraries, readNamespace} from './certain-libraries.ts'
import {packageOf} from './find-r-addons.ts'

/** The directories of the packages that these scripts of R load for certain, also by the namespaces of others. */
export async function followLibraries(
  files: Pick<RootFs, 'lookup' | 'open'>,
  scripts: readonly string[],
  addons: readonly AddonProblem[],
): Promise<ReadonlySet<string>> {
  const libraries = [...new Set(addons.flatMap(({language, searched = []}) => (language === 'r' ? searched : [])))]
  const loaded = new Set<string>()
  const starts = await Promise.all(scripts.map(path => fileAt(files, path)))
  await followFiles(
    files,
    starts.flatMap(node => (node === undefined ? [] : [{node, isScript: true}])),
    async level => {
      const found: {readonly node: FileNode; readonly isScript: boolean}[] = []
      for (const {file, text} of level) {
        for (const name of file.isScript ? readCertainLibraries(text) : readNamespace(text).imports) {
          const directory = await packageOf(name, libraries, files)
          if (directory === undefined || loaded.has(directory)) continue
          loaded.add(directory)
          const node = await fileAt(files, `${directory}/NAMESPACE`)
          if (node !== undefined) found.push({node, isScript: false})
        }
      }
      return found
    },
  )
  return loaded
}
