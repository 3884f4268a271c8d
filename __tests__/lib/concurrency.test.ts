import {expect, test} from '@jest/globals'
import {createLimiter} from '../../src/lib/concurrency.ts'

function deferred() {
  let resolve = (): void => {}
  const promise = new Promise<void>(done => {
    resolve = done
  })
  return {promise, resolve}
}

test('at most so many tasks run at once, and all run', async () => {
  const limiter = createLimiter(2)
  const gates = [deferred(), deferred(), deferred(), deferred()]
  let running = 0
  let most = 0
  const tasks = gates.map((gate, index) =>
    limiter(async () => {
      running += 1
      most = Math.max(most, running)
      await gate.promise
      running -= 1
      return index
    }),
  )
  await Promise.resolve()
  expect(running).toBe(2)
  for (const gate of gates) gate.resolve()
  expect(await Promise.all(tasks)).toEqual([0, 1, 2, 3])
  expect(most).toBe(2)
})

test('a task that fails makes room for the next', async () => {
  const limiter = createLimiter(1)
  const failing = limiter(async () => {
    throw new Error('no')
  })
  const next = limiter(async () => 'yes')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('yes')
})
