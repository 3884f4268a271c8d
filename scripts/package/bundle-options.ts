import {readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import type {BuildOptions} from 'esbuild'

/**
 * The oldest node that everything runs on but the action, which GitHub runs on its own: the first with zstd in
 * node:zlib (22.15.0, and 23.8.0 of the odd line).
 */
export const OLDEST_NODE = 'node22.15'

/** How every bundle is made. */
export const COMMON = {
  bundle: true,
  platform: 'node',
  target: OLDEST_NODE,
  format: 'esm',
  outExtension: {'.js': '.mjs'},
  // CommonJS packages in the bundle ask for node's own modules by require.
  banner: {js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);"},
  metafile: true,
  legalComments: 'none',
  // As ES modules, of which only what is used is bundled, and without node's process and buffer.
  alias: {yaml: resolve(import.meta.dirname, '../../node_modules/yaml/browser/index.js')},
  charset: 'utf8',
} as const satisfies BuildOptions

/** What the build says in the place of a name: the version, which stands in package.json alone. */
export function declared(): Readonly<Record<string, string>> {
  const {version}: {version: string} = JSON.parse(
    readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8'),
  )
  return {VERIFY_IMAGE_ARCH_VERSION: JSON.stringify(version)}
}
