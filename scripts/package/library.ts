import {readFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {build} from 'esbuild'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import {COMMON, declared} from './bundle-options.ts'
import {type Declarations, emitDeclarations, reachableDeclarations, writeDeclarations} from './declarations.ts'

const ENTRY = 'src/library/index.ts'
const ROOT = resolve(import.meta.dirname, '../..')

/** Writes the module and its declarations into a folder, and says how much it was. */
export async function buildLibrary(outdir: string): Promise<{readonly bytes: number; readonly declarations: number}> {
  await build({
    ...COMMON,
    absWorkingDir: ROOT,
    entryPoints: {library: ENTRY},
    outdir: resolve(outdir),
    // Names stay readable in the stacks of whoever uses it.
    minify: false,
    minifyWhitespace: true,
    minifySyntax: true,
    define: declared(),
  })
  const declarations = writeDeclarations(await libraryDeclarations(), join(outdir, 'types'))
  return {bytes: readFileSync(join(outdir, 'library.mjs')).length, declarations}
}

/** The declarations of what the package exports, and of all that these need. */
export async function libraryDeclarations(): Promise<Declarations> {
  return withTemporaryFolder('declarations', async folder => {
    emitDeclarations(ROOT, ENTRY, folder)
    return reachableDeclarations(folder, 'library/index.d.ts')
  })
}
