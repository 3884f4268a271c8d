import {beforeEach, describe, expect, test} from '@jest/globals'
import {runCases} from '../../scripts/mutants/run-cases.ts'
import * as suite from '../../scripts/mutants/suite.ts'

const log: string[] = []
const says = (word: string) => () => void log.push(word)

// As a file of tests would have it.
suite.beforeAll(says('before'))
suite.afterAll(says('after'))
suite.test('first', says('first'))
suite.test('first', says('first again'))
suite.describe('group', () => {
  suite.beforeAll(says('before group'))
  suite.beforeEach(says('before each'))
  suite.afterEach(says('after each'))
  suite.afterAll(says('after group'))
  suite.test.each([['a', 1], 'b'])('%s and %d', (name, number) => void log.push(`${name} ${number}`))
  suite.test('fails', async () => suite.expect(1).toBe(2))
})
suite.describe.each([['x'], ['y']])('of %s', name => {
  suite.test('one', says(`one of ${name}`))
})
suite.describe('a group that cannot begin', () => {
  suite.beforeAll(() => {
    throw new Error('no room')
  })
  suite.test('never', says('never'))
})

const cases = suite.allCases()
const named = (...names: readonly string[]) => cases.filter(({id}) => names.includes(id.trim()))

beforeEach(() => {
  log.length = 0
})

describe('tests in this process', () => {
  test('have names of their own', () => {
    expect(cases.map(({id}) => id.trim())).toEqual([
      ...['first', 'first (2)', 'group a and 1', 'group b and %d', 'group fails'],
      ...['of x one', 'of y one', 'a group that cannot begin never'],
    ])
  })

  test('run with the hooks of their groups, and say how they ended', async () => {
    const ended = await runCases(cases)
    expect(log).toEqual([
      ...['before', 'first', 'first again', 'before group', 'before each', 'a 1', 'after each'],
      ...['before each', 'b undefined', 'after each', 'before each', 'after group', 'one of x', 'one of y', 'after'],
    ])
    expect(ended.map(({failure}) => failure?.split('\n')[0])).toEqual([
      ...Array(4).fill(undefined),
      expect.stringContaining('expect('),
      ...[undefined, undefined, 'Error: no room'],
    ])
  })

  test('run again, some of them alone', async () => {
    for (let time = 0; time < 2; time += 1) {
      log.length = 0
      await runCases(named('of y one', 'group a and 1'))
      expect(log).toEqual([
        ...['before', 'before group', 'before each', 'a 1', 'after each', 'after group', 'one of y', 'after'],
      ])
    }
  })

  test('are told before they run, and no more run than are needed', async () => {
    const told: string[] = []
    const ended = await runCases(cases, {
      onBefore: ({name}) => told.push(`before ${name.trim()}`.trim()),
      onTest: ({id}) => told.push(id.trim()),
      isEnough: ({failure}) => failure !== undefined,
    })
    expect(told).toEqual([
      ...['before', 'first', 'first (2)', 'before group', 'group a and 1', 'group b and %d', 'group fails'],
    ])
    expect(ended).toHaveLength(5)
    expect(log.at(-1)).toBe('after')
  })
})
