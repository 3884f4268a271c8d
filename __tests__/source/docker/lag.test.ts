import {expect, test} from '@jest/globals'
import {SourceError} from '../../../src/errors.ts'
import {pauseUnder, untilFound} from '../../../src/source/docker/lag.ts'

/** Answers `failures`, then a value. */
function answers(...failures: Error[]) {
  const pauses: number[] = []
  let asked = 0
  const ask = async (): Promise<string> => {
    const failure = failures[asked]
    asked += 1
    if (failure) throw failure
    return 'there'
  }
  const run = () =>
    untilFound(ask, async ms => {
      pauses.push(ms)
    })
  return {run, pauses, asked: () => asked}
}

const ABSENT = new SourceError('not-found', 'not found')

test('what comes late is found', async () => {
  const {run, pauses} = answers(ABSENT, ABSENT)
  expect(await run()).toBe('there')
  expect(pauses).toEqual([1000, 2000])
})

test('what never comes is told after a bounded time', async () => {
  const {run, pauses, asked} = answers(...Array.from({length: 9}, () => ABSENT))
  await expect(run()).rejects.toBe(ABSENT)
  expect([pauses, asked()]).toEqual([[1000, 2000, 4000], 4])
})

test.each([new SourceError('denied', 'no'), new SourceError('unavailable', 'down'), new Error('bug')])(
  '%s is told at once',
  async failure => {
    const {run, asked} = answers(failure)
    await expect(run()).rejects.toBe(failure)
    expect(asked()).toBe(1)
  },
)

test('a cancelled run does not wait', async () => {
  await expect(pauseUnder(AbortSignal.abort())(60_000)).rejects.toMatchObject({code: 'aborted'})
  await pauseUnder(new AbortController().signal)(1)
})
