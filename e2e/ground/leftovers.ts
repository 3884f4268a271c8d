import {readdir, readFile} from 'node:fs/promises'
import type {Engine} from './engine.ts'
import {run} from './run.ts'

/** What an engine still has: containers (running or not) by id and name, images by their references or ids. */
export interface EngineLeftovers {
  readonly containers: readonly string[]
  readonly images: readonly string[]
}

/** A process that is still there. */
export interface LeftProcess {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

/** Lists everything that an engine holds; sorted, so that a listing before and one after can be compared. */
export async function engineLeftovers(engine: Engine): Promise<EngineLeftovers> {
  const env = {...process.env, ...engine.env()}
  const docker = async (...args: readonly string[]): Promise<readonly string[]> =>
    (await run('docker', args, {env}))
      .split('\n')
      .filter(line => line !== '')
      .sort()
  const [containers, images] = await Promise.all([
    docker('container', 'ls', '--all', '--no-trunc', '--format', '{{.ID}} {{.Names}} {{.Image}}'),
    docker(
      'image',
      'ls',
      '--all',
      '--no-trunc',
      '--digests',
      '--format',
      '{{.Repository}}:{{.Tag}}@{{.Digest}} {{.ID}}',
    ),
  ])
  return {containers, images}
}

/** Lists the processes that have `name=value` in the environment they were started with, this one left out. */
export async function markedProcesses(name: string, value: string): Promise<readonly LeftProcess[]> {
  const marker = `${name}=${value}`
  const marked = await Promise.all(
    (await allProcesses()).map(async found => ((await environment(found.pid)).includes(marker) ? [found] : [])),
  )
  return marked.flat().filter(found => found.pid !== process.pid)
}

/** Lists the processes that descend from `pid`, itself left out. One whose parent died is found by a marker only. */
export async function descendants(pid: number): Promise<readonly LeftProcess[]> {
  const all = await allProcesses()
  const below = (parent: number): readonly LeftProcess[] =>
    all.filter(found => found.parent === parent).flatMap(found => [found, ...below(found.pid)])
  return below(pid)
}

/** Lists the places below `folder` where something is mounted in this process's view. */
export async function mountsBelow(folder: string): Promise<readonly string[]> {
  const table = await readFile('/proc/self/mountinfo', 'utf8')
  const points = table.split('\n').map(line => line.split(' ')[4] ?? '')
  return points.filter(point => point.startsWith(`${folder}/`))
}

async function allProcesses(): Promise<readonly LeftProcess[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number)
  return (await Promise.all(pids.map(readProcess))).flat()
}

/** Reads one process, or nothing if it ended meanwhile or is a zombie, which only waits for its parent. */
async function readProcess(pid: number): Promise<readonly LeftProcess[]> {
  // proc_pid_stat(5): `pid (comm) state ppid …`, where comm itself may hold blanks and parentheses.
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (state === undefined || parent === undefined || state === 'Z' || state === 'X') return []
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return [{pid, parent: Number(parent), command: command.split('\0').join(' ').trim()}]
}

async function environment(pid: number): Promise<readonly string[]> {
  return (await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')).split('\0')
}
