import {spawn} from 'node:child_process'
import {once} from 'node:events'

/** How a command is to be run; the defaults are the caller's folder and environment and no time limit. */
export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string | Uint8Array
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** What a command that ended left behind; `code` is null when a signal ended it. */
export interface RunResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: Buffer
  readonly stderr: string
}

/** Runs a command to its end, whatever its exit code. */
export async function runAny(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.timeoutMs === undefined ? {} : {timeout: options.timeoutMs}),
    ...(options.signal === undefined ? {} : {signal: options.signal}),
  })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  // A command may well end without reading its input.
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  await once(child, 'close')
  return {
    code: child.exitCode,
    signal: child.signalCode,
    stdout: Buffer.concat(stdout),
    stderr: Buffer.concat(stderr).toString(),
  }
}

/** Runs a command that must succeed, and gives its standard output as text. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await runAny(command, args, options)
  if (result.code !== 0) {
    const how = result.code === null ? `was ended by ${result.signal ?? 'a signal'}` : `ended with ${result.code}`
    throw new Error(`${[command, ...args].join(' ')} ${how}: ${result.stderr.trim()}`)
  }
  return result.stdout.toString()
}
