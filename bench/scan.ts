/**
 * `npm run bench -- scan`: what it takes to look at every file of an image. First the 900 MB image of
 * `bench -- sources` on a loopback registry: our command with scope image, `crane export` unpacked and
 * given to file(1), and node's own gunzip of the layers, taken in turns. Then whether time is linear:
 * generated layouts of more and more bytes and of more and more files, beside gunzip of their layers.
 * Medians, ratios and the most memory of a process.
 *
 * `--rounds N`: 3; `--only image` or `--only linear`: one of the parts (the first needs root, as e2e/ground does);
 * `--full`: up to 10 GB and a million files, which takes 5 GB of disk; `--size BYTES`: of the base of the image.
 */
import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {withTemporaryFolder} from '../scripts/support/temporary-folder.ts'
import type {Figures, Table} from './report/figures.ts'
import {bundle, runNode, type Took} from './support/children.ts'
import {generateImage} from './support/generated-image.ts'
import {measureInTurns, processorAndMemory, ratio} from './support/in-turns.ts'
import {LARGE_SIZE, pushLargeImage} from './support/large-image.ts'

interface Programs {
  readonly reader: string
  readonly gunzip: string
}

export async function bench(args: readonly string[]): Promise<Figures> {
  const {values} = parseArgs({
    args: [...args],
    options: {
      rounds: {type: 'string', default: '3'},
      only: {type: 'string'},
      full: {type: 'boolean', default: false},
      size: {type: 'string', default: String(LARGE_SIZE)},
    },
  })
  const rounds = Number(values.rounds)
  return withTemporaryFolder('verify-image-arch-bench', async folder => {
    const programs = {reader: await bundle('read-image', folder), gunzip: await bundle('gunzip', folder)}
    const tables: Table[] = []
    if (values.only !== 'linear') tables.push(await compareImage(programs, rounds, Number(values.size)))
    if (values.only !== 'image') tables.push(await compareSizes(programs, rounds, {full: values.full, folder}))
    return {figures: [], tables}
  })
}

async function compareImage({reader, gunzip}: Programs, rounds: number, size: number): Promise<Table> {
  const {startGround} = await import('../e2e/ground/ground.ts')
  const {run} = await import('../e2e/ground/run.ts')
  const ground = await startGround()
  try {
    const {reference, platforms} = await pushLargeImage(ground.registry.address, ground.scratch, {size})
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
    const rows = await measureInTurns(
      [
        {name: 'one platform: crane export | tar, find | file', run: crane},
        {name: 'one platform: scope image', run: () => runNode(reader, [reference, 'image', first.platform])},
        {name: "one platform: node's own gunzip", run: () => runNode(gunzip, layersOf(first))},
        {name: 'both platforms: scope image', run: () => runNode(reader, [reference, 'image'])},
        {name: "both platforms: node's own gunzip", run: () => runNode(gunzip, platforms.flatMap(layersOf))},
      ],
      rounds,
    )
    const [, , oneGunzip, , bothGunzip] = rows
    const lines = rows.map((row, at) => ({
      name: row.name,
      seconds: row.seconds.toFixed(2),
      'time of gunzip': ratio(row, at < 3 ? oneGunzip : bothGunzip),
      ...processorAndMemory(row),
    }))
    return {title: `${(first.base.tarSize / 1e6).toFixed(0)} MB for each platform; medians of ${rounds}`, lines}
  } finally {
    await ground.stop()
  }
}

async function compareSizes(
  {reader, gunzip}: Programs,
  rounds: number,
  {full, folder}: {readonly full: boolean; readonly folder: string},
): Promise<Table> {
  const [GB, K] = [1e9, 1000]
  const sizes = [1, 2.5, ...(full ? [5, 10] : [])].map(size => ({size: size * GB, files: size * 10 * K}))
  const counts = [10, 100, ...(full ? [1000] : [])].map(files => ({size: files * K * 1024, files: files * K}))
  const lines = []
  for (const {size, files} of [...sizes, ...counts]) {
    const place = join(folder, 'layout')
    const image = await generateImage(place, {size, files})
    const [ours, theirs] = await measureInTurns(
      [
        {name: `${files} files, ${(size / GB).toFixed(2)} GB`, run: () => runNode(reader, [image.reference, 'image'])},
        {name: 'gunzip', run: () => runNode(gunzip, image.layers)},
      ],
      rounds,
    )
    await rm(place, {recursive: true})
    const seconds = ours?.seconds ?? 0
    lines.push({
      GB: (image.unpacked / GB).toFixed(2),
      files,
      'GB compressed': (image.compressed / GB).toFixed(2),
      seconds: seconds.toFixed(2),
      'seconds per GB': (seconds / (image.unpacked / GB)).toFixed(2),
      'µs per file': ((seconds / files) * 1e6).toFixed(0),
      'gunzip, seconds': theirs?.seconds.toFixed(2) ?? '',
      'time of gunzip': ratio(ours, theirs),
      'of its processor time': ratio(ours, theirs, 'processor'),
      ...processorAndMemory(ours ?? {}),
    })
  }
  return {title: `generated layouts, scope image; medians of ${rounds}`, lines}
}
