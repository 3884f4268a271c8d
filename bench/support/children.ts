import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {basename, join} from 'node:path'
import {text} from 'node:stream/consumers'
import {build} from 'esbuild'

const LONGEST_LINE = 2000

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
  const child = spawn(process.execPath, [script, ...args], {env, stdio: ['ignore', 'pipe', 'pipe']})
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)]
  await once(child, 'close')
  if (child.exitCode !== 0) {
    const ended = child.signalCode === null ? `ended with ${child.exitCode}` : `was ended by ${child.signalCode}`
    throw new Error(`${basename(script)} ${args.join(' ')} ${ended}: ${lastError(await stderr)}`)
  }
  // Our own programs of this folder print it.
  return JSON.parse(await stdout) as Took
}

/** Of what node prints of an error, without the line of code, which is all of a bundle. */
function lastError(printed: string): string {
  const lines = printed.split('\n').filter(line => line.length < LONGEST_LINE)
  return lines.findLast(line => /^\w*(?:Error|FATAL)/.test(line)) ?? lines.slice(-5).join('\n')
}
