import {spawnSync} from 'node:child_process'
import {readFileSync, rmSync} from 'node:fs'
import {mkdtemp, rm} from 'node:fs/promises'
import {constants, tmpdir} from 'node:os'
import {join} from 'node:path'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** What is there now. */
const folders = new Set<string>()

/** Gives the body a new folder, in `base` or the system's temporary folder, and removes it, however the body ends. */
export async function withTemporaryFolder<T>(
  name: string,
  body: (folder: string) => Promise<T>,
  base?: string,
): Promise<T> {
  const folder = await makeTemporaryFolder(name, base)
  try {
    return await body(folder)
  } finally {
    await removeTemporaryFolder(folder)
  }
}

/** A new folder that is removed at the latest when this process ends by itself or by a signal that it can catch. */
export async function makeTemporaryFolder(name: string, base = tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(base, `${name}-`))
  if (folders.size === 0) watchEnd()
  folders.add(folder)
  return folder
}

/** Removes a folder before the end of the process. */
export async function removeTemporaryFolder(folder: string): Promise<void> {
  await rm(folder, {recursive: true, force: true, maxRetries: 5, retryDelay: 100})
  folders.delete(folder)
  if (folders.size === 0) leaveEnd()
}

function watchEnd(): void {
  process.on('exit', removeAll)
  for (const signal of SIGNALS) process.on(signal, endBySignal)
}

function leaveEnd(): void {
  process.off('exit', removeAll)
  for (const signal of SIGNALS) process.off(signal, endBySignal)
}

function removeAll(): void {
  for (const folder of folders) {
    unmountBelow(folder)
    try {
      rmSync(folder, {recursive: true, force: true, maxRetries: 5, retryDelay: 100})
    } catch (thrown) {
      console.error(`${folder} is left: ${thrown instanceof Error ? thrown.message : thrown}`)
    }
  }
}

/** What a body has mounted (/proc, a disk that is full) and had no time to take away. proc_pid_mountinfo(5) */
function unmountBelow(folder: string): void {
  if (process.platform !== 'linux') return
  const points = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map(line => line.split(' ')[4] ?? '')
    .filter(point => point.startsWith(`${folder}/`))
  for (const point of points.toReversed()) spawnSync('umount', ['--lazy', point])
}

/** Who else listens has more to stop first, and ends the process itself. */
function endBySignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal])
}
