/** Builds dist/: one CommonJS bundle for the action, one for the command, byte for byte the same on every machine. */
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
  format: 'cjs',
  minify: true,
  metafile: true,
  legalComments: 'none',
  charset: 'utf8',
  define: {VERIFY_IMAGE_ARCH_VERSION: JSON.stringify(version)},
}

rmSync('dist', {recursive: true, force: true})
mkdirSync('dist')
const bundles = await Promise.all([
  build({...common, entryPoints: ['src/bin/action.ts'], outfile: 'dist/action.cjs', alias: WITHOUT_HTTP_CLIENT}),
  build({...common, entryPoints: ['src/bin/cli.ts'], outfile: 'dist/cli.cjs', banner: {js: '#!/usr/bin/env node'}}),
])
chmodSync('dist/cli.cjs', 0o755)
writeFileSync('dist/licenses.txt', licensesOf(bundles.flatMap(bundle => Object.keys(bundle.metafile?.inputs ?? {}))))
for (const bundle of bundles) {
  for (const [file, {bytes}] of Object.entries(bundle.metafile?.outputs ?? {})) console.log(`${file} ${bytes} bytes`)
}
