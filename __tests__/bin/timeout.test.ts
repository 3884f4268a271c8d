import {spawn} from 'node:child_process'
import {randomUUID} from 'node:crypto'
import {once} from 'node:events'
import {readdirSync, writeFileSync} from 'node:fs'
import {type AddressInfo, createServer, type Socket} from 'node:net'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {describe, expect, jest, test} from '@jest/globals'
import {markedProcesses} from '../../e2e/ground/leftovers.ts'
import {COMPILE_CACHE} from '../support/compile-cache.ts'
import {startAction} from '../support/start-action.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

/** In seconds. On a slow machine the time may be up before anything is waited for: it is then made longer. */
const TIMES = [1, 5, 25]
/** In minutes, of which each takes two seconds: made longer for the same reason. */
const FAST_TIMES = [2, 10, 40]
/** In milliseconds: four seconds for what does not heed SIGTERM, and the rest for a slow machine. */
const LONGEST = 90_000
jest.setTimeout(300_000)
const MARKER = 'VERIFY_IMAGE_ARCH_TIMEOUT_TEST'

interface Start {
  readonly image: string
  readonly source: string
  readonly env: Readonly<Record<string, string>>
  readonly timeout: string
}

/** How a run ended whose time was up. */
interface End {
  readonly exitCode: number | null
  readonly printed: string
  /** What is left in its temporary folder. */
  readonly left: readonly string[]
}

