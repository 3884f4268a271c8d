import type {RootFs} from '../image/rootfs.ts'
import type {Collection} from './collect.ts'
import {directoryOf, lastName, type Places} from './places.ts'
import {parallelName} from './spellings.ts'

/** How a file is reached through PATH. */
export interface Reached {
  /** Names that it is started by. */
  readonly names: readonly string[]
  /** The first link to it, where it does not stand in a directory of PATH itself. */
  readonly link?: string
}

/**
 * The files that PATH offers, as far as the scan kept them, by path: those in its
 * directories, and those that links there lead to.
 */
export async function findInPath(
  {own, others, executables, links}: Collection,
  rootfs: RootFs,
  {path}: Places,
): Promise<ReadonlyMap<string, Reached>> {
  const reached = new Map<string, Reached>()
  for (const {node} of [...own.values(), ...others, ...executables]) {
    const isExecutable = (node.mode & 0o111) !== 0
    if (isExecutable && path.has(directoryOf(node.path))) reached.set(node.path, {names: [lastName(node.path)]})
  }
  for (const link of links) {
    if (!path.has(directoryOf(link.path))) continue
    const found = await rootfs.lookup(link.path)
    if (found.outcome !== 'found' || found.node.kind !== 'file' || (found.node.mode & 0o111) === 0) continue
    const known = reached.get(found.node.path)
    reached.set(found.node.path, {
      ...(known ?? {link: link.path}),
      names: [...(known?.names ?? []), lastName(link.path)],
    })
  }
  return reached
}

/** What PATH offers, by name: the same for all platforms of an image but for words for the machine in it. */
export function commandsOf({own, others, scripts, links}: Collection, {path}: Places): readonly string[] {
  const paths = [
    ...[...own.values(), ...others].flatMap(({node}) => ((node.mode & 0o111) === 0 ? [] : node.path)),
    ...scripts,
    ...links.map(link => link.path),
  ]
  const names = paths.filter(one => path.has(directoryOf(one))).map(one => parallelName(one) ?? one)
  return [...new Set(names)].sort()
}
