import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {constants} from 'node:os'
import type {Readable} from 'node:stream'
import {GROUND_MARKER} from '../ground/ground.ts'

/** The variable that all processes of a tested program have in their environment; its value is the ground's folder. */
export const MARKER = 'VERIFY_IMAGE_ARCH_TESTED'

/**
 * What makes a tested program known by its environment: as such, and to the ground, which ends what a test left behind.
 */
export function marksOf(folder: string): Readonly<Record<string, string>> {
  return {[MARKER]: folder, [GROUND_MARKER]: folder}
}

export interface ProgramOptions {
  readonly cwd: string
  /** All of it: nothing of this process's environment is added. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** What a program that ended left behind. */
export interface ProgramRun {
  /** 128 plus the number where a signal ended it, as a shell has it. */
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  readonly milliseconds: number
}

export interface RunningProgram {
  readonly pid: number
  readonly ended: Promise<ProgramRun>
}

/** Starts one of the bundles with the node that runs the tests. */
export function startProgram(bundle: string, args: readonly string[], options: ProgramOptions): RunningProgram {
  const started = performance.now()
  const child = spawn(process.execPath, [bundle, ...args], {...options, stdio: ['ignore', 'pipe', 'pipe']})
  const outputs = [child.stdout, child.stderr].map(collect)
  const ended = once(child, 'close').then((): ProgramRun => {
    const [stdout = '', stderr = ''] = outputs.map(chunks => Buffer.concat(chunks).toString())
    const signal = child.signalCode === null ? 0 : constants.signals[child.signalCode]
    return {exitCode: child.exitCode ?? 128 + signal, stdout, stderr, milliseconds: performance.now() - started}
  })
  const {pid} = child
  if (pid === undefined) throw new Error(`cannot start ${bundle}`)
  return {pid, ended}
}

function collect(stream: Readable): Buffer[] {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return chunks
}
