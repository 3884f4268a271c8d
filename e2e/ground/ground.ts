import {mkdir, symlink} from 'node:fs/promises'
import {join} from 'node:path'
import {type Engine, type Store, startEngine} from './engine.ts'
import {makeGroundFolder, removeGroundFolder} from './folder.ts'
import {postJanitor} from './janitor.ts'
import {markedProcesses} from './leftovers.ts'
import {type Registry, startRegistry} from './registry.ts'
import {endOnSignals} from './signals.ts'
import {findTools, type Tools} from './tools.ts'

/** The variable that every server of a ground carries in its environment, with the folder of the ground as value. */
export const GROUND_MARKER = 'VERIFY_IMAGE_ARCH_GROUND'

/** What the end-to-end tests stand on: a registry, and an engine for each of the two image stores. */
export interface Ground {
  /** A temporary folder, gone after `stop`. */
  readonly folder: string
  /** A folder in it for the tests' own files. */
  readonly scratch: string
  readonly tools: Tools
  readonly registry: Registry
  /** The engines to test with. They hold no image until a test puts one there. */
  readonly engines: Readonly<Record<Store, Engine>>
  /** The engine to build with; what it keeps of what it built is not in the way of a test. */
  readonly builder: Engine
  /** Starts one more engine, for a test that takes it away again; `name` is its folder's. */
  startEngine(store: Store, name: string): Promise<Engine>
  /** Ends all that was started and removes all that was written, the cache excepted. Safe to call twice. */
  stop(): Promise<void>
}

/** Brings up a ground; several may stand at once. SIGINT, SIGTERM and SIGHUP end it before they end this process. */
export async function startGround(): Promise<Ground> {
  if (process.getuid?.() !== 0) throw new Error('the engines of the end-to-end tests must be started by root')
  const folder = await makeGroundFolder()
  const janitor = postJanitor(folder)
  const stops: (() => Promise<void>)[] = []
  const stop = once(async () => {
    await Promise.all(stops.map(stopOne => stopOne()))
    await killMarked(folder)
    await removeGroundFolder(folder)
    await janitor.dismiss()
    ignoreSignals()
  })
  const ignoreSignals = endOnSignals(stop)
  /** Registers a server before it is up, so that a stop in the meantime waits for it and then ends it. */
  const keep = <T extends {stop(): Promise<void>}>(starting: Promise<T>): Promise<T> => {
    stops.push(() => starting.then(started => started.stop()).catch(() => undefined))
    return starting
  }
  try {
    const [scratch, bin, dockerConfig] = [join(folder, 'scratch'), join(folder, 'bin'), join(folder, 'docker-config')]
    await Promise.all([mkdir(scratch), mkdir(join(dockerConfig, 'cli-plugins'), {recursive: true})])
    const tools = await findTools(bin)
    await symlink(tools['docker-buildx'], join(dockerConfig, 'cli-plugins', 'docker-buildx'))
    const env = serverEnvironment(folder)
    const startOne = (store: Store, name: string) =>
      keep(startEngine(store, join(folder, name), {tools, dockerConfig, env}))
    const [registry, classic, containerd, builder] = await Promise.all([
      keep(startRegistry(tools, join(folder, 'registry'), env)),
      startOne('classic', 'classic'),
      startOne('containerd', 'containerd'),
      startOne('containerd', 'builder'),
    ])
    return {folder, scratch, tools, registry, engines: {classic, containerd}, builder, startEngine: startOne, stop}
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * The environment of a server of the ground in `folder`: this process's, without what would point a server elsewhere.
 */
export function serverEnvironment(folder: string): NodeJS.ProcessEnv {
  const foreign = /^(DOCKER|BUILDX|BUILDKIT|CONTAINERD|REGISTRY|OTEL|NOTIFY)_/
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name))
  return {...Object.fromEntries(own), [GROUND_MARKER]: folder}
}

/** Kills what a server left behind outside its process group: only a process of this ground carries its marker. */
async function killMarked(folder: string): Promise<void> {
  for (const {pid} of await markedProcesses(GROUND_MARKER, folder)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // ESRCH: it ended by itself meanwhile.
    }
  }
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= action()
    return running
  }
}
