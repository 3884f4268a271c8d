import {DEFAULT_PATH, type Environment} from '../exec/index.ts'
import type {RootFs} from '../image/rootfs.ts'
import {findArchitecture, normalisePlatform, type Platform, programTarget} from '../platform/index.ts'

/** Directories, without symlinks, in which a file counts because of where it is. */
export interface Places {
  /** Of PATH, as the config has it. */
  readonly path: ReadonlySet<string>
  /** Where the platform's own loader looks by default: what it finds there is loaded. */
  readonly loader: ReadonlySet<string>
}

/** The directories that count for a platform's image, each as its symlinks lead. */
export async function resolvePlaces(rootfs: RootFs, platform: Platform, env: Environment): Promise<Places> {
  return {
    path: await resolveAll(rootfs, pathElements(env.get('PATH') ?? DEFAULT_PATH)),
    loader: await resolveAll(rootfs, [
      ...loaderDirectories(platform),
      ...pathElements((env.get('LD_LIBRARY_PATH') ?? '').replaceAll(';', ':')),
    ]),
  }
}

/**
 * Directories of libraries in which the loaders of glibc (Debian's, Fedora's, upstream's) and
 * musl look by default, and /usr/local's.
 */
function loaderDirectories(platform: Platform): string[] {
  const {architecture} = normalisePlatform(platform)
  // Of a 32-bit platform lib64 holds what is for the 64-bit machine.
  const names = programTarget(platform)?.class === 64 ? ['lib', 'lib64'] : ['lib']
  const triplets = findArchitecture(architecture)?.multiarch ?? []
  return ['', '/usr', '/usr/local'].flatMap(prefix => [
    ...names.map(name => `${prefix}/${name}`),
    ...triplets.map(triplet => `${prefix}/lib/${triplet}`),
  ])
}

/** The absolute directories of PATH or LD_LIBRARY_PATH. */
export function pathElements(path: string): string[] {
  return path.split(':').filter(element => element.startsWith('/'))
}

async function resolveAll(rootfs: RootFs, directories: readonly string[]): Promise<ReadonlySet<string>> {
  const resolved = new Set<string>()
  for (const directory of directories) {
    const found = await rootfs.lookup(directory)
    if (found.outcome === 'found' && found.node.kind === 'directory') resolved.add(found.node.path)
  }
  return resolved
}
