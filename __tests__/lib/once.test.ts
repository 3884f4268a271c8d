import {expect, test} from '@jest/globals'
import {once} from '../../src/lib/once.ts'

test('what is made is made when it is first asked for, and once', () => {
  let calls = 0
  const make = once(() => {
    calls += 1
    return undefined
  })
  expect(calls).toBe(0)
  expect([make(), make()]).toEqual([undefined, undefined])
  expect(calls).toBe(1)
})

test('what fails is tried again', () => {
  let calls = 0
  const make = once(() => {
    calls += 1
    if (calls === 1) throw new Error('not yet')
    return calls
  })
  expect(make).toThrow('not yet')
  expect([make(), make()]).toEqual([2, 2])
})
