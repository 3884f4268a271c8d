import {cp, mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import {buildElf} from '../__tests__/support/elf-builder.ts'
import {buildImage} from '../__tests__/support/image-builder.ts'
import {type DockerCli, dockerCli} from '../src/source/docker/docker-cli.ts'
import {withEngineSocket} from '../src/source/docker/engine-client.ts'
import {findEngineSocket} from '../src/source/docker/engine-socket.ts'
import {inspectImage} from '../src/source/docker/inspect.ts'
import {STORES} from './ground/engine.ts'
import {pushBuilt} from './support/push-built.ts'
import {openStand} from './support/stand.ts'

// What the engine answers at its socket against what the docker client prints for the same question.

const stand = await openStand()
const {signal} = new AbortController()
const ABSENT = `sha256:${'0'.repeat(64)}`

const IMAGE = buildImage([
  {
    platform: {os: 'linux', architecture: 'amd64'},
    process: {Entrypoint: ['/usr/bin/app'], Env: ['A=<&>'], Volumes: {'/data': {}}},
    layers: [
      {
        ...{'usr/bin/': '', 'usr/bin/app': {content: buildElf({machine: 62}), mode: 0o4755}},
        ...{'usr/bin/again': {hardLink: 'usr/bin/app'}, bin: {link: 'usr/bin'}},
      },
      {'etc/a b&c=ä': 'named so\n', loop: {link: 'loop'}},
    ],
  },
])
const PATHS = ['/usr', '/usr/bin', '/usr/bin/app', '/usr/bin/again', '/bin', '/bin/app', '/etc/a b&c=ä', '/data']
/** All but the first are no plain 404 for the engine, or no path at all: the client is asked, too. */
const FAILING = [
  ['a path that is not there', '/nowhere'],
  ['a path below a file', '/usr/bin/app/x'],
  ['a path below a symlink to itself', '/loop/x'],
  ['too long a name', `/${'x'.repeat(300)}`],
] as const

/** What a stream prints, without what differs from one moment to the next, and how it ends. */
async function read(cli: DockerCli, args: readonly string[]) {
  const child = cli.stream(args)
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout) chunks.push(chunk)
  const {exitCode, stderr} = await child.finished()
  return {exitCode, stderr, printed: Buffer.concat(chunks)}
}

describe.each(STORES)('the %s store', store => {
  const env = {...process.env, ...stand.engines[store].env()}
  const client = dockerCli({env})
  let socket: DockerCli
  let image = ''
  let container = ''

  beforeAll(async () => {
    const found = await findEngineSocket(client, env, signal)
    expect(found).toEqual({socketPath: env.DOCKER_HOST.replace('unix://', ''), version: '1.51'})
    // The client would be asked where the engine does not answer: here it may not be.
    const none: DockerCli = {
      ...client,
      attempt: () => Promise.reject(new Error('the client was asked')),
      stream: args => (args[1]?.endsWith('x') ? client.stream(args) : refuse(args)),
    }
    socket = withEngineSocket(none, {signal, socket: async () => found})
    image = await pushBuilt(stand.registry, `engine-socket/${store}`, '1', IMAGE)
    await client.bytes(['pull', '--quiet', image])
    container = await client.text(['create', image])
  })
  afterAll(async () => {
    if (container === '') return
    await client.bytes(['rm', '--force', '--volumes', container])
    await client.bytes(['image', 'rm', image])
  })

  test.each(PATHS)('docker cp of %s', async path => {
    const args = ['cp', `${container}:${path}`, '-']
    const expected = await read(client, args)
    expect(expected).toMatchObject({exitCode: 0, stderr: ''})
    expect(expected.printed.length).toBeGreaterThanOrEqual(1024)
    expect(await read(socket, args)).toEqual(expected)
  })

  test.each(FAILING)('docker cp of %s, which fails', async (_, path) => {
    const args = ['cp', `${container}:${path}`, '-']
    const expected = await read(client, args)
    expect(expected.exitCode).toBe(1)
    expect(await read(socket, args)).toEqual(expected)
  })

  test('docker export', async () => {
    const expected = await read(client, ['export', container])
    expect(expected.printed.length).toBeGreaterThan(4096)
    expect(await read(socket, ['export', container])).toEqual(expected)
  })

  test('docker image inspect', async () => {
    expect(await inspectImage(socket, image)).toEqual(await inspectImage(client, image))
    const args = ['image', 'inspect', '--format', '{{.Id}}']
    expect(await socket.text([...args, image])).toBe(await client.text([...args, image]))
    const absent = [...args, image.replace(/:1$/, `@${ABSENT}`)]
    const [refused, expected] = await Promise.all([socket.attempt(absent), client.attempt(absent)])
    expect(expected.ok).toBe(false)
    expect({...refused, error: undefined}).toEqual({...expected, error: undefined})
  })

  test('a context says where the socket is', async () => {
    const folder = join(stand.scratch, `contexts-${store}`)
    await mkdir(folder)
    await cp(env.DOCKER_CONFIG, folder, {recursive: true})
    const inContext = {...process.env, PATH: env.PATH, DOCKER_CONFIG: folder, DOCKER_HOST: undefined}
    const docker = dockerCli({env: inContext})
    await docker.bytes(['context', 'create', 'here', '--docker', `host=${env.DOCKER_HOST}`])
    await docker.bytes(['context', 'create', 'there', '--docker', 'host=tcp://127.0.0.1:1'])
    const found = (context: string) => {
      const chosen = {...inContext, DOCKER_CONTEXT: context}
      return findEngineSocket(dockerCli({env: chosen}), chosen, signal)
    }
    expect((await found('here'))?.socketPath).toBe(env.DOCKER_HOST.replace('unix://', ''))
    expect(await found('there')).toBeUndefined()
  })
})

function refuse(args: readonly string[]): never {
  throw new Error(`the client was asked: docker ${args.join(' ')}`)
}
