import {afterEach, beforeEach, expect, jest, test} from '@jest/globals'
import {keepWaits} from '../../src/net/waits.ts'

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
