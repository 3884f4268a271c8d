import {describe, expect, test} from '@jest/globals'
import {cancelled, SourceError, UsageError} from '../../src/errors.ts'
import {type LimitTime, parseTime, withinTime} from '../../src/pipeline/time-limit.ts'

describe('how a time is written', () => {
  test.each<[string, number | undefined]>([
    ['0', 0],
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['2h', 7_200_000],
    ['24h', 86_400_000],
    ['1440m', 86_400_000],
    ['25h', undefined],
    ['86401s', undefined],
    ['0s', undefined],
    ['1', undefined],
    ['1.5h', undefined],
    ['-1s', undefined],
    ['1d', undefined],
    ['', undefined],
    ['1 h', undefined],
    ['99999999s', undefined],
  ])('%j', (text, expected) => {
    expect(parseTime(text)).toBe(expected)
  })
})

describe('a run within its time', () => {
  const times: number[] = []
  const stopped: string[] = []
  const limit = (isUp: boolean, waitedFor?: string): LimitTime => {
    return milliseconds => {
      times.push(milliseconds)
      return {isUp: () => isUp, waitedFor: () => waitedFor, stop: () => stopped.push('stopped')}
    }
  }

  test('gives what it gives, and ends the clock', async () => {
    expect(await withinTime(90_000, limit(false), async () => 7)).toBe(7)
    expect([times.splice(0), stopped.splice(0)]).toEqual([[90_000], ['stopped']])
  })

  test('counts nothing without a limit', async () => {
    expect(await withinTime(0, limit(true), async () => 7)).toBe(7)
    expect(times).toEqual([])
  })

  test.each<[limit: number, waitedFor: string | undefined, message: string]>([
    [90_000, 'r.test: GET /v2/', 'the check was not over after 90 s; it was waiting for r.test: GET /v2/'],
    [120_000, 'docker pull', 'the check was not over after 2 min; it was waiting for docker pull'],
    [
      3_600_000,
      undefined,
      'the check was not over after 1 h; it was not waiting for a registry or for docker, but reading what it has',
    ],
  ])('says after %d ms what it was waiting for', async (milliseconds, waitedFor, message) => {
    const run = withinTime(milliseconds, limit(true, waitedFor), () => Promise.reject(cancelled()))
    const thrown: unknown = await run.catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(SourceError)
    expect(thrown).toMatchObject({code: 'unavailable', message, hint: expect.stringContaining('--timeout')})
  })

  test.each<[string, Error]>([
    ['a signal', cancelled()],
    ['a mistake', new UsageError('x')],
  ])('leaves %s as it is', async (_, error) => {
    await expect(withinTime(1000, limit(false), () => Promise.reject(error))).rejects.toBe(error)
  })
})
