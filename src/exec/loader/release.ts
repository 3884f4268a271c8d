import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {readWhole} from '../../lib/bytes.ts'
import {LIMITS} from '../../lib/limits.ts'
import type {LoadedObject} from './object.ts'
import type {LoaderObstacle} from './obstacle.ts'

/** The largest C library or loader that is read, in bytes. */
const MAX_FILE = LIMITS['loader-bytes'].most

/** What glibc's csu/version.c and elf/dl-usage.c have in both files: `… stable release version 2.36.` */
const RELEASE = /(?:stable|development) release version ([0-9]+\.[0-9]+(?:\.[0-9]+)?)/

/**
 * A loader and a C library of two releases of glibc whose private symbols happen to fit: they share structures whose
 * layout changes from release to release. Some programs start all the same, and most die: no more than a warning.
 * Undefined where the releases are the same, or a file does not say which it is.
 */
export async function findMixedRelease(
  rootfs: RootFs,
  loaded: readonly LoadedObject[],
  loader: {readonly path: string; readonly node: FileNode},
): Promise<LoaderObstacle | undefined> {
  const libc = loaded.find(({dynamic}) => dynamic.soname === 'libc.so.6')
  if (!libc || libc.node.path === loader.node.path) return undefined
  const [ofLoader, ofLibc] = [await readRelease(rootfs, loader.node), await readRelease(rootfs, libc.node)]
  if (ofLoader === undefined || ofLibc === undefined || ofLoader === ofLibc) return undefined
  return {
    kind: 'mixed-release',
    library: libc.path,
    neededBy: loaded[0]?.path ?? libc.path,
    provider: loader.path,
    releases: {loader: ofLoader, library: ofLibc},
  }
}

async function readRelease(rootfs: RootFs, node: FileNode): Promise<string | undefined> {
  const bytes = await readWhole(await rootfs.open(node), MAX_FILE)
  return bytes && RELEASE.exec(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'))?.[1]
}
