import type {RootFs} from '../../image/rootfs.ts'
import {baseName, directoryOf} from '../../lib/paths.ts'
import type {AddonProblem} from '../addon.ts'
import type {NativeAssets} from './deps-manifest.ts'
import {type DotnetTarget, fitOfIdentifier} from './runtime-identifier.ts'

/** What a walk through all files saw of .NET. */
export interface DotnetListing {
  /** By the path of the APP.deps.json, where it has native files for several platforms. */
  readonly manifests: ReadonlyMap<string, readonly NativeAssets[]>
}

export interface DotnetAddonInput extends DotnetListing {
  readonly target: DotnetTarget
  /** Sees programs and libraries. */
  readonly files: Pick<RootFs, 'lookup'>
  /** Whether the image has a library of the platform's own machine of this name. */
  hasOwn(name: string): boolean
}

/** The SDK's own programs do not start what they bring for others. */
const OF_SDK = /\/dotnet\/(?:sdk|sdk-manifests|packs|workloads)\//

/**
 * For each package of an application of .NET that brings native files for machines of Linux: does the host take some of
 * them on this platform? Without, the first call into the library throws a DllNotFoundException.
 */
export async function findDotnetAddons(input: DotnetAddonInput): Promise<readonly AddonProblem[]> {
  const problems = await Promise.all(
    [...input.manifests].flatMap(([path, libraries]) =>
      OF_SDK.test(path) ? [] : libraries.map(library => problemOf(input, directoryOf(path), library)),
    ),
  )
  return problems.flatMap(problem => problem ?? [])
}

async function problemOf(
  {target, files, hasOwn}: DotnetAddonInput,
  directory: string,
  {library, files: assets}: NativeAssets,
): Promise<AddonProblem | undefined> {
  const fits = assets.map(({rid, path}) => ({path, fit: fitOfIdentifier(rid, target)}))
  const others = fits.filter(({fit}) => fit === 'other-machine').map(({path}) => path)
  if (fits.some(({fit}) => fit === 'own') || others.some(path => hasOwn(baseName(path)))) return undefined
  const present: string[] = []
  for (const path of others) {
    // What was published for one platform may leave others out.
    const found = await files.lookup(`${directory}/${path}`)
    if (found.outcome === 'found') present.push(`${directory}/${path}`)
  }
  if (present.length === 0) return undefined
  const rid = `linux-${target.libc === 'musl' ? 'musl-' : ''}${target.arch}`
  return {
    language: 'dotnet',
    directory,
    package: library,
    wanted: [`runtimes/${rid}/native/${baseName(present[0] ?? '')}`],
    outcome: {kind: 'missing', present},
    covers: present,
    isRequired: false,
    isNeeded: true,
  }
}
