import {once} from 'node:events'
import {connect, createServer, type Socket} from 'node:net'
import {join} from 'node:path'
import type {Engine} from '../ground/engine.ts'
import type {Stand} from './stand.ts'
import {waitFor} from './wait.ts'

/** A socket in front of an engine's own, which keeps one kind of request back until it is told to go on. */
export interface HeldSocket {
  /** For the environment of the program, in place of the engine's own. */
  readonly env: Readonly<Record<'DOCKER_HOST', string>>
  /** Resolves when somebody has begun to wait. */
  reached(): Promise<void>
  /** Lets all that wait, and all that come, go on. */
  release(): Promise<void>
  close(): Promise<void>
}

/** `request`: what the first line of a request has that is kept back. It must be the first of its connection. */
export async function holdSocket(
  stand: Stand,
  name: string,
  {socket: enginePath}: Pick<Engine, 'socket'>,
  request: RegExp,
): Promise<HeldSocket> {
  const path = join(stand.scratch, `${name}.sock`)
  const sockets = new Set<Socket>()
  let tell = (): void => undefined
  const waiting = new Promise<void>(resolve => {
    tell = resolve
  })
  let go = (): void => undefined
  const released = new Promise<void>(resolve => {
    go = resolve
  })
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    // Whoever is ended while it waits resets its connection.
    socket.on('error', () => undefined)
    return socket.once('close', () => sockets.delete(socket))
  }
  const server = createServer(client => {
    keep(client).once('data', async (first: Buffer) => {
      client.pause()
      if (request.test(first.toString('latin1').split('\r\n', 1)[0] ?? '')) {
        tell()
        await released
      }
      const engine = keep(connect(enginePath))
      engine.write(first)
      client.pipe(engine).pipe(client)
      client.once('close', () => engine.destroy())
      // An engine that went away meanwhile.
      engine.once('close', () => client.destroy())
    })
  })
  await once(server.listen(path), 'listening')
  return {
    env: {DOCKER_HOST: `unix://${path}`},
    reached: () => waitFor(`a request ${request}`, waiting),
    release: async () => go(),
    close: async () => {
      go()
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
