import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {readWhole} from '../../lib/bytes.ts'
import {readCertainUses} from './certain-uses.ts'

/** Where modules are looked for. */
export interface PerlPath {
  /** `@INC` */
  readonly inc: readonly string[]
  /** Directories of modules for other machines: what is found there alone is not found by Perl. */
  readonly others: readonly string[]
}

/** Each costs a look into the image. */
const FILES = 300
const LOOKS = 20_000
/** In bytes. */
const FILE_LIMIT = 512 * 1024

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
  const seen = new Set<string>()
  let left = LOOKS
  const fileAt = async (path: string): Promise<FileNode | undefined> => {
    left -= 1
    const found = left < 0 ? undefined : await files.lookup(path)
    return found?.outcome === 'found' && found.node.kind === 'file' ? found.node : undefined
  }
  const findIn = async (places: readonly string[], name: string): Promise<Module | undefined> => {
    for (const place of places) {
      const node = await fileAt(`${place}/${name}`)
      if (node !== undefined) return {node, place}
    }
    return undefined
  }
  let level: Module[] = []
  for (const start of starts) {
    const node = await fileAt(start)
    const place = inc.find(one => start.startsWith(`${one}/`))
    if (node !== undefined) level.push({node, place})
  }
  while (level.length > 0 && seen.size < FILES) {
    const fresh = level.filter(({node: {path}}) => {
      const isNew = !seen.has(path) && seen.size < FILES
      seen.add(path)
      return isNew
    })
    const texts = await Promise.all(fresh.map(({node}) => readSource(files, node)))
    level = []
    for (const [index, {place}] of fresh.entries()) {
      for (const {kind, name} of readCertainUses(texts[index] ?? '')) {
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
        level.push(entered)
        stems.add(`${entered.place}/${path}`)
      }
    }
  }
  return stems
}

async function readSource(files: Pick<RootFs, 'open'>, node: FileNode): Promise<string | undefined> {
  const bytes = node.size > FILE_LIMIT ? undefined : await readWhole(await files.open(node), FILE_LIMIT)
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes)
}
