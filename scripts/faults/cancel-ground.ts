import {setTimeout as wait} from 'node:timers/promises'
import {startRegistryServer} from '../../__tests__/support/registry-server.ts'
import {type Engine, STORES} from '../../e2e/ground/engine.ts'
import {startGround} from '../../e2e/ground/ground.ts'
import {type EngineLeftovers, engineLeftovers} from '../../e2e/ground/leftovers.ts'
import {seededRandom} from '../kernel/random.ts'
import {type CancelTally, cancelled, judgeCancelled, judgeProcesses} from './cancel-suite.ts'
import {GOOD_IMAGE} from './image.ts'
import type {Complaint} from './judge.ts'
import {DOORS, type ProgramStart, runPost, withRunFolder} from './program-run.ts'
import type {SuiteOptions} from './registry-suite.ts'

/** In milliseconds: a little longer than a run takes. */
const LONGEST = 5_000
/** How often is looked for what an engine lets go late; ten seconds on a slow machine. */
const LOOKS = 50

/** The same against real engines with both image stores, one run after the other on each. Gives what is wrong. */
export async function cancelOnGround(
  {count, seed}: {readonly count: number; readonly seed: number},
  options: SuiteOptions,
  tally: CancelTally,
): Promise<readonly (readonly Complaint[])[]> {
  const ground = await startGround()
  const registry = await startRegistryServer()
  try {
    registry.push('org/app', GOOD_IMAGE, '1')
    const ofStore = await Promise.all(
      STORES.map(async (store, index) => {
        const found: Complaint[][] = []
        for (let number = index; number < count; number += STORES.length) {
          found.push(
            await cancelOne(
              ground.engines[store],
              `${registry.host}/org/app:1`,
              seed * 1_000_003 + number,
              options,
              tally,
            ),
          )
        }
        return found
      }),
    )
    return ofStore.flat()
  } finally {
    await registry.stop()
    await ground.stop()
  }
}

/** What an engine holds beside what it held before. A pull whose client is gone it gives up a moment later. */
async function leftIn(engine: Engine, before: EngineLeftovers): Promise<Complaint[]> {
  let after = await engineLeftovers(engine)
  for (let looks = 1; looks < LOOKS && JSON.stringify(after) !== JSON.stringify(before); looks += 1) {
    await wait(200)
    after = await engineLeftovers(engine)
  }
  return JSON.stringify(after) === JSON.stringify(before) ? [] : [`left in the engine: ${JSON.stringify(after)}`]
}

async function cancelOne(
  engine: Engine,
  image: string,
  seed: number,
  {program}: SuiteOptions,
  tally: CancelTally,
): Promise<Complaint[]> {
  const random = seededRandom(seed)
  const door = random.pick(DOORS)
  const moment = random.below(LONGEST)
  const before = await engineLeftovers(engine)
  return withRunFolder(async folder => {
    const start: ProgramStart = {
      ...{door, program, image, speed: 1, limit: 120_000, env: engine.env()},
      options: {source: 'docker', ...(random.oneIn(2) ? {scope: 'image'} : {})},
    }
    const end = await cancelled(folder, start, moment, random)
    const complaints = judgeCancelled(end, moment, tally)
    if (door === 'action') {
      const post = await runPost(folder, start)
      if (post.exitCode !== 0) complaints.push(`post ends with ${post.exitCode}: ${post.stdout}${post.stderr}`)
    }
    const left = await leftIn(engine, before)
    const where = `${engine.name}, ${door}, seed ${seed}, after ${moment} ms`
    return [...complaints, ...left, ...(await judgeProcesses(folder))].map(complaint => `${where}: ${complaint}`)
  })
}
