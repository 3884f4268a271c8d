import {afterAll, describe, expect, test} from '@jest/globals'
import {buildElf} from '../__tests__/support/elf-builder.ts'
import {buildImage, type LayerCompression} from '../__tests__/support/image-builder.ts'
import {STORES, type Store} from './ground/engine.ts'
import {run} from './ground/run.ts'
import {parseReport} from './support/checks.ts'
import {pushBuilt} from './support/push-built.ts'
import {runCli} from './support/run-cli.ts'
import {openStand} from './support/stand.ts'

// An image with the layers of another one that the engine has, but compressed otherwise: the containerd store does not
// fetch them, and then says nothing of the config.

const stand = await openStand()
const EM = {amd64: 62, arm64: 183} as const

const built = (machine: keyof typeof EM, compression: LayerCompression) =>
  buildImage([
    {
      platform: {os: 'linux', architecture: 'amd64'},
      process: {Entrypoint: ['/app']},
      layers: [{app: {content: buildElf({machine: EM[machine]}), mode: 0o755}}],
      compression,
    },
  ])

const docker = (store: Store, ...args: readonly string[]): Promise<string> =>
  run('docker', args, {env: {...process.env, ...stand.engines[store].env()}})

const pulled: [Store, string][] = []
afterAll(async () => {
  for (const [store, image] of pulled) await docker(store, 'image', 'rm', image)
})

/** Two images with the same layers, the first of which the engine has. */
async function twins(store: Store, machine: keyof typeof EM, name: string): Promise<string> {
  const first = await pushBuilt(stand.registry, `twins/${name}-gzip`, '1', built(machine, 'gzip'))
  await docker(store, 'pull', '--quiet', first)
  pulled.push([store, first])
  return pushBuilt(stand.registry, `twins/${name}-zstd`, '1', built(machine, 'zstd'))
}

describe.each(STORES)('the %s store', store => {
  test.each([
    ['amd64', 0, 'match', []],
    ['arm64', 1, 'mismatch', ['wrong-machine']],
  ] as const)('a program of %s: exit code %d', async (machine, code, verdict, rules) => {
    const image = await twins(store, machine, `${store}-${machine}`)
    const {exitCode, stdout, stderr} = await runCli(stand, stand.engines[store], [image, '--format', 'json'])
    const {images, findings} = parseReport(stdout)
    expect({exitCode, stderr, rules: findings.map(({rule}) => rule)}).toEqual({exitCode: code, stderr: '', rules})
    expect(images[0]?.platforms.map(one => one.verdict)).toEqual([verdict])
    expect(images[0]?.platforms[0]?.program.steps[0]?.path).toBe('/app')
  })

  test('what only the engine has', async () => {
    const image = await twins(store, 'amd64', `${store}-daemon`)
    await docker(store, 'pull', '--quiet', image)
    pulled.push([store, image])
    const {exitCode, stderr} = await runCli(stand, stand.engines[store], [`docker-daemon:${image}`])
    if (store === 'classic') expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ''})
    else {
      expect(exitCode).toBe(3)
      expect(stderr).toMatch(/the Docker daemon does not say what .* is: it has not got the layers themselves/)
    }
  })
})
