import {type ChildProcess, spawn} from 'node:child_process'
import type {Readable} from 'node:stream'
import {cancelled, errorCode, SourceError} from '../errors.ts'
import {concatBytes} from '../lib/bytes.ts'

/** How children are started: nothing is taken from this process but what is given here. */
export interface ProcessOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborting kills the child; the call then fails with a SourceError `aborted`. */
  readonly signal?: AbortSignal
}

export interface Finished {
  readonly exitCode: number
  readonly stdout: Uint8Array
  /** The last part of it, as text. */
  readonly stderr: string
}

/** A child whose standard output is read as it comes. */
export interface RunningProcess {
  readonly stdout: Readable
  /** Waits for the end; `exitCode` -1 where a signal ended it. */
  finished(): Promise<{readonly exitCode: number; readonly stderr: string}>
  /** Ends it early and waits until it is gone. */
  stop(): Promise<void>
}

const STDOUT_LIMIT = 64 * 1024 * 1024
const STDERR_KEPT = 16 * 1024
const KILL_AFTER_MS = 2000

/**
 * Runs a command to its end and keeps what it printed. Any exit code is an answer; a
 * command that cannot run is a SourceError.
 */
export async function runProcess(command: string, args: readonly string[], options: ProcessOptions): Promise<Finished> {
  const child = startProcess(command, args, options)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of child.stdout) {
    // Node gives Buffers here: the stream has no encoding.
    const bytes = chunk as Uint8Array
    size += bytes.length
    if (size > STDOUT_LIMIT) {
      await child.stop()
      throw new SourceError('malformed', `${command} ${args[0] ?? ''} printed more than ${STDOUT_LIMIT} bytes`)
    }
    chunks.push(bytes)
  }
  const {exitCode, stderr} = await child.finished()
  return {exitCode, stdout: concatBytes(chunks), stderr}
}

/** Starts a command whose output is read as it comes. */
export function startProcess(command: string, args: readonly string[], options: ProcessOptions): RunningProcess {
  const {env, signal} = options
  if (signal?.aborted) throw cancelled()
  const child = spawn(command, [...args], {
    env: {...env},
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    // What cannot be cancelled must not hear a terminal's Ctrl-C either, which goes to the whole process group.
    detached: signal === undefined,
  })
  let stderr = ''
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT)
  })
  const onAbort = (): void => kill(child)
  signal?.addEventListener('abort', onAbort, {once: true})
  const ended = new Promise<{exitCode: number; error?: Error}>(resolve => {
    child.once('error', error => resolve({exitCode: -1, error}))
    child.once('close', code => resolve({exitCode: code ?? -1}))
  }).finally(() => signal?.removeEventListener('abort', onAbort))

  return {
    stdout: child.stdout,
    finished: async () => {
      const {exitCode, error} = await ended
      if (signal?.aborted) throw cancelled()
      if (error) throw cannotRun(command, error)
      return {exitCode, stderr: stderr.trim()}
    },
    stop: async () => {
      child.stdout.destroy()
      kill(child)
      await ended
    },
  }
}

function kill(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS).unref()
}

function cannotRun(command: string, cause: Error): SourceError {
  const missing = errorCode(cause) === 'ENOENT'
  return new SourceError(
    'unavailable',
    missing ? `${command} is not installed (not found in PATH)` : `${command} cannot be run: ${cause.message}`,
    {
      cause,
      ...(missing ? {hint: `Install ${command}, or read the image without it (oci:DIR).`} : {}),
    },
  )
}
