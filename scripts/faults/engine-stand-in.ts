import {once} from 'node:events'
import {chmod, copyFile, mkdir} from 'node:fs/promises'
import {createServer, type Socket} from 'node:net'
import {join, resolve} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {defined} from '../../src/lib/defined.ts'
import {engineApi, type Serve} from './engine-api-stand-in.ts'
import type {Answer, EngineModel} from './engine-model.ts'

/** How a docker command goes wrong. */
export type EngineFault =
  /** The engine does nothing, and the client says so. */
  | {readonly kind: 'fail'; readonly stderr: string; readonly exitCode: number}
  /** The engine does it, and prints so many bytes of what it should; then the client says so. */
  | {readonly kind: 'cut'; readonly after: number; readonly stderr: string; readonly exitCode: number}
  /** The engine does it, and prints something else. */
  | {readonly kind: 'print'; readonly stdout: string | Uint8Array}
  /** The engine does it, and prints what is made of what it should print, as it goes out. */
  | {readonly kind: 'stream'; readonly chunks: (stdout: Uint8Array) => Iterable<Uint8Array>}
  /** Prints this again and again. */
  | {readonly kind: 'endless'; readonly chunk: Uint8Array}
  /** Neither answers nor ends, not even by SIGTERM where it is deaf. */
  | {readonly kind: 'hang'; readonly deaf: boolean}
  /** The engine does it, but its answer does not arrive: it was started anew meanwhile. */
  | {readonly kind: 'gone'}

/** One docker command of a run, or the request in its place: the how manieth of its kind. */
export interface CommandSite {
  /** Without ids and formats that differ from run to run. */
  readonly command: string
  readonly count: number
}

/** A `docker` in a folder for PATH, and what it was asked for. */
export interface EngineStandIn {
  /** For the environment of the program. */
  readonly env: Readonly<Record<string, string>>
  /** The arguments of every docker command. */
  readonly asked: readonly (readonly string[])[]
  readonly sites: readonly CommandSite[]
  /** How many clients run. */
  running(): number
  stop(): Promise<void>
}

export interface StandInOptions {
  readonly folder: string
  readonly model: EngineModel
  readonly fault?: (site: CommandSite) => EngineFault | undefined
  /** In milliseconds: how long the engine takes for each command. */
  readonly delay?: () => number
  /** Whether the engine has a socket, too, at which its API is spoken. */
  readonly hasApi?: boolean
}

/** Starts an engine's stand-in: the client that it puts into PATH asks this process, which answers from a model. */
export async function startEngineStandIn(options: StandInOptions): Promise<EngineStandIn> {
  const {folder, model, fault, delay = () => 0, hasApi = false} = options
  const bin = join(folder, 'bin')
  const socket = join(folder, 'engine.sock')
  await mkdir(bin, {recursive: true})
  await copyFile(resolve(import.meta.dirname, 'docker-client.pl'), join(bin, 'docker'))
  await chmod(join(bin, 'docker'), 0o755)
  const asked: (readonly string[])[] = []
  const sites: CommandSite[] = []
  const clients = new Set<Socket>()
  const note: Serve = async args => {
    asked.push(args)
    const command = commandOf(args)
    const site = {command, count: sites.filter(other => other.command === command).length + 1}
    sites.push(site)
    await wait(delay())
    return {act: () => model.answer(args), ...defined({fault: fault?.(site)})}
  }
  const serve = async (client: Socket): Promise<void> => {
    const args = await readArguments(client)
    const {act, ...found} = await note(args)
    // An engine that hears that nobody waits any more gives up a pull; all else it does to the end.
    if (client.destroyed && args[0] === 'pull') return
    await reply(client, act, found.fault)
  }
  const server = createServer(client => {
    clients.add(client)
    client.once('close', () => clients.delete(client))
    // A client may be killed at any time.
    client.on('error', () => undefined)
    serve(client).catch(() => client.destroy())
  })
  server.listen(socket)
  await once(server, 'listening')
  const api = engineApi(note)
  const apiSocket = join(folder, 'api.sock')
  if (hasApi) await once(api.listen(apiSocket), 'listening')
  return {
    env: {
      ...{FAULTS_ENGINE: socket, PATH: `${bin}:${process.env.PATH}`},
      ...(hasApi ? {DOCKER_HOST: `unix://${apiSocket}`} : {}),
    },
    asked,
    sites,
    running: () => clients.size,
    stop: async () => {
      for (const client of clients) client.destroy()
      server.close()
      await once(server, 'close')
      if (!hasApi) return
      api.closeAllConnections()
      api.close()
      await once(api, 'close')
    },
  }
}

function readArguments(client: Socket): Promise<readonly string[]> {
  let bytes = Buffer.alloc(0)
  return new Promise((resolve, reject) => {
    client.once('close', () => reject(new Error('the client is gone')))
    client.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk])
      const parsed = parseArguments(bytes)
      if (parsed) resolve(parsed)
    })
  })
}

function parseArguments(bytes: Buffer): readonly string[] | undefined {
  if (bytes.length < 4) return undefined
  const args: string[] = []
  let at = 4
  for (let left = bytes.readUInt32BE(0); left > 0; left--) {
    if (bytes.length < at + 4) return undefined
    const end = at + 4 + bytes.readUInt32BE(at)
    if (bytes.length < end) return undefined
    args.push(bytes.toString('utf8', at + 4, end))
    at = end
  }
  return args
}

async function reply(client: Socket, act: () => Answer, fault: EngineFault | undefined): Promise<void> {
  const send = (letter: string, bytes: string | Uint8Array): boolean => client.write(frame(letter, Buffer.from(bytes)))
  const end = ({stdout, stderr, exitCode}: Answer): void => {
    send('o', stdout)
    send('e', stderr)
    send('x', String(exitCode))
    client.end()
  }
  switch (fault?.kind) {
    case 'fail':
      return end({stdout: Buffer.alloc(0), stderr: `${fault.stderr}\n`, exitCode: fault.exitCode})
    case 'cut':
      return end({stdout: act().stdout.subarray(0, fault.after), stderr: fault.stderr, exitCode: fault.exitCode})
    case 'print':
      act()
      return end({stdout: Buffer.from(fault.stdout), stderr: '', exitCode: 0})
    case 'gone':
      act()
      return end({
        stdout: Buffer.alloc(0),
        stderr: 'error during connect: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.51/x": EOF\n',
        exitCode: 1,
      })
    case 'hang':
      if (fault.deaf) send('t', '')
      return
    case 'stream': {
      const {stdout, ...ending} = act()
      for (const chunk of fault.chunks(stdout)) {
        if (client.destroyed) return
        if (!send('o', chunk)) await Promise.race([once(client, 'drain'), once(client, 'close')])
      }
      return end({...ending, stdout: new Uint8Array()})
    }
    case 'endless':
      while (!client.destroyed) {
        if (!send('o', fault.chunk)) await Promise.race([once(client, 'drain'), once(client, 'close')])
      }
      return
    default:
      return end(act())
  }
}

function frame(letter: string, bytes: Uint8Array): Uint8Array {
  const head = Buffer.alloc(5)
  head.write(letter, 0, 'latin1')
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

function commandOf(args: readonly string[]): string {
  return args
    .join(' ')
    .replace(/\b[0-9a-f]{64}\b(?=:\/)/g, 'CONTAINER')
    .replace(/^(rm .*|export) [0-9a-f]{64}$/, '$1 CONTAINER')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'RUN')
    .replace(/^(image inspect --format) \{\{(?:json \.|\.Id)\}\}/, '$1 FORMAT')
}
