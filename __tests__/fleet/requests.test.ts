import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import {fleetImages, type Shape} from '../../bench/support/fleet-images.ts'
import {type Counts, type FleetRegistry, KINDS, startFleetRegistry} from '../../bench/support/fleet-registry.ts'
import {RESULT_FILES} from '../../src/bin/result-files.ts'
import {runCli} from '../../src/cli.ts'
import {imageOpener} from '../../src/source/open.ts'
import {NO_ENV} from '../source/registry/fixtures.ts'
import {quietRun} from '../support/quiet-run.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

// How often a registry is asked for the images of a fleet: what `npm run bench -- fleet` measures, held.

const IMAGES = 16

describe.each<{shape: Shape; tokens: boolean; first: number; again: number}>([
  // A tag each, and of ten releases two manifests, two configs, two layers of the program and two of the base.
  {shape: 'releases', tokens: false, first: 1 + 8 / 4, again: 1},
  // The same, a token for each repository, and a refusal of each image that was begun before there was any.
  {shape: 'releases', tokens: true, first: 1 + 8 / 4 + 1 / 4 + 4 / IMAGES, again: 1 + 1 / 4 + 4 / IMAGES},
  // Nothing is in common: each document and each layer is another one.
  {shape: 'own', tokens: false, first: 9, again: 1},
])('$shape, tokens: $tokens', ({shape, tokens, first, again}) => {
  let registry: FleetRegistry
  const folder = temporaryFolder('requests')
  const names: string[] = []
  beforeAll(async () => {
    registry = await startFleetRegistry({delay: 0, tokens})
    for (const one of fleetImages(IMAGES, shape)) {
      registry.push(one)
      names.push(...one.tags.map(tag => `${registry.address}/${one.repository}:${tag}`))
    }
  })
  afterAll(() => registry.stop())

  /** A run of its own: requests an image, and the last line that it printed. */
  async function run(...args: readonly string[]) {
    registry.reset()
    const lines: string[] = []
    const options = {env: NO_ENV, temporary: folder, cache: {folder: join(folder, 'cache')}, warn: fail}
    await runCli(['--images-from', 'list', '--source', 'registry', ...args], {
      ...{version: '1.0.0', color: false, readDockerfiles: async () => [], writeFile: async () => undefined},
      ...{open: imageOpener(quietRun('requests', options)), results: RESULT_FILES},
      readFile: async () => names.join('\n'),
      stdout: text => void lines.push(text),
      stderr: fail,
    })
    return {requests: total(registry.counts()) / IMAGES, end: lines.at(-1)}
  }

  test('a first run, a resumed run, and one with a cache that is filled', async () => {
    const results = join(folder, 'results.jsonl')
    const whole = await run('--stream', results)
    expect(whole.requests).toBeLessThanOrEqual(first)
    const resumed = await run('--resume', results)
    expect(resumed.requests).toBeLessThanOrEqual(again)
    expect(resumed.end).toContain(`${IMAGES} of them kept`)
    const filling = await run('--cache', '--stream', join(folder, 'filling.jsonl'))
    expect(filling.requests).toBeLessThanOrEqual(first)
    const cached = await run('--cache', '--stream', join(folder, 'cached.jsonl'))
    expect(cached.requests).toBeLessThanOrEqual(again)
    expect(cached.end).toBe(whole.end)
  })
})

function total(counts: Counts): number {
  return KINDS.reduce((sum, kind) => sum + counts[kind], 0)
}

function fail(message: string): never {
  throw new Error(message)
}
