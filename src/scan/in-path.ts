import type {FileNode, RootFs} from '../image/rootfs.ts'
import {baseName, directoryOf} from '../lib/paths.ts'
import type {Collection} from './collect.ts'
import type {Places} from './places.ts'
import {parallelName} from './spellings.ts'

/** How a file is reached through PATH. */
export interface Reached {
  /** Names that it is started by. */
  readonly names: readonly string[]
  /** The first link to it, where it does not stand in a directory of PATH itself. */
  readonly link?: string
}

/** A link in a directory of PATH, and the executable file that it leads to. */
export interface PathLink {
  readonly path: string
  readonly node: FileNode
}

/** The links in PATH that a shell would start something by; a link that leads nowhere, or to no program, is none. */
export async function findPathLinks(
  {links}: Pick<Collection, 'links'>,
  rootfs: RootFs,
  {path}: Pick<Places, 'path'>,
): Promise<readonly PathLink[]> {
  const leading: PathLink[] = []
  for (const link of links) {
    if (!path.has(directoryOf(link.path))) continue
    const found = await rootfs.lookup(link.path)
    if (found.outcome !== 'found' || found.node.kind !== 'file' || (found.node.mode & 0o111) === 0) continue
    leading.push({path: link.path, node: found.node})
  }
  return leading
}

/**
 * The files that PATH offers, as far as the scan kept them, by path: those in its
 * directories, and those that links there lead to.
 */
export function findInPath(
  {own, others, executables}: Pick<Collection, 'own' | 'others' | 'executables'>,
  links: readonly PathLink[],
  {path}: Pick<Places, 'path'>,
): ReadonlyMap<string, Reached> {
  const reached = new Map<string, Reached>()
  for (const {node} of [...own.values(), ...others, ...executables]) {
    const isExecutable = (node.mode & 0o111) !== 0
    if (isExecutable && path.has(directoryOf(node.path))) reached.set(node.path, {names: [baseName(node.path)]})
  }
  for (const link of links) {
    const known = reached.get(link.node.path)
    reached.set(link.node.path, {
      ...(known ?? {link: link.path}),
      names: [...(known?.names ?? []), baseName(link.path)],
    })
  }
  return reached
}

/** What PATH offers, by name: the same for all platforms of an image but for words for the machine in it. */
export function commandsOf(
  {own, others, scripts, links, areLinksKnown}: Collection,
  leading: readonly PathLink[],
  {path}: Pick<Places, 'path'>,
): readonly string[] {
  const paths = [
    ...[...own.values(), ...others].flatMap(({node}) => ((node.mode & 0o111) === 0 ? [] : node.path)),
    ...scripts,
    ...(areLinksKnown ? leading : links).map(link => link.path),
  ]
  const names = paths.filter(one => path.has(directoryOf(one))).map(one => parallelName(one) ?? one)
  return [...new Set(names)].sort()
}
