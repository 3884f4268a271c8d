import {expect, test} from '@jest/globals'
import {readResults, trialKey} from '../../scripts/hostile/results.ts'
import {ALL_TRIALS} from '../../scripts/hostile/shapes/index.ts'
import {MOST_MEMORY, mostTime} from '../../scripts/hostile/trial.ts'
import {UNMEASURED} from '../../scripts/hostile/unmeasured.ts'
import {LIMIT_NAMES} from '../../src/lib/limits.ts'

const {trials} = readResults()

test('each limit was measured, or there is a reason why not', () => {
  const measured = new Set(trials.flatMap(({limit}) => limit ?? []))
  expect(LIMIT_NAMES.filter(name => measured.has(name) === Object.hasOwn(UNMEASURED, name))).toEqual([])
})

test('what was measured is one of the trials, and of the same limit', () => {
  const limits = new Map(ALL_TRIALS.map(({name, way, limit}) => [`${name} (${way})`, limit]))
  expect(trials.filter(({name, way, limit}) => limits.get(`${name} (${way})`) !== limit)).toEqual([])
  expect(limits.size).toBe(ALL_TRIALS.length)
})

test('no trial took more than is promised', () => {
  const seconds = new Map(ALL_TRIALS.map(trial => [trialKey(trial), mostTime(trial) / 1000]))
  const mebibytes = MOST_MEMORY / 2 ** 20
  const over = trials.filter(one => one.seconds > (seconds.get(trialKey(one)) ?? 0) || one.mebibytes > mebibytes)
  expect(over).toEqual([])
})
