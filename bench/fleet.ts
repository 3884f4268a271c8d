/**
 * `npm run bench -- fleet`: what many images of a registry cost that answers each request after 5 ms: requests an
 * image, time and memory of a first run, of one that is resumed, and of one with `--cache` whose cache is filled, of
 * the bundle in dist/ and of an earlier one, in turns; then four parts and their merge, against one process.
 *
 * `--images N`: 300; `--before COMMIT`: whose dist/ is the earlier one; `--rounds N`: 3; `--shape own` or `--shape
 * releases` (bench/support/fleet-images.ts) for one of them; `--tokens`: the
 * registry wants a token for each repository.
 */
import {execFile} from 'node:child_process'
import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {parseArgs, promisify} from 'node:util'
import {withTemporaryFolder} from '../scripts/support/temporary-folder.ts'
import {fleetFigures} from './fleet/figures.ts'
import {measureParts} from './fleet/parts.ts'
import {type FleetRow, measureRuns} from './fleet/runs.ts'
import type {Figures} from './report/figures.ts'
import {fleetImages, SHAPES, type Shape} from './support/fleet-images.ts'
import {startFleetRegistry} from './support/fleet-registry.ts'

/** In milliseconds. */
const DELAY = 5
const REPOSITORY = join(import.meta.dirname, '..')

interface Options {
  readonly images: number
  readonly rounds: number
  readonly tokens: boolean
  readonly folder: string
  readonly programs: Readonly<Record<'before' | 'now', string>>
}

export async function bench(args: readonly string[]): Promise<Figures> {
  const {values} = parseArgs({
    args: [...args],
    options: {
      images: {type: 'string', default: '300'},
      before: {type: 'string', default: '54cb7080'},
      rounds: {type: 'string', default: '3'},
      shape: {type: 'string', multiple: true, default: [...SHAPES]},
      tokens: {type: 'boolean', default: false},
    },
  })
  return withTemporaryFolder('verify-image-arch-bench', async folder => {
    const programs = {before: await earlierBuild(values.before, folder), now: join(REPOSITORY, 'dist/cli.mjs')}
    const options = {
      ...{images: Number(values.images), rounds: Number(values.rounds), tokens: values.tokens},
      ...{folder, programs},
    }
    const shapes: Figures[] = []
    for (const shape of SHAPES.filter(one => values.shape.includes(one))) {
      shapes.push(await measureShape(shape, options))
    }
    return {figures: shapes.flatMap(({figures}) => figures), tables: shapes.flatMap(({tables}) => tables)}
  })
}

async function earlierBuild(commit: string, folder: string): Promise<string> {
  const target = join(folder, 'before')
  await mkdir(target)
  const script = 'git -C "$1" archive "$2" dist package.json | tar --extract --directory "$3"'
  await promisify(execFile)('bash', ['-o', 'pipefail', '-ec', script, '-', REPOSITORY, commit, target])
  return join(target, 'dist/cli.mjs')
}

async function measureShape(shape: Shape, options: Options): Promise<Figures> {
  const {images, rounds, tokens, folder, programs} = options
  const registry = await startFleetRegistry({delay: DELAY, tokens})
  try {
    const names: string[] = []
    for (const one of fleetImages(images, shape)) {
      registry.push(one)
      names.push(...one.tags.map(tag => `${registry.address}/${one.repository}:${tag}`))
    }
    const list = join(folder, `${shape}.txt`)
    await writeFile(list, `${names.join('\n')}\n`)
    const rows = new Map<string, FleetRow>()
    for (let round = 0; round < rounds; round += 1) {
      for (const [program, path] of Object.entries(programs)) {
        await measureRuns(rows, {program, path, list, registry, folder})
      }
    }
    const parts = await measureParts(programs.now, {list, folder, rounds})
    const title = `${images} images (${shape}), ${DELAY} ms a request${tokens ? ', a token for each repository' : ''}`
    return fleetFigures({shape, title, images, rounds, rows, parts})
  } finally {
    await registry.stop()
  }
}
