import {expect, test} from '@jest/globals'
import {settleAll, withCleanup, withRollback} from '../../src/lib/cleanup.ts'

const fails = (message: string) => async (): Promise<never> => {
  throw new Error(message)
}

test('the cleanup runs after a body that succeeds, and its failure counts', async () => {
  const order: string[] = []
  const value = await withCleanup(
    async () => {
      order.push('body')
      return 1
    },
    async () => {
      order.push('cleanup')
    },
  )
  expect([value, order]).toEqual([1, ['body', 'cleanup']])
  await expect(withCleanup(async () => 1, fails('left behind'))).rejects.toThrow('left behind')
})

test('the failure of the body is the one that is told', async () => {
  await expect(withCleanup(fails('cause'), fails('consequence'))).rejects.toThrow('cause')
  await expect(withRollback(fails('cause'), fails('consequence'))).rejects.toThrow('cause')
})

test('a rollback runs only where the body fails', async () => {
  let rolled = 0
  const rollback = async (): Promise<void> => {
    rolled += 1
  }
  expect(await withRollback(async () => 'kept', rollback)).toBe('kept')
  await expect(withRollback(fails('no'), rollback)).rejects.toThrow('no')
  expect(rolled).toBe(1)
})

test('all are waited for before the first failure is told', async () => {
  let ended = false
  const slow = new Promise<number>(resolve => {
    setImmediate(() => {
      ended = true
      resolve(2)
    })
  })
  await expect(settleAll([fails('first')(), slow, fails('second')()])).rejects.toThrow('first')
  expect(ended).toBe(true)
  expect(await settleAll([Promise.resolve(1), slow])).toEqual([1, 2])
})
