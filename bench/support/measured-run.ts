import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Took} from './children.ts'

/** What a run of the product's own bundle took. */
export interface MeasuredRun extends Required<Took> {
  readonly seconds: number
  readonly exitCode: number | null
  readonly stdout: string
}

/** Runs a bundle, `dist/cli.mjs`, say; an end with another code than `codes` is a mistake of the bench. */
export async function measuredRun(
  program: string,
  args: readonly string[],
  {env, scratch, codes}: {readonly env: NodeJS.ProcessEnv; readonly scratch: string; readonly codes: readonly number[]},
): Promise<MeasuredRun> {
  const told = join(scratch, `taken-${process.hrtime.bigint()}`)
  const hook = join(import.meta.dirname, 'tell-taken.ts')
  const since = performance.now()
  const child = spawn(process.execPath, ['--no-warnings', '--import', hook, program, ...args], {
    env: {...env, TELL_TAKEN: told},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks: Record<'stdout' | 'stderr', Buffer[]> = {stdout: [], stderr: []}
  child.stdout.on('data', (chunk: Buffer) => chunks.stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.stderr.push(chunk))
  await once(child, 'close')
  const seconds = (performance.now() - since) / 1000
  if (!codes.includes(child.exitCode ?? -1)) {
    throw new Error(`${program} ended with ${child.exitCode}: ${Buffer.concat(chunks.stderr)}`)
  }
  // tell-taken.ts writes it.
  const took = JSON.parse(await readFile(told, 'utf8')) as Required<Took>
  return {...took, seconds, exitCode: child.exitCode, stdout: Buffer.concat(chunks.stdout).toString()}
}
