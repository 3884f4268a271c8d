import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {type Daemon, startDaemon} from './daemon.ts'
import {run, runAny} from './run.ts'
import type {Tools} from './tools.ts'

/** The two ways in which an engine keeps images: its own store, or containerd's. */
export const STORES = ['classic', 'containerd'] as const

export type Store = (typeof STORES)[number]

/** A Docker engine of our own. */
export interface Engine {
  readonly name: Store
  readonly socket: string
  /** The process id of its dockerd. */
  readonly pid: number
  /** What a client needs to speak to this engine: DOCKER_HOST, DOCKER_CONFIG and a PATH that has the tools first. */
  env(): Readonly<Record<'DOCKER_HOST' | 'DOCKER_CONFIG' | 'PATH', string>>
  /** Ends this engine alone, as a test of a daemon that goes away needs it. Safe to call twice. */
  stop(): Promise<void>
}

/** What the engines of one ground share; `dockerConfig` is a client's folder with buildx among its plugins. */
export interface EngineOptions {
  readonly tools: Tools
  readonly dockerConfig: string
  readonly env: NodeJS.ProcessEnv
}

// sockaddr_un.sun_path holds 108 bytes with the closing NUL; containerd adds `.ttrpc` to the name that it is given.
const SOCKET_LIMIT = 107 - '.ttrpc'.length

/**
 * Starts an engine below `folder`. It gets a containerd of its own (one that the machine may run is left alone),
 * mounts of its own, no bridge and no firewall rules: images are pulled and looked into, and nothing is started.
 */
export async function startEngine(name: Store, folder: string, options: EngineOptions): Promise<Engine> {
  const socket = join(folder, 'docker.sock')
  if (Buffer.byteLength(socket) > SOCKET_LIMIT) throw new Error(`the path of the socket is too long: ${socket}`)
  await mkdir(folder, {recursive: true})
  const started: Daemon[] = []
  const stop = async (): Promise<void> => {
    // The engine first: it says goodbye to its containerd.
    for (const daemon of started.toReversed()) await daemon.stop()
  }
  const env = {...options.env, PATH: searchPath(options.tools), HOME: folder, TMPDIR: folder}
  try {
    const containerd = await startContainerd(folder, options.tools, env)
    started.push(containerd.daemon)
    const settings = await dockerdSettings(name, folder, {socket, containerd: containerd.socket})
    const dockerd = await startDockerd(settings, folder, options.tools, env)
    started.push(dockerd)
    const client = {DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: options.dockerConfig, PATH: env.PATH}
    await dockerd.waitFor(async () => {
      const answer = await runAny(options.tools.docker, ['version', '--format', '{{.Server.Version}}'], {
        env: {...env, ...client},
      })
      return answer.code === 0 ? answer.stdout.toString().trim() : undefined
    })
    return {name, socket, pid: dockerd.pid, env: () => client, stop}
  } catch (error) {
    await stop()
    throw error
  }
}

async function startContainerd(folder: string, tools: Tools, env: NodeJS.ProcessEnv) {
  const socket = join(folder, 'c.sock')
  const config = join(folder, 'containerd.toml')
  const text = [
    'version = 2',
    `root = ${JSON.stringify(join(folder, 'containerd'))}`,
    `state = ${JSON.stringify(join(folder, 'containerd-state'))}`,
    `disabled_plugins = ["io.containerd.grpc.v1.cri"]`,
    '[grpc]',
    `address = ${JSON.stringify(socket)}`,
  ]
  await writeFile(config, `${text.join('\n')}\n`)
  const log = join(folder, 'containerd.log')
  const daemon = startDaemon({command: tools.containerd, args: ['--config', config], env, log, ownMounts: true})
  return {socket, daemon}
}

async function startDockerd(settings: object, folder: string, tools: Tools, env: NodeJS.ProcessEnv): Promise<Daemon> {
  const config = join(folder, 'daemon.json')
  await writeFile(config, JSON.stringify(settings))
  const log = join(folder, 'dockerd.log')
  return startDaemon({command: tools.dockerd, args: ['--config-file', config], env, log, ownMounts: true})
}

/** The daemon.json of an engine. */
async function dockerdSettings(name: Store, folder: string, sockets: {socket: string; containerd: string}) {
  return {
    hosts: [`unix://${sockets.socket}`],
    containerd: sockets.containerd,
    features: {'containerd-snapshotter': name === 'containerd'},
    'data-root': join(folder, 'data'),
    'exec-root': join(folder, 'exec'),
    pidfile: join(folder, 'dockerd.pid'),
    'storage-driver': await storageDriver(name, folder),
    bridge: 'none',
    iptables: false,
    ip6tables: false,
    'userland-proxy': false,
    'shutdown-timeout': 5,
  }
}

/** Overlays where the file system below `folder` can carry them, which one in a container often cannot; else copies. */
async function storageDriver(name: Store, folder: string): Promise<string> {
  const trial = join(folder, 'overlay')
  await Promise.all(['lower', 'upper', 'work', 'merged'].map(part => mkdir(join(trial, part), {recursive: true})))
  const mount = 'mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work merged'
  const works = await run('unshare', ['--mount', 'sh', '-c', mount], {cwd: trial}).then(
    () => true,
    () => false,
  )
  if (name === 'classic') return works ? 'overlay2' : 'vfs'
  return works ? 'overlayfs' : 'native'
}

function searchPath(tools: Tools): string {
  return [tools.bin, process.env.PATH].filter(Boolean).join(':')
}
