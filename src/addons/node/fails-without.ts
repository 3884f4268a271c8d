import {ownModules} from './own-modules.ts'
import type {ModuleFiles} from './resolve.ts'

/** Whether a package cannot be loaded where none of its packages for platforms is for this one. */
export async function failsWithoutPackage(files: ModuleFiles, directory: string, name: string): Promise<boolean> {
  return REQUIRED.has(name) || (await failsWithoutBinding(files, directory))
}

/**
 * Packages whose entry file throws where the package for the platform is not there; scripts/addons requires each.
 * esbuild, for one, looks for its program only when it is used.
 */
export const REQUIRED: ReadonlySet<string> = new Set([
  '@napi-rs/canvas',
  '@parcel/watcher',
  'lightningcss',
  'lmdb',
  'node-datachannel',
  'oxc-parser',
  'rollup',
  'sharp',
])

/** Variables by which such packages take another file. */
export const SETTINGS = /^NAPI_RS_|_BINARY_PATH$|^LIBC$/

/** The loader that napi-rs writes: it ends with a `throw` where no binding was found. https://napi.rs */
async function failsWithoutBinding(files: ModuleFiles, directory: string): Promise<boolean> {
  const modules = await ownModules(files, directory)
  return modules.some(({text, source}) => text.throws && /\bnativeBinding\b/.test(source))
}
