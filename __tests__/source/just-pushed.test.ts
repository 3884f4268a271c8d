import {describe, expect, test} from '@jest/globals'
import {SourceError} from '../../src/errors.ts'
import {SYSTEM_CLOCK} from '../../src/net/clock.ts'
import {untilThere} from '../../src/source/just-pushed.ts'
import {testClock} from '../support/test-clock.ts'

/** Answers `failures`, then a value. */
function answers(...failures: readonly Error[]) {
  const clock = testClock()
  let asked = 0
  const wait = untilThere({clock, signal: new AbortController().signal})
  const run = (): Promise<string> =>
    wait(async () => {
      const failure = failures[asked]
      asked += 1
      if (failure) throw failure
      return 'there'
    })
  return {run, clock, asked: () => asked}
}

const absent = (code: 'not-found' | 'blob-missing' = 'not-found') => new SourceError(code, 'not here')

describe('what was just pushed', () => {
  test.each(['not-found', 'blob-missing'] as const)('is found where it comes late (%s)', async code => {
    const {run, clock} = answers(absent(code), absent(code))
    expect(await run()).toBe('there')
    expect(clock.pauses).toEqual([500, 1000])
  })

  test('and never comes is told after 15 seconds at most', async () => {
    const never = absent()
    const {run, clock, asked} = answers(...Array.from({length: 9}, () => never))
    await expect(run()).rejects.toBe(never)
    expect([clock.pauses, asked()]).toEqual([[500, 1000, 2000, 4000], 5])
  })

  test('is waited for 15 seconds in all', async () => {
    const {run, clock} = answers(...Array.from({length: 20}, () => absent()))
    for (const _ of [1, 2, 3]) await expect(run()).rejects.toMatchObject({code: 'not-found'})
    expect(clock.now()).toBeLessThanOrEqual(15_000)
  })

  test.each([new SourceError('denied', 'no'), new SourceError('unavailable', 'down'), new Error('bug')])(
    '%s is told at once',
    async failure => {
      const {run, asked} = answers(failure)
      await expect(run()).rejects.toBe(failure)
      expect(asked()).toBe(1)
    },
  )

  test('is not waited for by a run that is cancelled', async () => {
    const wait = untilThere({clock: SYSTEM_CLOCK, signal: AbortSignal.abort()})
    await expect(wait(() => Promise.reject(absent()))).rejects.toMatchObject({code: 'aborted'})
  })
})