const DOORS = {
  command: async ({image, source, env, timeout}: Start): Promise<End> => {
    const [home, temporary] = [temporaryFolder('home'), temporaryFolder('temporary')]
    const options = ['--source', source, '--timeout', timeout, '--scope', 'image']
    const child = spawn(process.execPath, ['--no-warnings', 'src/bin/cli.ts', image, ...options], {
      env: {...COMPILE_CACHE, PATH: process.env.PATH, HOME: home, TMPDIR: temporary, ...env},
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const chunks: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    const [exitCode] = await once(child, 'close')
    return {exitCode, printed: Buffer.concat(chunks).toString(), left: readdirSync(temporary)}
  },
  action: async ({image, source, env, timeout}: Start): Promise<End> => {
    const inputs = {image, source, timeout, scope: 'image'}
    const {exitCode, log, output, left} = await startAction({program: 'src/bin/action.ts', inputs, env})
    expect(output).not.toContain('true')
    return {exitCode, printed: log, left}
  },
}

const IMAGE = '127.0.0.1:1/org/app:1'
const DOCKERS: readonly (readonly [how: string, script: string])[] = [
  ['never ends', 'exec sleep 1000'],
  ['waits for a program of its own that never ends', 'sleep 1000'],
  ['does not heed SIGTERM', "trap '' TERM\nwhile :; do sleep 1000; done"],
]

type Door = keyof typeof DOORS

/** What still runs of a run; what was killed may take a moment to go. */
async function processesOf(run: string) {
  for (let looks = 1; looks < 20 && (await markedProcesses(MARKER, run)).length > 0; looks += 1) await wait(250)
  return markedProcesses(MARKER, run)
}

describe('when the time is up', () => {
  /**
   * Runs the check by both doors, whose time must be up while they wait for something, and looks for what they leave.
   */
  async function timeOut(awaited: RegExp, start: Omit<Start, 'timeout' | 'env'>, env: Start['env'] = {}) {
    await Promise.all((['command', 'action'] as const).map(door => timeOutBy(door, awaited, {...start, env})))
  }

  async function timeOutBy(
    door: Door,
    awaited: RegExp,
    start: Omit<Start, 'timeout'>,
    [seconds = 1, ...more] = TIMES,
  ): Promise<void> {
    const run = randomUUID()
    const since = performance.now()
    const env = {...start.env, [MARKER]: run}
    const {exitCode, printed, left} = await DOORS[door]({...start, env, timeout: `${seconds}s`})
    expect(performance.now() - since).toBeLessThan(seconds * 1000 + LONGEST)
    const ends = printed.replace(/^.*still waiting for .*\n/gm, '').split(/^(?=verify-image-arch: |::error::)/m)
    const [said = '', ...others] = ends.filter(line => line !== '')
    expect({door, exitCode, others, left}).toEqual({door, exitCode: door === 'command' ? 3 : 1, others: [], left: []})
    expect(said).toContain(`the check was not over after ${seconds} s`)
    const setting = door === 'command' ? '--timeout' : 'timeout'
    expect(said).toContain(`Raise ${setting} where the images need longer; 0 sets no limit.`)
    expect(await processesOf(run)).toEqual([])
    if (!awaited.test(said) && more.length > 0) return timeOutBy(door, awaited, start, more)
    expect(said).toMatch(awaited)
    expect(said).toContain(' s; it was waiting for ')
  }

  /** Looks for a line that both doors print, while time passes thirty times as fast for them. */
  async function told(line: RegExp, start: Omit<Start, 'timeout'>) {
    await Promise.all((['command', 'action'] as const).map(door => toldBy(door, line, start)))
  }

  async function toldBy(
    door: Door,
    line: RegExp,
    start: Omit<Start, 'timeout'>,
    [minutes = 2, ...more] = FAST_TIMES,
  ): Promise<void> {
    const fast = {NODE_OPTIONS: `--import ${join(process.cwd(), 'scripts/faults/fast-clock.ts')}`, FAULTS_SPEED: '30'}
    const {printed} = await DOORS[door]({...start, env: {...start.env, ...fast}, timeout: `${minutes}m`})
    expect(printed).toContain(`the check was not over after ${minutes} min`)
    if (!line.test(printed) && more.length > 0) return toldBy(door, line, start, more)
    expect(printed).toMatch(line)
  }

  test.concurrent.each(DOCKERS)('docker that %s', async (_, script) => {
    const folder = temporaryFolder('docker')
    writeFileSync(join(folder, 'docker'), `#!/bin/sh\n${script}\n`, {mode: 0o755})
    const command = /it was waiting for docker buildx imagetools inspect --raw 127\.0\.0\.1:1\/org\/app:1/
    await timeOut(command, {image: IMAGE, source: 'docker'}, {PATH: `${folder}:${process.env.PATH}`})
  })

  test.concurrent('docker is told to be waited for, after ten seconds', async () => {
    const folder = temporaryFolder('docker')
    writeFileSync(join(folder, 'docker'), '#!/bin/sh\nexec sleep 1000\n', {mode: 0o755})
    const env = {PATH: `${folder}:${process.env.PATH}`}
    const line = /still waiting for docker buildx imagetools inspect --raw 127\.0\.0\.1:1\/org\/app:1 \(\d+ s\)$/m
    await told(line, {image: IMAGE, source: 'docker', env})
  })

  describe('a registry', () => {
    const silent = (): void => undefined
    /** Listens on loopback for the time of a test. */
    async function withServer(answer: (socket: Socket) => unknown, body: (image: string) => Promise<void>) {
      const sockets = new Set<Socket>()
      const server = createServer(socket => {
        sockets.add(socket)
        socket.on('error', () => undefined)
        socket.once('close', () => sockets.delete(socket))
        // A greeting of TLS is closed: plain HTTP is what is spoken on loopback then.
        socket.once('data', (bytes: Buffer) => (bytes[0] === 0x16 && answer !== silent ? socket.end() : answer(socket)))
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      try {
        await body(`127.0.0.1:${(server.address() as AddressInfo).port}/org/app:1`)
      } finally {
        server.close()
        for (const socket of sockets) socket.destroy()
        await once(server, 'close')
      }
    }
    const drip =
      (head: string) =>
      async (socket: Socket): Promise<void> => {
        socket.write(head)
        while (!socket.destroyed) {
          socket.write(' ')
          await wait(1000)
        }
      }
    const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/vnd.oci.image.index.v1+json\r\n'

    test.concurrent.each<[how: string, answer: (socket: Socket) => unknown, awaited: RegExp]>([
      ['accepts and never answers', silent, /127\.0\.0\.1:\d+: GET \/v2\//],
      ['sends its headers one byte a second', drip('HTTP/1.1 200 OK\r\nx: '), /\d: GET \/v2\/org\/app\/manifests\/1/],
      [
        'sends an index one byte a second',
        drip(`${HEAD}content-length: 9999\r\n\r\n`),
        /the rest of 127\..*\/manifests\/1/,
      ],
      ['sends an index without a length', drip(`${HEAD}\r\n`), /the rest of 127\..*\/manifests\/1/],
      [
        'is to be asked again in 50 s',
        socket => socket.end('HTTP/1.1 503 x\r\nretry-after: 50\r\ncontent-length: 0\r\n\r\n'),
        /127\.0\.0\.1:\d+, which is asked again after a pause/,
      ],
    ])('that %s', async (_, answer, awaited) => {
      await withServer(answer, image => timeOut(awaited, {image, source: 'registry'}))
    })

    test.concurrent('is told to be waited for, after ten seconds', async () => {
      const line = /still waiting for 127\.0\.0\.1:\d+: GET \/v2\/ \(\d+ s\)$/m
      await withServer(silent, image => told(line, {image, source: 'registry', env: {}}))
    })
  })
})
