import {identify, judgeMachine} from '../../binary/index.ts'
import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {baseName} from '../../lib/paths.ts'
import type {Platform} from '../../platform/index.ts'

/** Where a library that a loader does not find is all the same. */
export interface LibraryPlace {
  readonly path: string
  readonly kind: /** A native file, or a link to one, of the very name: the loader does not look there. */
    | 'same-name'
    /** A native file whose name goes on with more digits: the link of the short name is what is missing. */
    | 'real-file'
    /** A dangling symlink of the name. */
    | 'dangling-link'
    /** Another version: what stands behind `.so` differs. */
    | 'other-version'
  /** Of a link. */
  readonly target?: string
}

/** By the name that DT_NEEDED has; of a library that is not installed at all, none. */
export type LibraryPlaces = ReadonlyMap<string, readonly LibraryPlace[]>

/** Places of each name and kind that are looked at; more would say no more. */
const LOOKED_AT = 8

/**
 * Looks through all files for libraries that were not found, so that *not installed*, *not where the loader looks* and
 * *the link is missing* can be distinguished. Only files of the platform's machine count. It walks the whole tree, and
 * so is requested only where a library is missing.
 */
export async function findElsewhere(
  rootfs: RootFs,
  platform: Platform,
  names: readonly string[],
): Promise<LibraryPlaces> {
  const wanted = new Map(names.flatMap(name => (name.includes('/') ? [] : [[name, [] as FileNode[]]])))
  const byStem = Map.groupBy(wanted.keys(), stemOf)
  for await (const node of rootfs.files()) {
    if (node.kind !== 'file' && node.kind !== 'symlink') continue
    const name = baseName(node.path)
    for (const one of byStem.get(stemOf(name)) ?? []) wanted.get(one)?.push(node)
  }
  const places = new Map<string, readonly LibraryPlace[]>()
  for (const [name, nodes] of wanted) {
    places.set(name, await directoriesOf(rootfs, platform, name, nodes))
  }
  return places
}

/** `libx.so` of `libx.so.1.2`: what names of one library have in common. */
function stemOf(name: string): string {
  return /^(.*?\.so)(?:\.[0-9.]+)?$/.exec(name)?.[1] ?? name
}

async function directoriesOf(
  rootfs: RootFs,
  platform: Platform,
  wanted: string,
  nodes: readonly FileNode[],
): Promise<readonly LibraryPlace[]> {
  const places: LibraryPlace[] = []
  const counts = new Map<LibraryPlace['kind'], number>()
  for (const node of nodes) {
    const name = baseName(node.path)
    const kind = name === wanted ? 'same-name' : name.startsWith(`${wanted}.`) ? 'real-file' : 'other-version'
    const count = counts.get(kind) ?? 0
    if (count >= LOOKED_AT) continue
    counts.set(kind, count + 1)
    const link = node.kind === 'symlink' ? {target: node.target ?? ''} : {}
    const found = await rootfs.lookup(node.path)
    if (found.outcome !== 'found') {
      if (kind === 'same-name') places.push({path: node.path, kind: 'dangling-link', ...link})
    } else if (found.node.kind === 'file' && (await isNative(rootfs, platform, found.node))) {
      places.push({path: node.path, kind, ...link})
    }
  }
  const order: readonly LibraryPlace['kind'][] = ['same-name', 'dangling-link', 'real-file', 'other-version']
  return places.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}

async function isNative(rootfs: RootFs, platform: Platform, node: FileNode): Promise<boolean> {
  const file = await identify(await rootfs.open(node))
  return file.kind === 'elf' && judgeMachine(file, platform).fit === 'native'
}
