import type {OnBeyond} from '../../binary/index.ts'
import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {readWhole} from '../../lib/bytes.ts'
import {fixedBound, tellLimit} from '../../lib/over-limit.ts'
import type {LoadedObject} from './object.ts'
import type {LoaderObstacle} from './obstacle.ts'

/** The largest C library or loader that is read. */
const LARGEST = fixedBound('loader-bytes')

/** What glibc's csu/version.c and elf/dl-usage.c have in both files: `… stable release version 2.36.` */
const RELEASE = /(?:stable|development) release version ([0-9]+\.[0-9]+(?:\.[0-9]+)?)/

/**
 * A loader and a C library of two releases of glibc whose private symbols happen to fit: they share structures whose
 * layout changes from release to release. Some programs start all the same, and most die: no more than a warning.
 * Undefined where the releases are the same, or a file does not say which it is, or is larger than what is read, which
 * is reported to `onBeyond`.
 */
export async function findMixedRelease(
  rootfs: RootFs,
  loaded: readonly LoadedObject[],
  loader: {readonly path: string; readonly node: FileNode},
  onBeyond: OnBeyond,
): Promise<LoaderObstacle | undefined> {
  const libc = loaded.find(({dynamic}) => dynamic.soname === 'libc.so.6')
  if (!libc || libc.node.path === loader.node.path) return undefined
  const ofLoader = await readRelease(rootfs, loader.node, onBeyond)
  const ofLibc = await readRelease(rootfs, libc.node, onBeyond)
  if (ofLoader === undefined || ofLibc === undefined || ofLoader === ofLibc) return undefined
  return {
    kind: 'mixed-release',
    library: libc.path,
    neededBy: loaded[0]?.path ?? libc.path,
    provider: loader.path,
    releases: {loader: ofLoader, library: ofLibc},
  }
}

async function readRelease(rootfs: RootFs, node: FileNode, onBeyond: OnBeyond): Promise<string | undefined> {
  const bytes = await readWhole(await rootfs.open(node), LARGEST.most)
  if (bytes === undefined) onBeyond(tellLimit(LARGEST, most => `${node.path} has more than ${most}`))
  return bytes && RELEASE.exec(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'))?.[1]
}
