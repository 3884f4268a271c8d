import {findArchitecture, type LoaderNames, normalisePlatform, type Platform} from '../../platform/index.ts'

/** Where the programs of a platform look for their loader; undefined where the table of architectures does not say. */
export function loaderNames(platform: Platform): LoaderNames | undefined {
  const {os, architecture} = normalisePlatform(platform)
  return os === 'linux' ? findArchitecture(architecture)?.loaders : undefined
}

export function muslLoader(arch: string): string {
  return `/lib/ld-musl-${arch}.so.1`
}
