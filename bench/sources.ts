/**
 * `npm run bench -- sources`: what it takes to look at both platforms of a 900 MB image on a loopback registry, cold
 * each time: as a shell step does it, as crane does, as our sources do, and node's own gunzip of the same layers, out
 * of files and over HTTP. All in one run, taken in turns, medians; bytes are counted at the registry's door in runs of
 * their own. Needs root, as e2e/ground does.
 * `--rounds N`: 3; `--only NAME`: one of the rows; `--short`: only rows that an aim is measured with;
 * `--size BYTES`: of the base before it is compressed.
 */
import {parseArgs} from 'node:util'
import {startGround} from '../e2e/ground/ground.ts'
import type {Figures} from './report/figures.ts'
import {sourceFigures} from './sources/figures.ts'
import {type SourceWay, sourceWays} from './sources/ways.ts'
import {type CountingProxy, startCountingProxy} from './support/counting-proxy.ts'
import {measureInTurns, type Taken} from './support/in-turns.ts'
import {LARGE_SIZE, pushLargeImage} from './support/large-image.ts'

export async function bench(args: readonly string[]): Promise<Figures> {
  const {values} = parseArgs({
    args: [...args],
    options: {
      rounds: {type: 'string', default: '3'},
      only: {type: 'string', multiple: true},
      short: {type: 'boolean', default: false},
      size: {type: 'string', default: String(LARGE_SIZE)},
    },
  })
  const rounds = Number(values.rounds)
  const ground = await startGround()
  try {
    const image = await pushLargeImage(ground.registry.address, ground.scratch, {size: Number(values.size)})
    const proxy = await startCountingProxy(ground.registry.address)
    const isWanted = ({name, aim}: SourceWay): boolean =>
      (aim || !values.short) && (values.only === undefined || values.only.some(only => name.includes(only)))
    const ways = (await sourceWays(ground, image, image.reference)).filter(isWanted)
    const taken = await measureInTurns(ways, rounds)
    const counted = image.reference.replace(/^[^/]+/, proxy.address)
    const throughDoor = (await sourceWays(ground, image, counted)).filter(isWanted)
    const counts = await count(
      throughDoor.filter(({door}) => door === 'ours' || (door === 'other' && !values.short)),
      proxy,
    )
    await proxy.stop()
    return sourceFigures({taken, counts, image, rounds})
  } finally {
    await ground.stop()
  }
}

/** What goes through the registry's door, by the name of the way. */
export type Counts = ReadonlyMap<Taken['name'], {readonly bytes: number; readonly requests: number}>

async function count(ways: readonly SourceWay[], proxy: CountingProxy): Promise<Counts> {
  const counts = new Map<string, {bytes: number; requests: number}>()
  for (const way of ways) {
    await way.prepare?.()
    proxy.reset()
    await way.run()
    counts.set(way.name, {bytes: proxy.bytes(), requests: proxy.requests()})
    console.error(`${way.name}: ${proxy.requests()} requests`)
    // What it has pulled by the door's address.
    await way.prepare?.()
  }
  return counts
}
