import {afterEach, beforeEach, expect, jest, test} from '@jest/globals'
import {tellingPauses} from '../../src/net/clock.ts'
import {keepWaits} from '../../src/net/waits.ts'
import {testClock} from '../support/test-clock.ts'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

test('what takes long is told, again and again, until it is over', () => {
  const told: string[] = []
  const waits = keepWaits(message => told.push(message))
  const over = waits.begin('r.test: GET /v2/')
  jest.advanceTimersByTime(9_999)
  expect(told).toEqual([])
  jest.advanceTimersByTime(1)
  expect(told).toEqual(['still waiting for r.test: GET /v2/ (10 s)'])
  jest.advanceTimersByTime(30_000)
  expect(told).toHaveLength(2)
  over()
  jest.advanceTimersByTime(300_000)
  expect(told).toHaveLength(2)
})

test('the first that is not over is what a run waits for', () => {
  const waits = keepWaits(() => undefined)
  const first = waits.begin('one')
  waits.begin('two')
  expect(waits.first()).toBe('one')
  first()
  expect(waits.first()).toBe('two')
})

test('of what others tell nothing is told, and it is waited for all the same', () => {
  const told: string[] = []
  const waits = keepWaits(message => told.push(message))
  const over = waits.begin('the rest of a large layer', true)
  jest.advanceTimersByTime(60_000)
  expect(told).toEqual([])
  expect(waits.first()).toBe('the rest of a large layer')
  over()
  expect(waits.first()).toBeUndefined()
})

test('a pause is waited for, until it is over or broken off', async () => {
  const waits = keepWaits(() => undefined)
  const {signal} = new AbortController()
  const seen: (string | undefined)[] = []
  const clock = (end: () => Promise<void>) => {
    const sleep = (): Promise<void> => {
      seen.push(waits.first())
      return end()
    }
    return tellingPauses({...testClock(), sleep}, waits, 'r.test, after a pause')
  }
  await clock(() => Promise.resolve()).sleep(1, signal)
  await expect(clock(() => Promise.reject(new Error('x'))).sleep(1, signal)).rejects.toThrow('x')
  expect(seen).toEqual(['r.test, after a pause', 'r.test, after a pause'])
  expect(waits.first()).toBeUndefined()
})
