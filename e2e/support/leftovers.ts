import {afterEach, beforeAll, expect} from '@jest/globals'
import type {Engine} from '../ground/engine.ts'
import {engineLeftovers, markedProcesses} from '../ground/leftovers.ts'
import type {Stand} from './stand.ts'
import {MARKER} from './tested-program.ts'

/**
 * Expects after each test that the engine holds what it held before, no more and no
 * less, and that no process of ours is left.
 */
export function expectNothingLeft(stand: Stand, engine: Engine): void {
  let before: unknown
  beforeAll(async () => {
    before = await engineLeftovers(engine)
  })
  afterEach(async () => {
    const [known, after] = [before, await engineLeftovers(engine)]
    // Only the test that left something is to fail, not all that follow.
    before = after
    expect(await testedProcesses(stand)).toEqual([])
    expect(after).toEqual(known)
  })
}

/** The processes of tested programs, and their children, that still run. */
export async function testedProcesses(stand: Stand) {
  return markedProcesses(MARKER, stand.folder)
}
