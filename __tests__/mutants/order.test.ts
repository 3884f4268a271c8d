import {describe, expect, test} from '@jest/globals'
import {orderTests, type Reach, remember} from '../../scripts/mutants/order.ts'

const reach = (id: string, places: number, milliseconds = 1): Reach => ({
  id,
  file: id.replace(/\d+$/, ''),
  places,
  milliseconds,
})
const ids = (tests: readonly Reach[]): string => tests.map(({id}) => id).join(' ')

describe('the order of the tests that reach a change', () => {
  test.each<[what: string, tests: readonly Reach[], seen: string[], expected: string]>([
    ['none', [], [], ''],
    ['the fewest places first', [reach('a1', 9), reach('a2', 3), reach('a3', 5)], [], 'a2 a3 a1'],
    ['of as many the fastest', [reach('a1', 3, 8), reach('a2', 3, 2)], [], 'a2 a1'],
    [
      'each file in its turn',
      [reach('a1', 1), reach('a2', 2), reach('a3', 3), reach('b1', 8), reach('b2', 9)],
      [],
      'a1 b1 a2 b2 a3',
    ],
    ['slow ones last, however little they reach', [reach('a1', 1, 201), reach('a2', 9, 200)], [], 'a2 a1'],
    [
      'those that saw others before all, the latest first',
      [reach('a1', 1), reach('a2', 2, 900), reach('b1', 3)],
      ['b1', 'elsewhere', 'a2'],
      'b1 a2 a1',
    ],
  ])('%s', (_what, tests, seen, expected) => {
    expect(ids(orderTests(tests, seen))).toBe(expected)
  })

  test('the last that saw a change is the first that is remembered, and twelve are', () => {
    expect(remember(['a', 'b', 'c'], 'c')).toEqual(['c', 'a', 'b'])
    const many = Array.from({length: 12}, (_, at) => String(at))
    expect(remember(many, 'new')).toEqual(['new', ...many.slice(0, 11)])
  })
})
