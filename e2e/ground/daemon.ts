import {spawn} from 'node:child_process'
import {closeSync, openSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {setTimeout as sleep} from 'node:timers/promises'

/** A server to be started: its output goes into `log`, its environment is exactly `env`. */
export interface DaemonSpec {
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly log: string
  /**
   * Gives the server mounts of its own, which end with it, and an empty /run, where some write whatever they are told.
   */
  readonly ownMounts?: boolean
}

/** A server that runs, in a process group of its own. */
export interface Daemon {
  readonly pid: number
  /** What it has written so far. */
  readLog(): Promise<string>
  /** Asks `ready` until it gives an answer; fails, with the log, if the server ends or takes too long. */
  waitFor<T>(ready: () => Promise<T | undefined>, timeoutMs?: number): Promise<T>
  /** Ends it, and whatever of its process group outlives it. Safe to call twice. */
  stop(): Promise<void>
}

const GRACE_MS = 15_000

// Each program here replaces the one before, so the process id stays that of the child.
const OWN_RUN = 'mount -t tmpfs -o mode=755 tmpfs /run && exec "$0" "$@"'
const OWN_MOUNTS = ['unshare', '--mount', '--propagation', 'slave', 'sh', '-c', OWN_RUN]

/**
 * Starts a server. It is told to end when the process that started it dies, however that dies (PR_SET_PDEATHSIG),
 * and a terminal's Ctrl-C does not reach it: it ends when `stop` says so, in the order that its owner wants.
 */
export function startDaemon(spec: DaemonSpec): Daemon {
  const log = openSync(spec.log, 'a')
  const mounts = spec.ownMounts === true ? OWN_MOUNTS : []
  const args = ['--pdeathsig', 'TERM', ...mounts, spec.command, ...spec.args]
  const child = spawn('setpriv', args, {detached: true, stdio: ['ignore', log, log], env: spec.env})
  closeSync(log)
  let ended: string | undefined
  const end = new Promise<void>(resolve => {
    child.once('error', error => {
      ended = error.message
      resolve()
    })
    child.once('exit', (code, signal) => {
      ended = `ended with ${code ?? signal}`
      resolve()
    })
  })
  const {pid} = child
  if (pid === undefined) throw new Error(`cannot start ${spec.command}`)
  const readLog = () => readFile(spec.log, 'utf8')
  return {
    pid,
    readLog,
    async waitFor(ready, timeoutMs = 60_000) {
      const deadline = Date.now() + timeoutMs
      while (ended === undefined && Date.now() < deadline) {
        const answer = await ready()
        if (answer !== undefined) return answer
        await sleep(50)
      }
      const why = ended ?? `was not ready after ${timeoutMs} ms`
      throw new Error(`${spec.command} ${why}; its log ends:\n${(await readLog()).slice(-2000)}`)
    },
    async stop() {
      if (ended === undefined) child.kill('SIGTERM')
      const patience = new AbortController()
      await Promise.race([end, sleep(GRACE_MS, undefined, {signal: patience.signal}).catch(() => undefined)])
      patience.abort()
      killGroup(pid)
      await end
    },
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // ESRCH: nobody of the group is left, which is what is wanted.
  }
}
