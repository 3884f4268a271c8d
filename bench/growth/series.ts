import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {runNode, type Took} from '../support/children.ts'
import {fleetImages} from '../support/fleet-images.ts'
import {startFleetRegistry} from '../support/fleet-registry.ts'
import {generateImage, type ImageShape} from '../support/generated-image.ts'
import {measuredRun} from '../support/measured-run.ts'

/** Something to measure, made; `stop` ends what stands behind it. */
export interface Made {
  run(): Promise<Took>
  stop?(): Promise<void>
}

/** What grows. */
export interface Series {
  readonly name: 'platforms' | 'layers' | 'files' | 'ELF files' | 'images'
  readonly sizes: readonly number[]
  /** Only with `--full`. */
  readonly more: readonly number[]
  make(options: {readonly size: number; readonly reader: string; readonly folder: string}): Promise<Made>
}

const PROGRAM = join(import.meta.dirname, '../../dist/cli.mjs')
/** In milliseconds, of the registry. */
const DELAY = 5
/** Verified, and findings: one image in twenty is wrong. */
const CODES = [0, 1]
const KB = 1024
const MB = KB * KB

export const SERIES: readonly Series[] = [
  {
    ...{name: 'platforms', sizes: [1, 2, 4, 8], more: []},
    make: layout(size => ({platforms: size, layers: 2, size: 64 * MB, files: 2000})),
  },
  {
    ...{name: 'layers', sizes: [1, 10, 100, 1000], more: []},
    make: layout(size => ({layers: size, size: size * 400 * KB, files: size * 100})),
  },
  {
    ...{name: 'files', sizes: [1e3, 1e4, 1e5], more: [1e6]},
    make: layout(size => ({layers: 1, size: size * KB, files: size})),
  },
  {
    ...{name: 'ELF files', sizes: [1e3, 1e4, 1e5], more: [1e6]},
    make: layout(size => ({layers: 1, size: 0, files: size, kind: 'programs'})),
  },
  {...{name: 'images', sizes: [1, 10, 100, 1000], more: []}, make: fleet},
]

function layout(shapeOf: (size: number) => ImageShape): Series['make'] {
  return async ({size, reader, folder}) => {
    const {reference} = await generateImage(folder, shapeOf(size))
    return {run: () => runNode(reader, [reference, 'image'])}
  }
}

async function fleet({size, folder}: {readonly size: number; readonly folder: string}): Promise<Made> {
  await mkdir(folder, {recursive: true})
  const registry = await startFleetRegistry({delay: DELAY, tokens: false})
  const names = []
  for (const one of fleetImages(size, 'own')) {
    registry.push(one)
    names.push(...one.tags.map(tag => `${registry.address}/${one.repository}:${tag}`))
  }
  const list = join(folder, 'images.txt')
  await writeFile(list, `${names.join('\n')}\n`)
  const results = join(folder, 'results.jsonl')
  const args = ['--images-from', list, '--source', 'registry', '--quiet', '--timeout', '0', '--stream', results]
  return {
    run: () => measuredRun(PROGRAM, args, {env: process.env, scratch: folder, codes: CODES}),
    stop: registry.stop,
  }
}
