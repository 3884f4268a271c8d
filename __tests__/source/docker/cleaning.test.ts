import {afterEach, beforeEach, expect, jest, test} from '@jest/globals'
import {keepWaits} from '../../../src/net/waits.ts'
import {cleaningProcesses} from '../../../src/source/docker/cleaning.ts'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

function start() {
  const warned: string[] = []
  const controller = new AbortController()
  const waits = keepWaits(() => undefined)
  const processes = cleaningProcesses({
    ...{env: {A: '1'}, signal: controller.signal, run: 'run-1', waits},
    warn: message => warned.push(message),
  })
  return {...processes, warned, waits, cancel: () => controller.abort()}
}

test('a run that goes on may take as long as it likes to make and to remove', () => {
  const {creating, removing, warned} = start()
  removing.waits?.begin('docker rm x')
  jest.advanceTimersByTime(24 * 3600 * 1000)
  expect([creating.signal?.aborted, removing.signal?.aborted]).toEqual([false, false])
  expect(warned).toEqual([])
})

test('after a run that was cancelled, 10 s are left to make what was begun, and 30 s to remove it', () => {
  const {creating, removing, warned, cancel} = start()
  cancel()
  jest.advanceTimersByTime(9_999)
  expect(creating.signal?.aborted).toBe(false)
  jest.advanceTimersByTime(1)
  expect([creating.signal?.aborted, removing.signal?.aborted]).toEqual([true, false])
  jest.advanceTimersByTime(19_999)
  expect(removing.signal?.aborted).toBe(false)
  jest.advanceTimersByTime(1)
  expect(removing.signal?.aborted).toBe(true)
  // All was removed by then.
  expect(warned).toEqual([])
})

test('what is not removed in time is told, with the label to find it by', () => {
  const {removing, warned, waits, cancel} = start()
  const over = [removing.waits?.begin('docker rm a'), removing.waits?.begin('docker rm a')]
  expect(waits.first()).toBe('docker rm a')
  cancel()
  over[0]?.()
  jest.advanceTimersByTime(30_000)
  expect(warned).toEqual([
    'docker rm a did not end within 30 s: containers and images of this check may be left in the engine. ' +
      'Its containers carry the label io.github.verify-image-arch.run=run-1.',
  ])
  over[1]?.()
  expect(waits.first()).toBeUndefined()
})

test('a run that was cancelled before it began has the same time', () => {
  const processes = cleaningProcesses({env: {}, signal: AbortSignal.abort(), run: 'r', warn: () => undefined})
  jest.advanceTimersByTime(29_999)
  expect(processes.removing.signal?.aborted).toBe(false)
  jest.advanceTimersByTime(1)
  expect(processes.removing.signal?.aborted).toBe(true)
})
