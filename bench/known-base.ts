/**
 * `npm run bench -- known-base`: with `--cache`, the command over the 900 MB image of `bench -- sources` on a loopback
 * registry for the first time, and then over an image with the same bases and other top layers; medians. Needs root,
 * as e2e/ground does.
 *
 * `--rounds N`: 3; `--scope SCOPE`: image; `--size BYTES`: of the base before it is compressed.
 */
import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {startGround} from '../e2e/ground/ground.ts'
import {type Figures, figure} from './report/figures.ts'
import {against, measureInTurns, processorAndMemory, type Way} from './support/in-turns.ts'
import {LARGE_SIZE, pushLargeImage} from './support/large-image.ts'
import {measuredRun} from './support/measured-run.ts'

const PROGRAM = join(import.meta.dirname, '../dist/cli.mjs')

export async function bench(args: readonly string[]): Promise<Figures> {
  const {values} = parseArgs({
    args: [...args],
    options: {
      rounds: {type: 'string', default: '3'},
      scope: {type: 'string', default: 'image'},
      size: {type: 'string', default: String(LARGE_SIZE)},
    },
  })
  const rounds = Number(values.rounds)
  const ground = await startGround()
  try {
    const size = Number(values.size)
    const push = (tag: string) => pushLargeImage(ground.registry.address, ground.scratch, {size, tag})
    const [first, second] = [await push('1'), await push('2')]
    const cache = join(ground.scratch, 'cache')
    const env = {...process.env, XDG_CACHE_HOME: cache}
    const flags = ['--source', 'registry', '--scope', values.scope, '--cache', '--quiet', '--fail-on', 'never']
    const way = (name: string, reference: string): Way => ({
      name,
      run: () => measuredRun(PROGRAM, [reference, ...flags], {env, scratch: ground.scratch, codes: [0]}),
    })
    const forget = () => rm(cache, {recursive: true, force: true})
    const [fresh, known, same] = await measureInTurns(
      [
        {...way('first run', first.reference), prepare: forget},
        way('the same bases, other top layers', second.reference),
        way('the first image again', first.reference),
      ],
      rounds,
    )
    if (!fresh || !known || !same) throw new Error('nothing was measured')
    const lines = [fresh, known, same].map(one => ({
      run: one.name,
      seconds: one.seconds.toFixed(2),
      'faster than the first': `${(fresh.seconds / one.seconds).toFixed(1)}×`,
      ...processorAndMemory(one),
    }))
    return {
      figures: [figure('known-base', fresh.seconds / known.seconds, rounds, against(fresh, known))],
      tables: [{title: `--cache, both platforms, scope ${values.scope}; medians of ${rounds}`, lines}],
    }
  } finally {
    await ground.stop()
  }
}
