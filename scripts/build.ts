/**
 * Builds dist/, or the folder that is named: the action, the command, and the chunks that they share or load when
 * asked; byte for byte the same on every machine.
 */
import {chmodSync, mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {type BuildOptions, build, type Metafile, type Plugin} from 'esbuild'
import {licensesOf} from './licenses.ts'
import {moduleList} from './module-list.ts'
import {COMMON, declared} from './package/bundle-options.ts'

const [outdir = 'dist'] = process.argv.slice(2)

// @actions/core brings undici (400 KB) for OIDC tokens, which nothing here asks for. What speaks to GitHub's API needs
// it, and is a bundle of its own.
const WITHOUT_HTTP_CLIENT = {
  '@actions/http-client/lib/auth': './scripts/stubs/http-client.ts',
  '@actions/http-client': './scripts/stubs/http-client.ts',
}

/** @actions/core asks the machine about itself by @actions/exec, which nothing here asks for, at every start. */
const coreWithoutExec: Plugin = {
  name: 'core-without-exec',
  setup: ({onResolve}) => {
    onResolve({filter: /^@actions\/exec$/}, ({importer}) =>
      /@actions\/core\//.test(importer) ? {path: resolve('scripts/stubs/exec.ts')} : undefined,
    )
  },
}

const common: BuildOptions = {
  ...COMMON,
  // What only some runs need (the registry reader, say) is a file of its own, read when it is asked for.
  splitting: true,
  outdir,
  chunkNames: 'chunks/[name]-[hash]',
  minify: true,
  define: declared(),
}

/**
 * Leaves what speaks to GitHub out of the action, which loads it from beside itself:
 * so only an entry point may import it.
 */
const gitHubApart: Plugin = {
  name: 'github-apart',
  setup: ({onResolve}) => {
    onResolve({filter: /\/github\/open\.ts$/}, ({kind, importer}) => {
      if (kind !== 'dynamic-import' || !/\/src\/bin\/[a-z]+\.ts$/.test(importer)) {
        return {errors: [{text: `${importer} must not import what is a bundle of its own`}]}
      }
      return {path: './github.mjs', external: true}
    })
  },
}

/** The first file of the command loads the rest from beside itself, once it knows that node is new enough. */
const commandApart: Plugin = {
  name: 'command-apart',
  setup: ({onResolve}) => {
    onResolve({filter: /\/command\.ts$/}, ({kind}) =>
      kind === 'dynamic-import' ? {path: './command.mjs', external: true} : undefined,
    )
  },
}

rmSync(outdir, {recursive: true, force: true})
mkdirSync(outdir, {recursive: true})
const bundles = await Promise.all([
  build({
    ...common,
    entryPoints: {action: 'src/bin/action.ts', post: 'src/bin/post.ts', command: 'src/bin/command.ts'},
    alias: WITHOUT_HTTP_CLIENT,
    plugins: [gitHubApart, coreWithoutExec],
  }),
  build({...common, entryPoints: {github: 'src/github/open.ts'}}),
  build({
    ...{...common, banner: {}, splitting: false, target: 'es2020'},
    entryPoints: {cli: 'src/bin/cli.ts'},
    plugins: [commandApart],
  }),
])
chmodSync(join(outdir, 'cli.mjs'), 0o755)
const metafiles = bundles
  .map(({metafile}) => metafile)
  .filter((metafile): metafile is Metafile => metafile !== undefined)
writeFileSync(join(outdir, 'licenses.txt'), licensesOf(metafiles.flatMap(({inputs}) => Object.keys(inputs))))
writeFileSync(join(outdir, 'modules.txt'), moduleList(metafiles))
for (const {outputs} of metafiles) {
  for (const [file, {bytes}] of Object.entries(outputs)) console.log(`${file} ${bytes} bytes`)
}
