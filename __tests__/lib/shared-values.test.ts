import {expect, test} from '@jest/globals'
import {sharedValues} from '../../src/lib/shared-values.ts'

test('gives the first of equal values', () => {
  const share = sharedValues<{readonly a: number; readonly b: readonly string[]}>()
  const first = share({a: 1, b: ['x']})
  expect(share({a: 1, b: ['x']})).toBe(first)
  for (const other of [
    {a: 1, b: []},
    {a: 2, b: ['x']},
    {a: 1, b: ['x', 'x']},
  ]) {
    expect(share(other)).toBe(other)
  }
})

test('keeps no more than its limit, and gives every value all the same', () => {
  const share = sharedValues<{readonly a: number}>(2)
  const [one, two, three] = [1, 2, 3].map(a => share({a}))
  expect([share({a: 1}), share({a: 2})]).toEqual([one, two])
  expect(share({a: 1})).toBe(one)
  const again = share({a: 3})
  expect(again).toEqual(three)
  expect(again).not.toBe(three)
})
