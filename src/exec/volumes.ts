import type {Lookup, RootFs} from '../image/rootfs.ts'
import {directoryOf} from '../lib/paths.ts'
import {cleanPath, tooLongName} from './resolved-path.ts'
import type {Obstacle} from './steps.ts'

/** A volume on something that is not a directory. */
export interface BlockedVolume {
  /** As the config has it. */
  readonly path: string
  readonly obstacle: Obstacle
}

/**
 * The first volume that keeps the engine from making a container: it makes a directory of each, below the root, and
 * refuses to where something else stands there or no such name can be. moby daemon/create_unix.go.
 */
export async function findBlockedVolume(
  rootfs: RootFs,
  volumes: readonly string[],
): Promise<BlockedVolume | undefined> {
  for (const path of volumes) {
    const place = placeOf(path)
    const long = tooLongName(place)
    const obstacle: Obstacle | undefined =
      long === undefined ? obstacleOf(await rootfs.lookup(place)) : {kind: 'missing', errno: 'ENAMETOOLONG', at: long}
    if (obstacle) return {path, obstacle}
  }
  return undefined
}

function obstacleOf(lookup: Lookup): Obstacle | undefined {
  switch (lookup.outcome) {
    case 'found':
      return lookup.node.kind === 'directory' ? undefined : {kind: 'missing', errno: 'ENOTDIR', at: lookup.node.path}
    case 'missing':
      return undefined
    case 'not-a-directory':
      return {kind: 'missing', errno: 'ENOTDIR', at: lookup.at}
    case 'too-many-links':
      return {kind: 'missing', errno: 'ELOOP', at: lookup.at}
    case 'name-too-long':
      return {kind: 'missing', errno: 'ENAMETOOLONG', at: lookup.at}
  }
}

/**
 * The volumes that are dangling symlinks: a container starts with one, and `docker cp` fails for every path of it
 * ("mkdirat: file exists").
 */
export async function findDanglingVolumes(rootfs: RootFs, volumes: readonly string[]): Promise<readonly string[]> {
  const dangling: string[] = []
  for (const volume of volumes) {
    const place = placeOf(volume)
    const lookup = await rootfs.lookup(place)
    if (lookup.outcome !== 'missing' || lookup.hops.length === 0) continue
    const parent = await rootfs.lookup(directoryOf(place))
    if (parent.outcome !== 'found') continue
    const link = `${parent.node.path === '/' ? '' : parent.node.path}${place.slice(place.lastIndexOf('/'))}`
    if (lookup.hops.some(({path}) => path === link)) dangling.push(volume)
  }
  return dangling
}

/** Where the engine puts a volume: it cleans the path as text, and takes a relative one for one of the root's. */
function placeOf(volume: string): string {
  return cleanPath(`/${volume}`)
}
