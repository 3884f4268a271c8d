import {parseArgs} from 'node:util'
import {STORES} from '../e2e/ground/engine.ts'
import {startGround} from '../e2e/ground/ground.ts'
import {messageOf} from '../src/errors.ts'
import {createLimiter} from '../src/lib/concurrency.ts'
import {cancelOnGround} from './faults/cancel-ground.ts'
import {type CancelTally, cancelTrials} from './faults/cancel-suite.ts'
import {diskTrials} from './faults/disk-suite.ts'
import {engineTrials} from './faults/engine-suite.ts'
import {type Complaint, isLate} from './faults/judge.ts'
import {loadTrial} from './faults/load-suite.ts'
import {registryTrials, type SuiteOptions, type Trial} from './faults/registry-suite.ts'
import {timeLimitTrials} from './faults/time-limit-suite.ts'
import {type Random, seededRandom} from './kernel/random.ts'
import {parsePart, takePart} from './support/part.ts'

/*
 * npm run test:faults [-- --seconds T --seed S --only TEXT --part 1/6 --program DIR --speed N]
 * npm run test:faults -- --cancel N [--engines]
 * npm run test:faults -- --load N [--engines [--store classic]]
 *
 * Runs the built program while what it depends on fails: each request to a registry and each docker command in turn, in
 * each of many ways, and each disk that it writes to. What is expected is one clear message, an exit code that says
 * that nothing was checked, no `verified=true`, nothing left behind, no secret in anything that was written, and an end
 * in time; with what never answers, in the time that the input `timeout` gives. Time passes faster for the program than
 * for others, so that its pauses and limits do not take minutes.
 *
 * Runs are cancelled at random moments, too: with --cancel nothing else, so many times, with --engines by real engines
 * as the end-to-end tests start them. And one run reads many images at once, within bounds of memory, files, sockets
 * and containers: with --load nothing else, so many images, with --engines by real engines.
 *
 * Without --seconds all is tried, else what there is time for, as much of each kind, in an order that the seed gives;
 * --part tries each sixth of them. Exit code 1 on a failure.
 */

const {values} = parseArgs({
  options: {
    seconds: {type: 'string', default: '86400'},
    seed: {type: 'string', default: '1'},
    only: {type: 'string', default: ''},
    part: {type: 'string', default: '1/1'},
    cancel: {type: 'string'},
    engines: {type: 'boolean', default: false},
    store: {type: 'string'},
    load: {type: 'string'},
    program: {type: 'string', default: 'dist'},
    speed: {type: 'string', default: '10'},
    verbose: {type: 'boolean', default: false},
  },
})
/** Most of the time of a run is waiting. */
const AT_ONCE = 8
/** Cancelled runs among the others. */
const SAMPLE = 100
const LOADED_IMAGES = 60
const LOADED_AT_ONCE = 16

process.exitCode = await main({program: values.program, speed: Number(values.speed)})

async function main(options: SuiteOptions): Promise<number> {
  const end = Date.now() + Number(values.seconds) * 1000
  const seed = Number(values.seed)
  const ends: CancelTally = new Map()
  if (values.engines && values.load !== undefined) return loadEngines(Number(values.load), options)
  if (values.engines) return cancelOnEngines({count: Number(values.cancel ?? SAMPLE), seed}, options)
  const groups = await chooseTrials(options, seed, ends)
  const random = seededRandom(seed)
  const part = parsePart(values.part)
  const dealtOut = dealt(
    groups.map(group =>
      shuffled(
        group.filter(({name}) => name.includes(values.only)),
        random,
      ),
    ),
  )
  const trials = takePart(dealtOut, part)
  const tally = {tried: 0, failed: 0}
  const limiter = createLimiter(AT_ONCE)
  const late: Trial[] = []
  const count = (trial: Trial, complaints: readonly Complaint[]): void => {
    tally.tried++
    if (complaints.length > 0) tally.failed++
    for (const complaint of complaints) console.log(`FAILED ${trial.name}: ${complaint}`)
    if (values.verbose && complaints.length === 0) console.log(`ok ${trial.name}`)
  }
  await Promise.all(
    trials.map(trial =>
      limiter(async () => {
        if (Date.now() >= end) return
        const complaints = await tryOne(trial)
        if (complaints.some(isLate)) late.push(trial)
        else count(trial, complaints)
      }),
    ),
  )
  // On a machine that does much else all is late: what hangs is late again when nothing else is tried.
  for (const trial of late) {
    console.log(`late, and tried once more: ${trial.name}`)
    count(trial, await tryOne(trial))
  }
  console.log(
    `seed ${values.seed}, part ${values.part}: ${tally.tried} of ${trials.length} faults tried, time ${options.speed} times as fast`,
  )
  for (const [how, times] of ends) console.log(`  cancelled runs that ended ${how}: ${times}`)
  console.log(`test:faults: ${tally.tried - tally.failed} passed, ${tally.failed} failed`)
  return tally.failed === 0 && tally.tried > 0 ? 0 : 1
}

async function cancelOnEngines(
  {count, seed}: {readonly count: number; readonly seed: number},
  options: SuiteOptions,
): Promise<number> {
  const ends: CancelTally = new Map()
  const tried = await cancelOnGround({count, seed}, options, ends)
  for (const complaint of tried.flat()) console.log(`FAILED ${complaint}`)
  for (const [how, times] of ends) console.log(`  cancelled runs that ended ${how}: ${times}`)
  const failed = tried.filter(({length}) => length > 0).length
  console.log(`test:faults: ${tried.length - failed} passed, ${failed} failed`)
  return failed === 0 && tried.length > 0 ? 0 : 1
}

async function loadEngines(images: number, options: SuiteOptions): Promise<number> {
  const ground = await startGround()
  try {
    let failed = 0
    const stores = STORES.filter(store => values.store === undefined || values.store === store)
    for (const store of stores) {
      const load = {images, concurrency: LOADED_AT_ONCE, engine: ground.engines[store]}
      const trial = loadTrial(load, options, text => console.log(text))
      const complaints = await tryOne(trial)
      for (const complaint of complaints) console.log(`FAILED ${trial.name}: ${complaint}`)
      if (complaints.length > 0) failed++
    }
    console.log(`test:faults: ${stores.length - failed} passed, ${failed} failed`)
    return failed === 0 && stores.length > 0 ? 0 : 1
  } finally {
    await ground.stop()
  }
}

async function chooseTrials(options: SuiteOptions, seed: number, ends: CancelTally): Promise<readonly Trial[][]> {
  const load = (images: number): Trial[] => [
    loadTrial({images, concurrency: LOADED_AT_ONCE}, options, text => console.log(text)),
  ]
  const cancelling = (count: number): Trial[] => cancelTrials({count, seed}, options, ends)
  if (values.load !== undefined) return [load(Number(values.load))]
  if (values.cancel !== undefined) return [cancelling(Number(values.cancel))]
  return [
    await registryTrials(options),
    await engineTrials(options),
    diskTrials(options),
    await timeLimitTrials(options),
    cancelling(SAMPLE),
    load(LOADED_IMAGES),
  ]
}

async function tryOne({run}: Trial): Promise<readonly Complaint[]> {
  try {
    return await run()
  } catch (thrown) {
    return [`could not be tried: ${messageOf(thrown)}`]
  }
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items]
  return items.flatMap(() => left.splice(random.below(left.length), 1))
}

/** One of each in turn, as long as there are any. */
function dealt<T>(groups: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...groups.map(({length}) => length))
  return Array.from({length: longest}, (_, at) => groups.flatMap(group => group.slice(at, at + 1))).flat()
}
