import {expect, test} from '@jest/globals'
import {hitLimitOf, reachesOf} from '../../scripts/mutants/reaches.ts'
import type {Case} from '../../scripts/mutants/suite.ts'

const one = (id: string): Case => ({
  id,
  file: `${id}.test.ts`,
  group: {name: '', parent: undefined, before: [], after: [], beforeEach: [], afterEach: []},
  body: () => undefined,
})

test('what the run without a change says of tests and places', () => {
  const ended = [
    {one: one('a'), milliseconds: 4, failure: undefined},
    {one: one('b'), milliseconds: 5, failure: undefined},
    {one: one('reaches nothing'), milliseconds: 6, failure: undefined},
  ]
  const reaches = reachesOf(ended, {static: {7: 1}, perTest: {a: {1: 3, 2: 500}, b: {1: 20}}})
  // Two tests reach place 1, one place 2.
  expect(reaches.tests).toEqual([
    {id: 'a', rarest: 2, milliseconds: 4},
    {id: 'b', rarest: 1, milliseconds: 5},
    {id: 'reaches nothing', rarest: -1, milliseconds: 6},
  ])
  expect([1, 2, 9].map(place => hitLimitOf(reaches, String(place)))).toEqual([12_000, 60_000, 10_000])
})
