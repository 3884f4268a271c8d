/**
 * `npm run bench -- scan`: what it takes to look at every file of an image. First the 900 MB image of
 * `bench -- sources` on a loopback registry: our command with scope image, `crane export` unpacked and
 * given to file(1), and node's own gunzip of the layers, taken in turns. Then whether time is linear:
 * generated layouts of more and more bytes and of more and more files, beside gunzip of their layers.
 * Medians, ratios and the most memory of a process.
 *
 * `--rounds N`: 3; `--only image` or `--only linear`: one of the parts (the first needs root, as e2e/ground does);
 * `--full`: up to 10 GB and a million files, which takes 5 GB of disk.
 */
import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {makeTemporaryFolder, removeTemporaryFolder} from '../scripts/support/temporary-folder.ts'
import {bundle, median, runNode, type Took} from './support/children.ts'
import {generateImage} from './support/generated-image.ts'

const {values} = parseArgs({
  allowPositionals: true,
  options: {rounds: {type: 'string', default: '3'}, only: {type: 'string'}, full: {type: 'boolean', default: false}},
})
const rounds = Number(values.rounds)

const folder = await makeTemporaryFolder('verify-image-arch-bench')
try {
  const programs = {reader: await bundle('read-image', folder), gunzip: await bundle('gunzip', folder)}
  if (values.only !== 'linear') await compareImage(programs)
  if (values.only !== 'image') await compareSizes(programs)
} finally {
  await removeTemporaryFolder(folder)
}

interface Programs {
  readonly reader: string
  readonly gunzip: string
}

interface Way {
  readonly name: string
  run(): Promise<Took>
}

interface Row {
  readonly name: string
  /** In seconds, of the median round. */
  readonly seconds: number
  /** In bytes, of the worst round. */
  readonly memory: number | undefined
  /** In seconds of all processors, of the median round: less shaken by what else the machine does. */
  readonly processor: number | undefined
}

/** In turns, so that what else the machine does falls upon all. */
async function measure(ways: readonly Way[]): Promise<readonly Row[]> {
  const taken = ways.map(() => ({seconds: [] as number[], memories: [] as number[], processors: [] as number[]}))
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, way] of ways.entries()) {
      const since = performance.now()
      const {memory, processor} = await way.run()
      taken[at]?.seconds.push((performance.now() - since) / 1000)
      if (memory !== undefined) taken[at]?.memories.push(memory)
      if (processor !== undefined) taken[at]?.processors.push(processor)
    }
  }
  return ways.map(({name}, at) => ({
    name,
    seconds: median(taken[at]?.seconds ?? []),
    memory: taken[at]?.memories.length ? Math.max(...taken[at].memories) : undefined,
    processor: taken[at]?.processors.length ? median(taken[at].processors) : undefined,
  }))
}

async function compareImage({reader, gunzip}: Programs): Promise<void> {
  const {startGround} = await import('../e2e/ground/ground.ts')
  const {run} = await import('../e2e/ground/run.ts')
  const {pushLargeImage} = await import('./support/large-image.ts')
  const ground = await startGround()
  try {
    const {reference, platforms} = await pushLargeImage(ground.registry.address, ground.scratch)
    const [first] = platforms
    if (!first) throw new Error('an image without platforms')
    const unpacked = join(ground.scratch, 'unpacked')
    const env = {...process.env, ...ground.engines.classic.env()}
    const crane = async (): Promise<Took> => {
      const script = `rm -rf ${unpacked}; mkdir ${unpacked}; cd ${unpacked}
        crane export --platform ${first.platform} ${reference} - | tar --extract --no-same-owner
        find . -type f | file --brief --files-from - > ${ground.scratch}/files`
      await run('bash', ['-o', 'pipefail', '-ec', script], {env})
      return {}
    }
    const layersOf = ({base, program}: (typeof platforms)[number]) => [base.path, program.path]
    const rows = await measure([
      {name: 'one platform: crane export | tar, find | file', run: crane},
      {name: 'one platform: scope image', run: () => runNode(reader, [reference, 'image', first.platform])},
      {name: "one platform: node's own gunzip", run: () => runNode(gunzip, layersOf(first))},
      {name: 'both platforms: scope image', run: () => runNode(reader, [reference, 'image'])},
      {name: "both platforms: node's own gunzip", run: () => runNode(gunzip, platforms.flatMap(layersOf))},
    ])
    const [theirs, one, oneGunzip, both, bothGunzip] = rows
    console.log(`900 MB for each platform; medians of ${rounds}`)
    console.table(rows.map(row => ({name: row.name, seconds: row.seconds.toFixed(2), ...shown(row)})))
    console.log(`crane and file take ${ratio(theirs, one)} of the time that we take`)
    console.log(
      `we take ${ratio(one, oneGunzip)} of the time of gunzip for one platform, ${ratio(both, bothGunzip)} for both`,
    )
  } finally {
    await ground.stop()
  }
}

async function compareSizes({reader, gunzip}: Programs): Promise<void> {
  const [GB, K] = [1e9, 1000]
  const sizes = [1, 2.5, ...(values.full ? [5, 10] : [])].map(size => ({size: size * GB, files: size * 10 * K}))
  const counts = [10, 100, ...(values.full ? [1000] : [])].map(files => ({size: files * K * 1024, files: files * K}))
  const table = []
  for (const {size, files} of [...sizes, ...counts]) {
    const place = join(folder, 'layout')
    const image = await generateImage(place, size, files)
    const [ours, theirs] = await measure([
      {name: 'ours', run: () => runNode(reader, [image.reference, 'image'])},
      {name: 'gunzip', run: () => runNode(gunzip, image.layers)},
    ])
    await rm(place, {recursive: true})
    const seconds = ours?.seconds ?? 0
    table.push({
      GB: (image.unpacked / GB).toFixed(2),
      files,
      'GB compressed': (image.compressed / GB).toFixed(2),
      seconds: seconds.toFixed(2),
      'seconds per GB': (seconds / (image.unpacked / GB)).toFixed(2),
      'µs per file': ((seconds / files) * 1e6).toFixed(0),
      'gunzip, seconds': theirs?.seconds.toFixed(2),
      'time of gunzip': ratio(ours, theirs),
      'of its processor time': ratio(ours, theirs, 'processor'),
      ...shown(ours),
    })
  }
  console.log(`generated layouts, scope image; medians of ${rounds}`)
  console.table(table)
}

function ratio(one: Row | undefined, other: Row | undefined, of: 'seconds' | 'processor' = 'seconds'): string {
  const [part, whole] = [one?.[of], other?.[of]]
  return part === undefined || whole === undefined ? '' : `${(part / whole).toFixed(2)}×`
}

function shown(row: Row | undefined) {
  return {
    'processor seconds': row?.processor?.toFixed(2) ?? '',
    'MB of memory': row?.memory === undefined ? '' : (row.memory / 1e6).toFixed(0),
  }
}
