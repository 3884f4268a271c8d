import {afterEach, beforeAll, expect} from '@jest/globals'
import type {Engine} from '../ground/engine.ts'
import {engineLeftovers, markedProcesses} from '../ground/leftovers.ts'
import {run} from '../ground/run.ts'
import type {Stand} from './stand.ts'
import {MARKER} from './tested-program.ts'

/** Expects after each test that the engine holds what it held before, no more and no less, and that no process of ours is left. */
export function expectNothingLeft(stand: Stand, engine: Engine): void {
  let before: unknown
  beforeAll(async () => {
    before = await holdings(engine)
  })
  afterEach(async () => {
    const [known, after] = [before, await holdings(engine)]
    // Only the test that left something is to fail, not all that follow.
    before = after
    expect(await testedProcesses(stand)).toEqual([])
    expect(after).toEqual(known)
  })
}

/** All that an engine keeps: containers, images and volumes. */
export async function holdings(engine: Engine) {
  const env = {...process.env, ...engine.env()}
  const [left, volumes] = await Promise.all([
    engineLeftovers(engine),
    run('docker', ['volume', 'ls', '--quiet'], {env}),
  ])
  return {...left, volumes: volumes.split('\n').filter(name => name !== '')}
}

/** The processes of tested programs, and their children, that still run. */
export async function testedProcesses(stand: Stand) {
  return markedProcesses(MARKER, stand.folder)
}
