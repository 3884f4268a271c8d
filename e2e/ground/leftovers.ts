import {once} from 'node:events'
import {readdir, readFile} from 'node:fs/promises'
import {get, type IncomingMessage} from 'node:http'
import {text} from 'node:stream/consumers'
import type {Engine} from './engine.ts'

/** What an engine still has: containers (running or not), images and volumes, as its API tells of them. */
export interface EngineLeftovers {
  readonly containers: readonly string[]
  readonly images: readonly string[]
  readonly volumes: readonly string[]
}

/** A process that is still there. */
export interface LeftProcess {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

/** Lists everything that an engine holds; sorted, so that a listing before and one after can be compared. */
export async function engineLeftovers(engine: Engine): Promise<EngineLeftovers> {
  const [containers, images, {Volumes}] = (await Promise.all(
    ['/containers/json?all=true', '/images/json?all=true', '/volumes'].map(path => askEngine(engine, path)),
  )) as [Listed[], Listed[], {readonly Volumes: Listed[] | null}]
  const described = (listed: readonly Listed[]): readonly string[] =>
    listed
      .map(({Id, Names, Name, RepoTags, RepoDigests}) =>
        JSON.stringify([Id, Names, Name, RepoTags?.sort(), RepoDigests?.sort()]),
      )
      .sort()
  return {containers: described(containers), images: described(images), volumes: described(Volumes ?? [])}
}

/** What tells one container, image or volume from another. https://docs.docker.com/reference/api/engine/ */
interface Listed {
  readonly Id?: string
  readonly Names?: readonly string[]
  readonly Name?: string
  readonly RepoTags?: string[] | null
  readonly RepoDigests?: string[] | null
}

/** One request to an engine: much cheaper than a docker client, for what is asked after every test. */
async function askEngine({socket}: Engine, path: string): Promise<unknown> {
  const [answer] = (await once(get({socketPath: socket, path, agent: false}), 'response')) as [IncomingMessage]
  const body = await text(answer)
  if (answer.statusCode !== 200) throw new Error(`GET ${path} was answered with ${answer.statusCode}: ${body}`)
  return JSON.parse(body)
}

/** Lists the processes that have `name=value` in the environment they were started with, this one left out. */
export async function markedProcesses(name: string, value: string): Promise<readonly LeftProcess[]> {
  const marker = `${name}=${value}`
  const marked = await Promise.all(
    (await allProcesses()).map(async found => ((await environment(found.pid)).includes(marker) ? [found] : [])),
  )
  return marked.flat().filter(found => found.pid !== process.pid)
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
