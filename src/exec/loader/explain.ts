import type {RootFs} from '../../image/rootfs.ts'
import type {Platform} from '../../platform/index.ts'
import {LINUX_ARCHITECTURES} from '../../platform/index.ts'
import {loaderNames, muslLoader} from './names.ts'

/**
 * Why a program's loader is not in the image, in plain words:
 * `a glibc program in a musl image`. Undefined where nothing says so.
 */
export async function explainMissingLoader(
  rootfs: RootFs,
  platform: Platform,
  loader: string,
): Promise<string | undefined> {
  const names = loaderNames(platform)
  if (!names) return undefined
  const wanted = names.glibc.includes(loader)
    ? 'glibc'
    : names.musl.map(muslLoader).includes(loader)
      ? 'musl'
      : undefined
  if (!wanted) return foreignLoader(platform, loader)
  const glibc = await firstPresent(rootfs, names.glibc)
  const musl = await firstPresent(rootfs, names.musl.map(muslLoader))
  if (wanted === 'glibc' && musl) return 'a glibc program in a musl image'
  if (wanted === 'musl' && glibc) return 'a musl program in a glibc image'
  if (wanted === 'glibc' && glibc) return `the image has ${glibc}: a program for another floating-point ABI`
  return glibc || musl ? undefined : 'a dynamically linked program in an image without a loader'
}

function foreignLoader(platform: Platform, loader: string): string | undefined {
  const architecture = LINUX_ARCHITECTURES.find(candidate => {
    const names = loaderNames({os: 'linux', architecture: candidate, variant: ''})
    return names?.glibc.includes(loader) || names?.musl.map(muslLoader).includes(loader)
  })
  if (architecture !== undefined) return `the loader of linux/${architecture}, not of linux/${platform.architecture}`
  if (loader.startsWith('/system/bin/linker')) return 'a program for Android'
  if (loader.startsWith('/nix/store/') || loader.startsWith('/gnu/store/')) {
    return 'a program from a Nix or Guix store that is not in the image'
  }
  return loader.startsWith('/home/linuxbrew/') ? 'a program from Homebrew, which is not in the image' : undefined
}

async function firstPresent(rootfs: RootFs, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if ((await rootfs.lookup(path)).outcome === 'found') return path
  return undefined
}
