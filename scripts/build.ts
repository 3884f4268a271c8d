/** Builds dist/: the action, the command, and the chunks that they share or load when asked; byte for byte the same on every machine. */
import {chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {type BuildOptions, build} from 'esbuild'
import {licensesOf} from './licenses.ts'

const {version}: {version: string} = JSON.parse(readFileSync('package.json', 'utf8'))

// @actions/core brings undici (400 KB) for OIDC tokens, which nothing here asks for.
const WITHOUT_HTTP_CLIENT = {
  '@actions/http-client/lib/auth': './scripts/stubs/http-client.ts',
  '@actions/http-client': './scripts/stubs/http-client.ts',
}

const common: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // What only some runs need (the registry reader, say) is a file of its own, read when it is asked for.
  splitting: true,
  outdir: 'dist',
  outExtension: {'.js': '.mjs'},
  chunkNames: 'chunks/[name]-[hash]',
  // CommonJS packages in the bundle ask for node's own modules by require.
  banner: {js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);"},
  minify: true,
  metafile: true,
  legalComments: 'none',
  charset: 'utf8',
  define: {VERIFY_IMAGE_ARCH_VERSION: JSON.stringify(version)},
}

rmSync('dist', {recursive: true, force: true})
mkdirSync('dist')
const bundles = await Promise.all([
  build({
    ...common,
    entryPoints: {action: 'src/bin/action.ts', cli: 'src/bin/cli.ts'},
    alias: WITHOUT_HTTP_CLIENT,
  }),
])
chmodSync('dist/cli.mjs', 0o755)
writeFileSync('dist/licenses.txt', licensesOf(bundles.flatMap(bundle => Object.keys(bundle.metafile?.inputs ?? {}))))
for (const bundle of bundles) {
  for (const [file, {bytes}] of Object.entries(bundle.metafile?.outputs ?? {})) console.log(`${file} ${bytes} bytes`)
}
