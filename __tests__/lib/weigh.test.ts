import {expect, test} from '@jest/globals'
import {weigh} from '../../src/lib/weigh.ts'

test.each<[value: unknown, size: number]>([
  [undefined, 0],
  [null, 0],
  [7, 0],
  [7n, 0],
  [true, 0],
  ['', 20],
  ['text', 24],
  [{}, 40],
  [[], 40],
  [['a', 'bc'], 40 + 8 + 21 + 8 + 22],
  [{kind: 'other', identity: {kind: 'empty'}}, 40 + 8 + 25 + 8 + 40 + 8 + 25],
  [Uint8Array.of(1, 2, 3), 43],
])('%p', (value, size) => {
  expect(weigh(value)).toBe(size)
})
