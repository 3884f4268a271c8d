import type {Doubtful, FileNode, RootFs} from '../../image/rootfs.ts'
import {baseName, directoryOf, isBelow} from '../../lib/paths.ts'
import {sortByName} from '../../lib/tar-name.ts'
import type {Change, World} from './world.ts'

/** The names in a directory of a running container. */
export interface Listing {
  /** Absolute, no symlink in it. */
  readonly at: string
  /** In the order of their bytes, without `.` and `..`. */
  readonly names: readonly string[]
  /** What may have made more, or removed some. */
  readonly maybe?: Doubtful
}

/** The files of a running container, as far as a listing asks for them. */
interface ListedFiles {
  readonly image: RootFs
  readonly world: World
  place(
    path: string,
    options?: {readonly followLast: boolean},
  ): Promise<{readonly at: string; readonly node?: FileNode; readonly maybe?: Doubtful}>
}

/**
 * What is in a directory of a running container: of all names that the image, a change or a copied tree may have put
 * there those that are there.
 */
export async function listDirectory(view: ListedFiles, path: string): Promise<Listing | undefined> {
  const {node, at, maybe} = await view.place(path)
  if (node?.kind !== 'directory') return undefined
  const {image, world} = view
  const names: string[] = []
  for (const name of await candidates(image, world, at)) {
    world.budget?.charge('work', name.length)
    const child = await view.place(`${at === '/' ? '' : at}/${name}`, {followLast: false})
    if (child.node) names.push(name)
  }
  const doubt = maybe ?? doubtInside(world, at)
  return {at, names: sortByName(names, name => name), ...(doubt ? {maybe: doubt} : {})}
}

/** More than are there: a name that a change hides is seen to be missing afterwards. */
async function candidates(image: RootFs, world: World, at: string): Promise<ReadonlySet<string>> {
  const names = new Set(await namesIn(image, at))
  for (const path of world.changes.keys()) {
    if (path !== '/' && directoryOf(path) === at) names.add(baseName(path))
  }
  for (let above = at; ; above = directoryOf(above)) {
    const rest = at.slice(above === '/' ? 0 : above.length)
    for (const of of treesOf(world.changes.get(above))) {
      for (const name of await namesIn(image, `${of === '/' ? '' : of}${rest}` || '/')) names.add(name)
    }
    if (above === '/') return names
  }
}

/** The directories of the image that a change has copied, one upon the other. */
function treesOf(change: Change | undefined): readonly string[] {
  if (change?.kind !== 'there' || change.content.kind !== 'tree') return []
  const {of, over} = change.content
  return [of, ...treesOf(over?.change)]
}

async function namesIn(image: RootFs, path: string): Promise<readonly string[]> {
  const found = await image.lookup(path)
  // A path with a symlink in it is another directory.
  const isHere = found.outcome === 'found' && found.node.kind === 'directory' && found.node.path === path
  return isHere ? image.list(found.node) : []
}

/** What may have added names, or taken some away. */
function doubtInside({doubts}: World, at: string): Doubtful | undefined {
  const doubt = doubts.find(
    ({below, grade}) => grade !== 'mode' && (isBelow(at, below) || (below !== at && directoryOf(below) === at)),
  )
  return doubt && {by: doubt.by, grade: doubt.grade}
}
