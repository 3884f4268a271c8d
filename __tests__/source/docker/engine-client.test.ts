import {once} from 'node:events'
import {setTimeout as wait} from 'node:timers/promises'
import {expect, test} from '@jest/globals'
import {withEngineSocket} from '../../../src/source/docker/engine-client.ts'
import {type EngineHandler, withEngine} from '../../support/engine-stand-in.ts'
import {type Answer, scriptedDocker} from '../../support/scripted-docker.ts'

const ID = 'a1'.repeat(32)
const COPY = ['cp', `${ID}:/app`, '-']
const INSPECT = ['image', 'inspect', '--format', '{{json .}}', 'app:1']
const INSPECT_ID = ['image', 'inspect', '--format', '{{.Id}}', 'app:1']

interface Setting {
  readonly handle: EngineHandler
  readonly client?: Answer
  readonly signal?: AbortSignal
}

type Door = ReturnType<typeof withEngineSocket>

/** A client with an engine behind it; gives what the client itself was asked, and the engine. */
async function ask({handle, client, signal}: Setting, body: (cli: Door) => Promise<void>) {
  const scripted = scriptedDocker(() => client)
  const paths: string[] = []
  await withEngine(handle, async ({socketPath, asked}) => {
    const access = {
      signal: signal ?? new AbortController().signal,
      socket: async () => ({socketPath, version: '1.51'}),
    }
    await body(withEngineSocket(scripted.cli, access))
    paths.push(...asked)
  })
  return {commands: scripted.asked, paths}
}

/** What a stream gives, and how it ends. */
async function read(cli: Door, args: readonly string[] = COPY) {
  const child = cli.stream(args)
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout) chunks.push(chunk)
  return {printed: Buffer.concat(chunks).toString(), ...(await child.finished())}
}

const refuse =
  (status: number, body: string): EngineHandler =>
  (_, answer) =>
    answer.writeHead(status, {'content-type': 'application/json'}).end(body)

test('a stream is what the engine answers', async () => {
  const {commands, paths} = await ask({handle: (_, answer) => answer.end('tar')}, async cli => {
    expect(await read(cli)).toEqual({printed: 'tar', exitCode: 0, stderr: ''})
    expect(await read(cli, ['export', ID])).toEqual({printed: 'tar', exitCode: 0, stderr: ''})
  })
  expect(paths).toEqual([`/v1.51/containers/${ID}/archive?path=%2Fapp`, `/v1.51/containers/${ID}/export`])
  expect(commands).toEqual([])
})

test('what is not there fails in the words of the client', async () => {
  const message = 'No such image: app:1'
  const {commands} = await ask({handle: refuse(404, JSON.stringify({message}))}, async cli => {
    expect(await read(cli)).toEqual({printed: '', exitCode: 1, stderr: `Error response from daemon: ${message}`})
    const attempt = await cli.attempt(INSPECT)
    expect(attempt).toMatchObject({ok: false, stderr: `Error response from daemon: ${message}`})
    await expect(cli.bytes(INSPECT)).rejects.toMatchObject({
      code: 'not-found',
      message: `docker image inspect of app:1 failed (exit code 1): Error response from daemon: ${message}`,
    })
  })
  expect(commands).toEqual([])
})

test.each<[what: string, handle: EngineHandler]>([
  ['an error of the engine', refuse(500, '{"message":"no"}')],
  ['a refusal', refuse(403, '{"message":"authorization denied by plugin"}')],
  ['a version that the engine has not', refuse(400, '{"message":"client version 1.51 is too new"}')],
  ['404 without a reason', refuse(404, '404 page not found')],
  ['404 with too long a reason', refuse(404, JSON.stringify({message: 'x'.repeat(100_000)}))],
  ['a connection that is closed', ({socket}) => socket.destroy()],
  ['something else than HTTP', ({socket}) => socket.end('hello\n')],
])('on %s the client is asked', async (_, handle) => {
  const {commands} = await ask({handle, client: 'of the client'}, async cli => {
    expect(await read(cli)).toEqual({printed: 'of the client', exitCode: 0, stderr: ''})
    expect(await cli.text(INSPECT)).toBe('of the client')
    expect(await cli.text(INSPECT_ID)).toBe('of the client')
  })
  expect(commands).toEqual([COPY.join(' '), INSPECT.join(' '), INSPECT_ID.join(' ')])
})

