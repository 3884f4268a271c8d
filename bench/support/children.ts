import {execFile} from 'node:child_process'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {build} from 'esbuild'

/** What a child process tells of itself. */
export interface Took {
  /** In bytes, at most, where the process is ours. */
  readonly memory?: number
  /** In seconds, of all processors together. */
  readonly processor?: number
}

/** A program of bench/support as the product is shipped: bundled and minified. Gives its path. */
export async function bundle(name: string, folder: string): Promise<string> {
  const outfile = join(folder, `${name}.mjs`)
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    banner: {js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);"},
    outfile,
    logLevel: 'error',
  })
  return outfile
}

/** Runs such a program; it prints JSON. */
export async function runNode(script: string, args: readonly string[], env = process.env): Promise<Took> {
  const {stdout} = await promisify(execFile)(process.execPath, [script, ...args], {env})
  // Our own programs of this folder print it.
  return JSON.parse(stdout) as Took
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
