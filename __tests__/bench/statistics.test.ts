import {describe, expect, test} from '@jest/globals'
import {growthExponent, median} from '../../bench/report/statistics.ts'

describe('the median', () => {
  test.each([
    ['of none', [], 0],
    ['of one', [7], 7],
    ['of three, in any order', [9, 1, 5], 5],
    ['by numbers, not by texts', [100, 9, 20], 20],
    ['of an even number the upper of the two', [4, 1, 3, 2], 3],
  ])('%s', (_, numbers, expected) => expect(median(numbers)).toBe(expected))

  test('leaves the numbers in their order', () => {
    const numbers = [3, 1, 2]
    median(numbers)
    expect(numbers).toEqual([3, 1, 2])
  })
})

describe('the exponent of growth', () => {
  const costs = (...pairs: readonly (readonly [size: number, cost: number])[]) =>
    pairs.map(([size, cost]) => ({size, cost}))

  test.each([
    ['linear', costs([1, 3], [10, 30], [100, 300]), 1],
    ['quadratic', costs([1, 2], [2, 8], [4, 32], [8, 128]), 2],
    ['constant', costs([1, 5], [10, 5], [1000, 5]), 0],
    ['a square root', costs([1, 1], [100, 10]), 0.5],
    // Of (0, 0), (1, 1), (2, 3) in powers of ten: the sum of products 3 by the sum of squares 2.
    ['the least squares line where points are on none', costs([1, 1], [10, 10], [100, 1000]), 1.5],
    ['what is not above zero is left out', costs([1, -0.5], [10, 0], [100, 2], [1000, 20]), 1],
  ])('%s', (_, given, expected) => expect(growthExponent(given)).toBeCloseTo(expected, 10))

  test.each([
    ['of nothing', costs()],
    ['of one size', costs([10, 4])],
    ['of one size twice', costs([10, 4], [10, 5])],
    ['where one cost is above zero', costs([1, 0], [10, 4])],
  ])('there is none %s', (_, given) => expect(growthExponent(given)).toBeUndefined())
})
