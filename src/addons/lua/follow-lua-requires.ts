import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {LIMITS} from '../../lib/limits.ts'
import type {AddonProblem} from '../addon.ts'
import {fileAt} from '../files.ts'
import {followFiles, limitedLooks} from '../follow-files.ts'
import {readCertainRequires} from './certain-lua-requires.ts'
import type {LuaPaths} from './lua-paths.ts'

/** Where the Lua of these problems looks; each once. */
export function luaSearches(addons: readonly AddonProblem[]): readonly Pick<LuaPaths, 'scripts' | 'places'>[] {
  const lists = addons.flatMap(({language, searched = []}) => (language === 'lua' ? [searched] : []))
  const distinct = [...new Map(lists.map(list => [list.join(';'), list])).values()]
  return distinct.map(list => ({
    scripts: list.filter(one => one.includes('?')),
    places: list.filter(one => !one.includes('?')),
  }))
}

/**
 * The native modules that these Lua files require for certain, also by others: their paths without `.so`, of one that
 * is nowhere each that was looked for. The searchers of `package.searchers` look for a Lua file first.
 */
export async function followLuaRequires(
  files: Pick<RootFs, 'lookup' | 'open'>,
  scripts: readonly string[],
  {scripts: templates, places}: Pick<LuaPaths, 'scripts' | 'places'>,
): Promise<ReadonlySet<string>> {
  const stems = new Set<string>()
  const look = limitedLooks(files, LIMITS['module-looks'].most)
  const seen = new Set<string>()
  const find = async (name: string): Promise<FileNode | undefined> => {
    const path = name.replaceAll('.', '/')
    for (const template of templates) {
      const node = await look(template.replace('?', path))
      if (node !== undefined) return node
    }
    for (const place of places) {
      if ((await look(`${place}/${path}.so`)) === undefined) continue
      stems.add(`${place}/${path}`)
      return undefined
    }
    // A library of the first part of the name may have it, and is loaded to find out.
    const root = path.replace(/\/.*/, '')
    for (const place of root === path ? [] : places) {
      if ((await look(`${place}/${root}.so`)) === undefined) continue
      stems.add(`${place}/${root}`)
      return undefined
    }
    for (const place of places) for (const stem of [path, root]) stems.add(`${place}/${stem}`)
    return undefined
  }
  const starts = await Promise.all(scripts.map(path => fileAt(files, path)))
  await followFiles(
    files,
    starts.flatMap(node => (node === undefined ? [] : [{node}])),
    async level => {
      const found: {readonly node: FileNode}[] = []
      for (const {text} of level) {
        for (const name of readCertainRequires(text)) {
          if (seen.has(name)) continue
          seen.add(name)
          const node = await find(name)
          if (node !== undefined) found.push({node})
        }
      }
      return found
    },
  )
  return stems
}
