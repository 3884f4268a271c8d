import {parseArgs} from 'node:util'
import {STORES} from '../e2e/ground/engine.ts'
import {type Ground, startGround} from '../e2e/ground/ground.ts'
import {messageOf} from '../src/errors.ts'
import {createLimiter} from '../src/lib/concurrency.ts'
import {seededRandom} from './kernel/random.ts'
import {archiveCase} from './meaning/archives.ts'
import {compareViews} from './meaning/compare.ts'
import {configCase, indexCase, manifestCase} from './meaning/documents.ts'
import {layersCase} from './meaning/layers.ts'
import {lookAtArchive, lookAtImage} from './meaning/look.ts'
import {type RawRegistry, startRawRegistry} from './meaning/raw-registry.ts'

/*
 * npm run test:meaning [-- --count N --seed S --seconds T]
 *
 * Makes images whose config, manifest or index two parsers could read differently, has a real Docker engine pull each
 * into both of its image stores and make a container of it, which is never started, and compares what the engines show,
 * or refuse, with what our registry and layout sources say; has it load generated archives, and read what it saves of
 * every third image, the same. Every difference is one that docs/architecture.md declares, or a failure. Needs root and
 * what the end-to-end tests need. Exit code 2 where it cannot run, 1 on a failure.
 */

const {values} = parseArgs({
  options: {
    count: {type: 'string', default: '3000'},
    seed: {type: 'string', default: '1'},
    seconds: {type: 'string', default: '86400'},
    verbose: {type: 'boolean', default: false},
  },
})
const KINDS = [configCase, manifestCase, indexCase, layersCase, archiveCase] as const
/** One image in so many is saved by both stores, too. */
const SAVED = 3
const AT_ONCE = 4

process.exitCode = await main(Number(values.count), Number(values.seed), Number(values.seconds))

interface Tally {
  tried: number
  failed: number
  /** Archives that a store saved of an image. */
  saved: number
  readonly kinds: Map<string, {readonly tried: number; readonly refused: number}>
  readonly declared: Map<string, number>
}

async function main(count: number, seed: number, seconds: number): Promise<number> {
  const ground = await startGround().catch((thrown: unknown) => messageOf(thrown))
  if (typeof ground === 'string') {
    console.error(`test:meaning cannot run here: ${ground}`)
    return 2
  }
  const registry = await startRawRegistry()
  const tally: Tally = {tried: 0, failed: 0, saved: 0, kinds: new Map(), declared: new Map()}
  try {
    const end = Date.now() + seconds * 1000
    const limiter = createLimiter(AT_ONCE)
    const one = (number: number): Promise<void> =>
      limiter(async () => {
        if (Date.now() < end) await tryOne(ground, registry, seed, number, tally)
      })
    await Promise.all(Array.from({length: count}, (_, number) => one(number)))
  } finally {
    await registry.stop()
    await ground.stop()
  }
  const kinds = [...tally.kinds].map(([kind, {tried, refused}]) => `${kind} ${tried} (${refused})`).join(', ')
  console.log(`seed ${seed}: ${tally.tried} images, by kind, and how many of them a store refuses: ${kinds}`)
  console.log(`  saved by a store and read again: ${tally.saved}`)
  for (const [id, times] of [...tally.declared].toSorted()) console.log(`  declared: ${id}, ${times} times`)
  console.log(`test:meaning: ${tally.tried - tally.failed} passed, ${tally.failed} failed`)
  return tally.failed === 0 && tally.tried > 0 ? 0 : 1
}

async function tryOne(
  ground: Ground,
  registry: RawRegistry,
  seed: number,
  number: number,
  tally: Tally,
): Promise<void> {
  const random = seededRandom(seed * 1_000_003 + number)
  const made = (KINDS[number % KINDS.length] ?? configCase)(random, `${seed}-${number}`)
  const name = `meaning/n${number}`
  const seen = await (made.kind === 'archive'
    ? lookAtArchive({ground, registry}, name, made)
    : lookAtImage({ground, registry}, name, made, random.oneIn(SAVED))
  ).catch((thrown: unknown) => {
    throw new Error(`${made.kind} ${number} of seed ${seed} (${made.odd.join('; ')}): ${messageOf(thrown)}`, {
      cause: thrown,
    })
  })
  tally.tried++
  const isRefused = STORES.some(store => seen.engines[store].outcome === 'refused')
  const {tried, refused} = tally.kinds.get(made.kind) ?? {tried: 0, refused: 0}
  tally.kinds.set(made.kind, {tried: tried + 1, refused: refused + (isRefused ? 1 : 0)})
  tally.saved += Object.keys(seen.saved).length
  const differences = compareViews(seen)
  for (const {declared} of differences) {
    if (declared !== undefined) tally.declared.set(declared, (tally.declared.get(declared) ?? 0) + 1)
  }
  const undeclared = differences.filter(({declared}) => declared === undefined)
  if (undeclared.length === 0) return
  tally.failed++
  console.log(`FAILED ${made.kind} ${number} of seed ${seed}: ${made.odd.join('; ')}`)
  for (const {what} of undeclared) console.log(`  ${what}`)
  if (values.verbose && made.kind !== 'archive') console.log(Buffer.from(made.image.root.bytes).toString())
}
