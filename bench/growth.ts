/**
 * `npm run bench -- growth`: time and memory of more and more platforms, layers, files and images, and the exponent of
 * both: what is left when the start of node is taken off, by least squares through the logarithms. Platforms, layers
 * and files are those of generated layouts, read with scope image; images are those of a loopback registry that answers
 * each request after 5 ms.
 *
 * `--rounds N`: 3; `--only NAME`: one of the series; `--quick`: the two smallest sizes of each; `--full`: up to a
 * million files, which takes 4 GB of disk. Of the largest size of a series one round is run, where it is larger than
 * 100,000 files.
 */
import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {withTemporaryFolder} from '../scripts/support/temporary-folder.ts'
import {growthFigures, type Measured} from './growth/figures.ts'
import {SERIES, type Series} from './growth/series.ts'
import type {Figures} from './report/figures.ts'
import {bundle, runNode} from './support/children.ts'
import {measureInTurns, type Taken} from './support/in-turns.ts'

export async function bench(args: readonly string[]): Promise<Figures> {
  const {values} = parseArgs({
    args: [...args],
    options: {
      rounds: {type: 'string', default: '3'},
      only: {type: 'string'},
      quick: {type: 'boolean', default: false},
      full: {type: 'boolean', default: false},
    },
  })
  const rounds = Number(values.rounds)
  const wanted = SERIES.filter(({name}) => values.only === undefined || name === values.only)
  if (wanted.length === 0) {
    throw new Error(`--only: expected one of ${SERIES.map(({name}) => name).join(', ')}, got ${values.only}`)
  }
  return withTemporaryFolder('verify-image-arch-bench', async folder => {
    const programs = {reader: await bundle('read-image', folder), nothing: await bundle('nothing', folder)}
    const [start] = await measureInTurns(
      [{name: 'start of node', run: () => runNode(programs.nothing, [])}],
      START_ROUNDS,
    )
    if (!start) throw new Error('the start of node was not measured')
    const measured: Measured[] = []
    for (const series of wanted) {
      const sizes = values.quick ? series.sizes.slice(0, 2) : [...series.sizes, ...(values.full ? series.more : [])]
      const taken = []
      for (const size of sizes) {
        taken.push({size, ...(await measureSize(series, {size, rounds, reader: programs.reader, folder}))})
      }
      measured.push({series, taken})
    }
    return growthFigures(measured, start)
  })
}

const START_ROUNDS = 11
/** Larger than that, one round says enough. */
const LARGE = 100_000

interface Sized {
  readonly size: number
  readonly rounds: number
  readonly reader: string
  readonly folder: string
}

async function measureSize(series: Series, sized: Sized): Promise<Taken & {readonly rounds: number}> {
  const place = join(sized.folder, 'place')
  const {run, stop} = await series.make({...sized, folder: place})
  try {
    const rounds = sized.size > LARGE ? 1 : sized.rounds
    const [taken] = await measureInTurns([{name: `${sized.size} ${series.name}`, run}], rounds)
    if (!taken) throw new Error(`${series.name}: nothing was measured`)
    return {...taken, rounds}
  } finally {
    await stop?.()
    await rm(place, {recursive: true, force: true})
  }
}
