import {expect, test} from '@jest/globals'
import {findEngineSocket, socketPathOf} from '../../../src/source/docker/engine-socket.ts'
import {type EngineHandler, withEngine} from '../../support/engine-stand-in.ts'

const {signal} = new AbortController()
const noCommand = {
  text: async (args: readonly string[]): Promise<string> => {
    throw new Error(`unexpected: docker ${args.join(' ')}`)
  },
}
const engine: EngineHandler = (_, answer) => answer.writeHead(200, {'api-version': '1.51'}).end('OK')

test.each([
  ['unix:///var/run/docker.sock', '/var/run/docker.sock'],
  ['unix:///run/user/1000/docker.sock', '/run/user/1000/docker.sock'],
  ['unix://docker.sock', undefined],
  ['tcp://127.0.0.1:2375', undefined],
  ['ssh://user@host', undefined],
  ['npipe:////./pipe/docker_engine', undefined],
  ['', undefined],
])('the host %j is the socket %p', (host, path) => {
  expect(socketPathOf(host)).toBe(path)
})

test('DOCKER_HOST is asked at once, which API it speaks', async () => {
  await withEngine(engine, async ({socketPath, asked}) => {
    const found = await findEngineSocket(noCommand, {DOCKER_HOST: `unix://${socketPath}`, DOCKER_CONTEXT: 'x'}, signal)
    expect(found).toEqual({socketPath, version: '1.51'})
    expect(asked).toEqual(['/_ping'])
  })
})

test('without it, docker says what context is in use', async () => {
  await withEngine(engine, async ({socketPath}) => {
    const commands: string[] = []
    const cli = {
      text: async (args: readonly string[]) => {
        commands.push(args.join(' '))
        return `unix://${socketPath}`
      },
    }
    expect(await findEngineSocket(cli, {DOCKER_HOST: ''}, signal)).toEqual({socketPath, version: '1.51'})
    expect(commands).toEqual(['context inspect --format {{.Endpoints.docker.Host}}'])
  })
})

test.each(['DOCKER_API_VERSION', 'DOCKER_CUSTOM_HEADERS', 'DOCKER_TLS', 'DOCKER_TLS_VERIFY'])(
  'where %s is set, the client does everything',
  async name => {
    await withEngine(engine, async ({socketPath, asked}) => {
      const host = {DOCKER_HOST: `unix://${socketPath}`}
      expect(await findEngineSocket(noCommand, {...host, [name]: '1'}, signal)).toBeUndefined()
      expect(await findEngineSocket(noCommand, {...host, [name]: ''}, signal)).toBeDefined()
      expect(asked).toHaveLength(1)
    })
  },
)

test.each<[what: string, handle: EngineHandler]>([
  ['an error', (_, answer) => answer.writeHead(500, {'api-version': '1.51'}).end()],
  ['no version', (_, answer) => answer.end('OK')],
  ['a version that is none', (_, answer) => answer.writeHead(200, {'api-version': '../x'}).end('OK')],
  ['nothing', () => undefined],
  ['something else than HTTP', ({socket}) => socket.end('hello\n')],
])('an engine that answers %s is left to the client', async (_, handle) => {
  await withEngine(handle, async ({socketPath}) => {
    expect(await findEngineSocket(noCommand, {DOCKER_HOST: `unix://${socketPath}`}, signal)).toBeUndefined()
  })
})

test.each([
  ['no socket', {DOCKER_HOST: 'unix:///no/such.sock'}],
  ['another machine', {DOCKER_HOST: 'tcp://127.0.0.1:1'}],
  ['a docker that does not know contexts', {}],
])('%s: the client does everything', async (_, env) => {
  expect(await findEngineSocket(noCommand, env, signal)).toBeUndefined()
})
