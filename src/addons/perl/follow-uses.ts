import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {LIMITS} from '../../lib/limits.ts'
import type {AddonProblem} from '../addon.ts'
import {followFiles, limitedLooks} from '../follow-files.ts'
import {readCertainUses} from './certain-uses.ts'

/** Where modules are looked for. */
export interface PerlPath {
  /** `@INC` */
  readonly inc: readonly string[]
  /** Directories of modules for other machines: what is found there alone is not found by Perl. */
  readonly others: readonly string[]
}

/** The path of the Perl that such problems were found of. */
export function perlPath(problems: readonly AddonProblem[]): PerlPath {
  const own = problems.filter(({language}) => language === 'perl')
  const others = own.flatMap(({outcome, directory}) => (outcome.kind === 'missing' ? [directory] : []))
  return {inc: [...new Set(own.flatMap(({searched = []}) => searched))], others: [...new Set(others)]}
}

interface Module {
  readonly node: FileNode
  /** The directory of `@INC`; undefined of a script. */
  readonly place: string | undefined
}

/**
 * Follows what files of Perl load for certain. Gives the paths of modules and of their native files, without `.pm` and
 * `.so`; of what is in a directory for another machine alone, its path there.
 */
export async function followUses(
  files: Pick<RootFs, 'lookup' | 'open'>,
  starts: readonly string[],
  {inc, others}: PerlPath,
): Promise<ReadonlySet<string>> {
  const stems = new Set<string>()
  const fileAt = limitedLooks(files, LIMITS['module-looks'].most)
  const findIn = async (places: readonly string[], name: string): Promise<Module | undefined> => {
    for (const place of places) {
      const node = await fileAt(`${place}/${name}`)
      if (node !== undefined) return {node, place}
    }
    return undefined
  }
  const scripts: Module[] = []
  for (const start of starts) {
    const node = await fileAt(start)
    const place = inc.find(one => start.startsWith(`${one}/`))
    if (node !== undefined) scripts.push({node, place})
  }
  await followFiles(files, scripts, async level => {
    const next: Module[] = []
    for (const {file, text} of level) {
      const {place} = file
      for (const {kind, name} of readCertainUses(text)) {
        const path = name.replaceAll('::', '/')
        if (kind === 'native') {
          const object = `auto/${path}/${path.replace(/^.*\//, '')}`
          // XSLoader looks beside the module first.
          const found = await findIn(place === undefined ? inc : [place, ...inc], `${object}.so`)
          if (found !== undefined) stems.add(`${found.place}/${object}`)
          continue
        }
        const found = await findIn(inc, `${path}.pm`)
        // What is in the directory of another machine fails by itself: what it would load is as little there.
        const entered = found ?? (await findIn(others, `${path}.pm`))
        if (entered === undefined) continue
        next.push(entered)
        stems.add(`${entered.place}/${path}`)
      }
    }
    return next
  })
  return stems
}
