import {expect, test} from '@jest/globals'
import type {Rule} from '../../src/rules/rule.ts'
import {runRules} from '../../src/rules/run.ts'
import {testFacts} from '../support/facts.ts'

const says = (id: string, level: Rule['level'], levels: readonly (Rule['level'] | undefined)[]): Rule => ({
  id,
  level,
  summary: 'It says something.',
  check: () =>
    levels.map((own, index) => ({
      image: 'app:1',
      message: `${id} ${index}`,
      evidence: {},
      ...(own === undefined ? {} : {level: own}),
    })),
})

const RULES = [says('b', 'warning', [undefined, 'note']), says('a', 'error', [undefined, 'warning'])]
const run = (settings: Readonly<Record<string, 'error' | 'warning' | 'note' | 'off'>>) =>
  runRules(RULES, testFacts([]), new Map(Object.entries(settings))).map(({level, message}) => `${level} ${message}`)

test('the gravest come first, then the order of the rules', () => {
  expect(run({})).toEqual(['error a 0', 'warning b 0', 'warning a 1', 'note b 1'])
})

test('a setting holds for all findings of a rule', () => {
  expect(run({a: 'note'})).toEqual(['warning b 0', 'note b 1', 'note a 0', 'note a 1'])
  expect(run({a: 'off', b: 'off'})).toEqual([])
})

test('a finding names its rule and where it is explained', () => {
  const [finding] = runRules(RULES, testFacts([]), new Map())
  expect(finding).toEqual({
    rule: 'a',
    level: 'error',
    image: 'app:1',
    message: 'a 0',
    evidence: {},
    help: expect.stringMatching(/\/docs\/rules\/a\.md$/),
  })
})
