import {mkdir, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {STORES, type Store} from '../e2e/ground/engine.ts'
import {type Ground, startGround} from '../e2e/ground/ground.ts'
import {engineTree} from '../e2e/support/engine-tree.ts'
import {messageOf} from '../src/errors.ts'
import {createLimiter} from '../src/lib/concurrency.ts'
import {seededRandom} from './kernel/random.ts'
import {compareViews, type Seen} from './meaning/compare.ts'
import {configCase, indexCase, type MeaningCase, manifestCase} from './meaning/documents.ts'
import {type EngineView, viewByEngine} from './meaning/engine-view.ts'
import {layersCase} from './meaning/layers.ts'
import {viewByUs} from './meaning/our-view.ts'
import type {RawImage} from './meaning/raw-image.ts'
import {type RawRegistry, startRawRegistry} from './meaning/raw-registry.ts'

/*
 * npm run test:meaning [-- --count N --seed S --seconds T]
 *
 * Makes images whose config, manifest or index two parsers could read differently, has a real Docker engine pull each
 * into both of its image stores and make a container of it, which is never started, and compares what the engines show,
 * or refuse, with what our registry and layout sources say. Every difference is one that docs/architecture.md declares,
 * or a failure. Needs root and what the end-to-end tests need. Exit code 2 where it cannot run, 1 on a failure.
 */

const {values} = parseArgs({
  options: {
    count: {type: 'string', default: '3000'},
    seed: {type: 'string', default: '1'},
    seconds: {type: 'string', default: '86400'},
    verbose: {type: 'boolean', default: false},
  },
})
const KINDS = [configCase, manifestCase, indexCase, layersCase] as const
/** What engines are asked for: those of the tests run on it. */
const PLATFORM = {os: 'linux', architecture: 'amd64', variant: ''}
const AT_ONCE = 4
/** Of an image whose files alone are looked at. */
const NOTHING = {os: '', architecture: '', variant: '', diffIds: [], process: {}}

process.exitCode = await main(Number(values.count), Number(values.seed), Number(values.seconds))

interface Tally {
  tried: number
  refused: number
  failed: number
  readonly declared: Map<string, number>
}

async function main(count: number, seed: number, seconds: number): Promise<number> {
  const ground = await startGround().catch((thrown: unknown) => messageOf(thrown))
  if (typeof ground === 'string') {
    console.error(`test:meaning cannot run here: ${ground}`)
    return 2
  }
  const registry = await startRawRegistry()
  const tally: Tally = {tried: 0, refused: 0, failed: 0, declared: new Map()}
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
  console.log(`seed ${seed}: ${tally.tried} images, of which a store refuses ${tally.refused}`)
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
  const seen = await look(ground, registry, `meaning/n${number}`, made).catch((thrown: unknown) => {
    throw new Error(`${made.kind} ${number} of seed ${seed} (${made.odd.join('; ')}): ${messageOf(thrown)}`, {
      cause: thrown,
    })
  })
  tally.tried++
  if (STORES.some(store => seen.engines[store].outcome === 'refused')) tally.refused++
  const differences = compareViews(seen)
  for (const {declared} of differences) {
    if (declared !== undefined) tally.declared.set(declared, (tally.declared.get(declared) ?? 0) + 1)
  }
  const undeclared = differences.filter(({declared}) => declared === undefined)
  if (undeclared.length === 0) return
  tally.failed++
  console.log(`FAILED ${made.kind} ${number} of seed ${seed}: ${made.odd.join('; ')}`)
  for (const {what} of undeclared) console.log(`  ${what}`)
  if (values.verbose) console.log(Buffer.from(made.image.root.bytes).toString())
}

async function look(ground: Ground, registry: RawRegistry, name: string, made: MeaningCase): Promise<Seen> {
  const image = registry.push(name, made.image)
  const folder = join(ground.scratch, name.replace('/', '-'))
  await writeLayout(folder, made.image)
  const byIndex = made.kind === 'index'
  const required = byIndex ? [PLATFORM] : undefined
  const [classic, containerd, fromRegistry, fromLayout] = await Promise.all([
    view(ground, 'classic', image, made),
    view(ground, 'containerd', image, made),
    viewByUs(`docker://${image}`, required, made.kind === 'layers'),
    viewByUs(`oci:${folder}`, required, made.kind === 'layers'),
  ])
  await rm(folder, {recursive: true})
  return {of: made, engines: {classic, containerd}, ours: {registry: fromRegistry, layout: fromLayout}}
}

/** A request that does not arrive says nothing of the image, and is made once more. */
async function view(ground: Ground, store: Store, image: string, made: MeaningCase): Promise<EngineView> {
  const seen = await viewOnce(ground, store, image, made)
  const isLost = seen.outcome === 'refused' && /dial tcp|connection re|failed to do request/.test(seen.reason)
  return isLost ? viewOnce(ground, store, image, made) : seen
}

async function viewOnce(
  {engines, scratch}: Ground,
  store: Store,
  image: string,
  {kind}: MeaningCase,
): Promise<EngineView> {
  if (kind !== 'layers') return viewByEngine(engines[store], image, kind === 'index' ? 'linux/amd64' : undefined)
  const tree = await engineTree(engines[store], image, join(scratch, `${store}-${image.split('/').at(-1)}`))
  if (typeof tree.refused === 'string') return {outcome: 'refused', at: 'pull', reason: tree.refused}
  return {outcome: 'created', image: NOTHING, tree}
}

/** https://github.com/opencontainers/image-spec/blob/main/image-layout.md */
async function writeLayout(folder: string, {root, blobs}: RawImage): Promise<void> {
  const place = join(folder, 'blobs', 'sha256')
  await mkdir(place, {recursive: true})
  const {mediaType, digest, bytes} = root
  const index = {schemaVersion: 2, manifests: [{mediaType, digest, size: bytes.length}]}
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  await writeFile(join(folder, 'index.json'), JSON.stringify(index))
  for (const blob of [root, ...blobs]) await writeFile(join(place, blob.digest.slice('sha256:'.length)), blob.bytes)
}
