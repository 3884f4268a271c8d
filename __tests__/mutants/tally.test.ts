import {expect, test} from '@jest/globals'
import {tallyOf} from '../../scripts/mutants/tally.ts'

test('changes that count, and those that a limit cut off', () => {
  expect(
    tallyOf([
      {status: 'Killed', coveredBy: ['a', 'b'], testsCompleted: 1},
      {status: 'Timeout', coveredBy: ['a']},
      {status: 'Survived', coveredBy: ['a', 'b'], testsCompleted: 2},
      {status: 'Survived', coveredBy: ['a', 'b', 'c'], testsCompleted: 2},
      {status: 'NoCoverage', coveredBy: []},
      {status: 'Ignored'},
      {status: 'RuntimeError', coveredBy: ['a']},
    ]),
  ).toEqual({changes: 5, seen: 2, cutOff: 1, unreached: 1})
})