test('so it is where there is no socket, and how the client fails is how it ends', async () => {
  const {cli, asked} = scriptedDocker(() => ({stderr: 'no', exitCode: 3}))
  const access = {signal: new AbortController().signal, socket: async () => undefined}
  const door = withEngineSocket(cli, access)
  expect(await read(door)).toEqual({printed: '', exitCode: 3, stderr: 'no'})
  expect(await door.attempt(INSPECT)).toMatchObject({ok: false, stderr: 'no'})
  expect(asked).toEqual([COPY.join(' '), INSPECT.join(' ')])
})

test('an answer that breaks off is a failure, whatever came of it', async () => {
  const handle: EngineHandler = async (_, answer) => {
    answer.writeHead(200).write('half of it')
    await wait(50)
    answer.destroy()
  }
  await ask({handle, client: 'of the client'}, async cli => {
    const {printed, exitCode, stderr} = await read(cli)
    expect(printed).toBe('half of it')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^error during connect: /)
    // Of what is said of an image nothing was passed on yet.
    expect(await cli.text(INSPECT)).toBe('of the client')
  })
})

test('what is said of an image: all of it, or its id', async () => {
  const said = JSON.stringify({Id: 'sha256:1', Os: 'linux'})
  const {paths} = await ask({handle: (_, answer) => answer.end(said)}, async cli => {
    expect(await cli.text(INSPECT)).toBe(said)
    expect(await cli.text(INSPECT_ID)).toBe('sha256:1')
  })
  expect(paths).toEqual(['/v1.51/images/app:1/json', '/v1.51/images/app:1/json'])
})

test.each(['[]', '{}', 'x', '{"Id":1}'])('the client is asked for an id where the engine says %s', async said => {
  const {commands} = await ask({handle: (_, answer) => answer.end(said), client: 'sha256:2'}, async cli => {
    expect(await cli.text(INSPECT_ID)).toBe('sha256:2')
  })
  expect(commands).toEqual([INSPECT_ID.join(' ')])
})

test('every other command is the client’s', async () => {
  const {commands, paths} = await ask({handle: () => undefined, client: 'x'}, async cli => {
    expect(await cli.text(['create', 'app:1'])).toBe('x')
    expect(await read(cli, ['save', 'app:1'])).toEqual({printed: 'x', exitCode: 0, stderr: ''})
  })
  expect([commands, paths]).toEqual([['create app:1', 'save app:1'], []])
})

/** Answers without end, as fast as it is taken. */
const endless: EngineHandler = async (_, answer) => {
  answer.writeHead(200)
  while (!answer.destroyed) {
    if (!answer.write(Buffer.alloc(65_536))) await Promise.race([once(answer, 'drain'), once(answer, 'close')])
  }
}

test('the connection is closed as soon as nobody reads on', async () => {
  const closed: Promise<unknown>[] = []
  const handle: EngineHandler = (request, answer) => {
    closed.push(new Promise(resolve => request.socket.once('close', resolve)))
    endless(request, answer)
  }
  await ask({handle}, async cli => {
    const stopped = cli.stream(COPY)
    for await (const chunk of stopped.stdout) {
      expect(chunk.length).toBeGreaterThan(0)
      break
    }
    await stopped.stop()
    const left = cli.stream(COPY)
    for await (const _ of left.stdout) break
    expect(await left.finished()).toEqual({exitCode: 0, stderr: ''})
    const unanswered = cli.stream(COPY)
    await unanswered.stop()
    await Promise.all(closed)
  })
})

test('no more is taken of the engine than is read', async () => {
  let sent = 0
  const handle: EngineHandler = async (_, answer) => {
    answer.writeHead(200)
    while (!answer.destroyed) {
      sent += 65_536
      if (!answer.write(Buffer.alloc(65_536))) await Promise.race([once(answer, 'drain'), once(answer, 'close')])
    }
  }
  await ask({handle}, async cli => {
    const child = cli.stream(COPY)
    await once(child.stdout, 'readable')
    await wait(200)
    expect(sent).toBeLessThan(4 * 1024 * 1024)
    await child.stop()
  })
})

test.each<[what: string, handle: EngineHandler]>([
  ['before the engine has answered', () => undefined],
  ['while it answers', endless],
])('a run that is cancelled %s', async (_, handle) => {
  const controller = new AbortController()
  await ask({handle, signal: controller.signal}, async cli => {
    const child = cli.stream(COPY)
    const reading = (async () => {
      for await (const chunk of child.stdout) expect(chunk.length).toBeGreaterThan(0)
    })()
    const failing = expect(reading).rejects.toMatchObject({code: 'aborted'})
    await wait(50)
    controller.abort()
    await failing
    await expect(child.finished()).rejects.toMatchObject({code: 'aborted'})
    expect(() => cli.stream(COPY)).toThrow('the run was cancelled')
  })
})
