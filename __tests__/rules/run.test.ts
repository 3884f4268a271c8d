import {expect, test} from '@jest/globals'
import type {Rule} from '../../src/rules/rule.ts'
import {runRules} from '../../src/rules/run.ts'
import {testFacts, testPlatformFacts, testStep} from '../support/facts.ts'

const says = (id: string, level: Rule['level'], levels: readonly (Rule['level'] | undefined)[]): Rule => ({
  id,
  level,
  summary: 'It says something.',
  checkAll: () =>
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

test('a fault of a program that is started twice is told once, and others beside it', () => {
  const rule: Rule = {
    id: 'a',
    level: 'error',
    summary: 'It says something.',
    checkStep: ({step: {path, via}}) => ({message: `${path} (${via})`, evidence: {via}}),
  }
  const steps = ['exec', 'exec', 'job', 'exec'].map(via => testStep({via}))
  const platform = testPlatformFacts('linux/arm64', {steps})
  const messages = runRules([rule], testFacts([platform]), new Map()).map(({message}) => message)
  expect(messages).toEqual(['/app (exec)', '/app (job)'])
})

test('of one rule the steps come first, then the platforms, then the whole', () => {
  const rule: Rule = {
    id: 'a',
    level: 'warning',
    summary: 'It says something.',
    checkStep: ({name}) => ({message: `step of ${name}`, evidence: {}}),
    *checkPlatform({name}) {
      yield {message: name, evidence: {}}
    },
    *checkAll() {
      yield {message: 'all', image: 'app:1', evidence: {}}
    },
  }
  const platforms = ['linux/arm64', 'linux/amd64'].map(name => testPlatformFacts(name, {steps: [testStep()]}))
  const messages = (settings: ReadonlyMap<string, 'off'>) =>
    runRules([rule], testFacts(platforms), settings).map(({message}) => message)
  expect(messages(new Map())).toEqual([
    ...['step of linux/arm64', 'step of linux/amd64'],
    ...['linux/arm64', 'linux/amd64', 'all'],
  ])
  expect(messages(new Map([['a', 'off']]))).toEqual([])
})

test('a step that is not sure to be taken makes the finding a warning, unless the rule says more', () => {
  const says = (level: Rule['level'] | undefined): Rule => ({
    id: 'a',
    level: 'error',
    summary: 'It says something.',
    checkStep: () => ({message: '', evidence: {}, ...(level ? {level} : {})}),
  })
  const steps = [testStep({path: '/a', certainty: 'certain'}), testStep({path: '/b', certainty: 'likely'})]
  const levels = (rule: Rule) =>
    runRules([rule], testFacts([testPlatformFacts('linux/arm64', {steps})]), new Map()).map(({level}) => level)
  expect(levels(says(undefined))).toEqual(['error', 'warning'])
  expect(levels(says('error'))).toEqual(['error', 'error'])
  expect(levels(says('note'))).toEqual(['note', 'note'])
})
