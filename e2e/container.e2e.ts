import {cp, mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {beforeAll, expect, test} from '@jest/globals'
import {documented} from '../__tests__/support/snippets.ts'
import {CONTAINER_PLATFORMS, writeContainerContext} from '../scripts/container/context.ts'
import {buildImage} from './ground/buildx.ts'
import {run, runAny} from './ground/run.ts'
import {REPOSITORY} from './support/repository.ts'
import {runCli} from './support/run-cli.ts'
import {openStand} from './support/stand.ts'

// The command as a container image: built for both platforms by a real engine, verified by the command itself, and run
// as its users run it.

const stand = await openStand()
const engine = stand.engines.containerd
const env = {...process.env, ...engine.env()}
const image = `${stand.registry.address}/own/verify-image-arch:1`
const root = join(stand.scratch, 'container-root')

/** What the documentation gives to the command, with the folder of the reader as /work. */
const RUN = /^docker run --rm -v "\$PWD:\/work" ghcr\.io\/[\w./-]+:1 (.*)$/gm

/** What an engine says of the image: how a container of it starts. */
interface Config {
  readonly Entrypoint: readonly string[]
  readonly User: string
  readonly WorkingDir: string
}

let config: Config

beforeAll(async () => {
  const context = join(stand.scratch, 'container')
  await Promise.all([mkdir(context), mkdir(root)])
  await writeContainerContext(context)
  await buildImage(stand.builder, {context, tag: image, platforms: CONTAINER_PLATFORMS})
  await run('docker', ['pull', '--quiet', image], {env})
  config = JSON.parse(await run('docker', ['inspect', '--format', '{{json .Config}}', image], {env}))
  const container = (await run('docker', ['create', '--pull', 'never', image], {env})).trim()
  try {
    await run('sh', ['-c', 'docker export "$0" | tar -x -C "$1"', container, root], {env})
  } finally {
    await run('docker', ['rm', '--volumes', container], {env})
    await run('docker', ['rmi', image], {env})
  }
  for (const name of ['match', 'mismatch']) {
    await cp(join(REPOSITORY, 'examples', name), join(root, config.WorkingDir, name), {recursive: true})
  }
}, 400_000)

/**
 * Runs the entrypoint as the image's user and in its working directory, in the files of a container that the
 * engine has made, with nothing of this machine in its environment. The engine itself is not asked to start it:
 * where the tests run it may have no right to.
 */
const inContainer = (...args: readonly string[]) =>
  runAny(
    '/usr/bin/unshare',
    [`--root=${root}`, `--wd=${config.WorkingDir}`, ...userOptions(), ...config.Entrypoint, ...args],
    {env: {}},
  )

function userOptions(): readonly string[] {
  const [user, group] = config.User.split(':')
  return [`--setgid=${group}`, `--setuid=${user}`]
}

test('every platform of it is verified, all files, and not even a warning', async () => {
  const strict = ['--fail-on', 'warning', '--on-undetermined', 'fail', '--platforms', CONTAINER_PLATFORMS.join(',')]
  const {exitCode, stdout} = await runCli(stand, engine, [`docker://${image}`, ...strict])
  expect(stdout).toContain('verified: 2 of 2 platforms match')
  expect(exitCode).toBe(0)
})

test('each platform takes less than 60 MB of a registry', async () => {
  const inspect = async (name: string) =>
    JSON.parse(await run('docker', ['buildx', 'imagetools', 'inspect', '--raw', name], {env}))
  const sizes: number[] = []
  for (const {digest, platform} of (await inspect(image)).manifests) {
    if (platform.os === 'unknown') continue
    const {layers} = await inspect(`${image.replace(/:1$/, '')}@${digest}`)
    sizes.push(layers.reduce((sum: number, {size}: {size: number}) => sum + size, 0))
  }
  expect(sizes).toHaveLength(2)
  expect(sizes.filter(size => size >= 60e6)).toEqual([])
})

test('it starts as nobody in particular', () => expect(config.User).toBe('65532:65532'))

test('it verifies a layout', async () => {
  const {code, stdout} = await inContainer(`oci:${config.WorkingDir}/match`, '--platforms', 'linux/amd64,linux/arm64')
  expect(stdout.toString()).toContain('verified: 2 of 2 platforms match')
  expect(code).toBe(0)
})

const documentedRuns = ['README.md', 'docs/elsewhere.md'].flatMap(page =>
  documented(page, 'sh').flatMap(code => Array.from(code.matchAll(RUN), ([, args = '']) => [page, args] as const)),
)

test('two pages say how it is run', () => expect(new Set(documentedRuns.map(([page]) => page)).size).toBe(2))

test.each(documentedRuns)('as %s says: %s', async (_, args) => {
  const layout = join(REPOSITORY, 'examples/match')
  const archive = join(root, config.WorkingDir, 'image.tar')
  await run('tar', ['-cf', archive, '-C', layout, 'oci-layout', 'index.json', 'blobs'])
  const {code, stdout} = await inContainer(...args.split(' '))
  expect([code, stdout.toString()]).toEqual([0, expect.stringContaining('verified: 2 of 2 platforms match')])
})

test('it finds what is wrong in one', async () => {
  const {code, stdout} = await inContainer(`oci:${config.WorkingDir}/mismatch`)
  expect(stdout.toString()).toContain('linux/arm64 would not start: /usr/local/bin/hello is x86-64')
  expect(code).toBe(1)
})

test('it says what it cannot do: there is no engine in it', async () => {
  const {code, stderr} = await inContainer('localhost:1/app:1')
  expect([code, stderr]).toEqual([3, expect.stringContaining('docker')])
})

test('there is nothing in it but the command', async () => {
  const {code} = await runAny('/usr/sbin/chroot', [root, '/bin/sh', '-c', 'true'], {env: {}})
  expect(code).toBe(127)
})
