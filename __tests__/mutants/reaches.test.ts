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
  expect(reaches.tests.map(({id, file, places, milliseconds}) => [id, file, places, milliseconds])).toEqual([
    ['a', 'a.test.ts', 2, 4],
    ['b', 'b.test.ts', 1, 5],
    ['reaches nothing', 'reaches nothing.test.ts', 0, 6],
  ])
  expect([1, 2, 9].map(place => hitLimitOf(reaches, String(place)))).toEqual([12_000, 60_000, 10_000])
})
