import {describe, expect, test} from '@jest/globals'
import {orderTests, type Reach, remember} from '../../scripts/mutants/order.ts'

const reach = (id: string, rarest: number, milliseconds = 1): Reach => ({id, rarest, milliseconds})
const ids = (tests: readonly Reach[]): string => tests.map(({id}) => id).join(' ')

describe('the order of the tests that reach place 10', () => {
  test.each<[what: string, tests: readonly Reach[], seen: string[], expected: string]>([
    ['none', [], [], ''],
    ['near places first, before or behind', [reach('a', 20), reach('b', 11), reach('c', 7)], [], 'b c a'],
    ['of one place the fastest', [reach('a', 3, 8), reach('b', 3, 2)], [], 'b a'],
    [
      'each place in its turn',
      [reach('a1', 10, 1), reach('a2', 10, 2), reach('a3', 10, 3), reach('b1', 4, 4), reach('b2', 4, 5)],
      [],
      'a1 b1 a2 b2 a3',
    ],
    ['slow ones last, however near', [reach('a', 10, 201), reach('b', 90, 200)], [], 'b a'],
    [
      'those that saw others before all, the latest first',
      [reach('a', 10), reach('b', 11, 900), reach('c', 12)],
      ['c', 'elsewhere', 'b'],
      'c b a',
    ],
  ])('%s', (_what, tests, seen, expected) => {
    expect(ids(orderTests(tests, 10, seen))).toBe(expected)
  })

  test('the last that saw a change is the first that is remembered, and twelve are', () => {
    expect(remember(['a', 'b', 'c'], 'c')).toEqual(['c', 'a', 'b'])
    const many = Array.from({length: 12}, (_, at) => String(at))
    expect(remember(many, 'new')).toEqual(['new', ...many.slice(0, 11)])
  })
})
