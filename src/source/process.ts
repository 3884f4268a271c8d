import {type ChildProcess, spawn} from 'node:child_process'
import type {Readable} from 'node:stream'
import {cancelled, errorCode, SourceError} from '../errors.ts'
import {concatBytes} from '../lib/bytes.ts'
import {DEFAULT_LIMITS} from '../lib/limits.ts'
import {type Bound, boundOf, raiseHint, tellLimit} from '../lib/over-limit.ts'
import type {Waits} from '../net/waits.ts'

/** How children are started: nothing is taken from this process but what is given here. */
export interface ProcessOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborting kills the child; the call then fails with a SourceError `aborted`. */
  readonly signal?: AbortSignal
  /** Told of every command, until it has ended. */
  readonly waits?: Waits
  /** How much a command may print that is run to its end: the default `docker-output-bytes` where nothing is said. */
  readonly outputLimit?: Bound
}

export interface Finished {
  readonly exitCode: number
  readonly stdout: Uint8Array
  /** The last part of it, as text. */
  readonly stderr: string
}

/** A child whose standard output is read while it arrives. */
export interface RunningProcess {
  readonly stdout: Readable
  /** Waits for the end; `exitCode` -1 where a signal ended it. */
  finished(): Promise<{readonly exitCode: number; readonly stderr: string}>
  /** Ends it early and waits until it is gone. */
  stop(): Promise<void>
}

const STDERR_KEPT = 16 * 1024
/** So long a process may take to end after SIGTERM, and then what it has started to let go of our pipes. */
const KILL_AFTER_MS = 2000
/** So long a process may take to see that nobody reads what it prints. */
const UNREAD_LIMIT_MS = 5000
/** A process of ours leads a group of its own, so that what it starts (docker's plugins) can be ended with it. */
const LEADS_GROUP = process.platform !== 'win32'

/**
 * Runs a command to its end and keeps what it printed. Any exit code is an answer; a
 * command that cannot run is a SourceError.
 */
export async function runProcess(command: string, args: readonly string[], options: ProcessOptions): Promise<Finished> {
  const {outputLimit = boundOf(DEFAULT_LIMITS, 'docker-output-bytes')} = options
  const child = startProcess(command, args, options)
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of child.stdout) {
      // Node gives Buffers here: the stream has no encoding.
      const bytes = chunk as Uint8Array
      size += bytes.length
      if (size > outputLimit.most) throw tooMuch(command, args, outputLimit)
      chunks.push(bytes)
    }
  } catch (thrown) {
    await child.stop()
    throw thrown
  }
  const {exitCode, stderr} = await child.finished()
  return {exitCode, stdout: concatBytes(chunks), stderr}
}

function tooMuch(command: string, [verb = '']: readonly string[], limit: Bound): SourceError {
  const called = [command, verb].join(' ').trim()
  const said = tellLimit(limit, most => `${called} printed more than ${most}`)
  return new SourceError('unavailable', said, {hint: raiseHint(limit)})
}

/** Starts a command whose output is read while it arrives. */
export function startProcess(command: string, args: readonly string[], options: ProcessOptions): RunningProcess {
  const {env, signal} = options
  if (signal?.aborted) throw cancelled()
  const child = spawn(command, [...args], {
    env: {...env},
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    // Nor does it hear a terminal's Ctrl-C, which goes to the whole process group of that.
    detached: LEADS_GROUP || signal === undefined,
  })
  const over = options.waits?.begin(shownCommand(command, args))
  let stderr = ''
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT)
  })
  // A reader learns it by what is thrown here; where nobody reads, by the end.
  child.stdout.on('error', () => undefined)
  let isClosed = false
  child.once('close', () => {
    isClosed = true
  })
  child.stdout.once('close', () => {
    // Either may close first.
    if (child.stdout.readableEnded || isClosed) return
    const timer = setTimeout(() => kill(child), UNREAD_LIMIT_MS)
    child.once('close', () => clearTimeout(timer))
  })
  const onAbort = (): void => {
    kill(child)
    child.stdout.destroy(cancelled())
  }
  signal?.addEventListener('abort', onAbort, {once: true})
  const ended = new Promise<{exitCode: number; error?: Error}>(resolve => {
    child.once('error', error => resolve({exitCode: -1, error}))
    child.once('close', code => resolve({exitCode: code ?? -1}))
  }).finally(() => {
    signal?.removeEventListener('abort', onAbort)
    over?.()
  })

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

/** In characters: a name with a digest is shown whole, a command with many options is not. */
const SHOWN = 200

function shownCommand(command: string, args: readonly string[]): string {
  const words = [command, ...args].join(' ')
  return words.length <= SHOWN ? words : `${words.slice(0, SHOWN)}…`
}

/**
 * Ends a process and all that it has started: it is asked to end, what is left of its group is killed.
 * In time, whatever they do.
 */
function kill(child: ChildProcess): void {
  const end = (): void => {
    send(child, 'SIGKILL')
    // What has left the group may hold the pipes open for ever.
    const timer = setTimeout(() => {
      child.stdout?.destroy()
      child.stderr?.destroy()
    }, KILL_AFTER_MS)
    child.once('close', () => clearTimeout(timer))
  }
  const hasEnded = child.exitCode !== null || child.signalCode !== null
  if (hasEnded && child.stdout?.closed !== false && child.stderr?.closed !== false) return
  if (hasEnded) {
    end()
    return
  }
  send(child, 'SIGTERM')
  const timer = setTimeout(end, KILL_AFTER_MS)
  child.once('exit', () => {
    clearTimeout(timer)
    end()
  })
}

function send(child: ChildProcess, signal: NodeJS.Signals): void {
  if (!LEADS_GROUP || child.pid === undefined) {
    child.kill(signal)
    return
  }
  try {
    process.kill(-child.pid, signal)
  } catch {
    // All of the group are gone.
  }
}

function cannotRun(command: string, cause: Error): SourceError {
  const missing = errorCode(cause) === 'ENOENT'
  return new SourceError(
    'unavailable',
    missing ? `${command} is not installed (not found in PATH)` : `${command} cannot be run: ${cause.message}`,
    {
      cause,
      ...(missing
        ? {
            hint: `Install ${command}, or read images in their registry without it: source: registry (--source registry).`,
          }
        : {}),
    },
  )
}
