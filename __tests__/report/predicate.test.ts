import {createHash} from 'node:crypto'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {DEFAULT_LIMITS} from '../../src/lib/limits.ts'
import {type PredicateOptions, renderPredicate} from '../../src/report/predicate.ts'
import type {Report} from '../../src/report/report.ts'
import {goldenText} from '../support/golden.ts'
import {hostileText} from '../support/hostile-text.ts'
import {parseRunnerCommands} from '../support/runner-commands.ts'
import {ALL_MATCH, FOREIGN_PROGRAM, hostileReport, NOTHING, SEVERAL_IMAGES} from '../support/sample-reports.ts'

const RULES = [
  {id: 'wrong-machine', level: 'error'},
  {id: 'undetermined', level: 'off'},
] as const

const predicateOf = (report: Report, options?: PredicateOptions) => JSON.parse(renderPredicate(report, options))

test('golden: foreign program', () => {
  const predicate = renderPredicate(FOREIGN_PROGRAM, {failOn: 'error', rules: RULES})
  expect(predicate).toBe(goldenText('report/golden/foreign-program.predicate.txt', predicate))
})

describe('a test for each platform, and one for the whole image', () => {
  const [, worker] = SEVERAL_IMAGES.images
  const asWarning = {
    ...FOREIGN_PROGRAM,
    findings: FOREIGN_PROGRAM.findings.map(finding => ({...finding, level: 'warning' as const})),
  }
  const onlyWarnings = {...ALL_MATCH, findings: asWarning.findings.slice(0, 1)}
  const ofIndex = {
    ...ALL_MATCH,
    findings: FOREIGN_PROGRAM.findings.slice(0, 1).map(({platform: _, ...finding}) => finding),
  }

  test.each<[string, Report, PredicateOptions, string, string[], string[], string[]]>([
    ['all match', ALL_MATCH, {}, 'PASSED', ['linux/amd64', 'linux/arm64', 'linux/arm/v7', 'image'], [], []],
    [
      'errors',
      FOREIGN_PROGRAM,
      {},
      'FAILED',
      ['linux/amd64', 'linux/arm/v7', 'image'],
      [],
      ['linux/arm64', 'linux/riscv64'],
    ],
    [
      'errors where the job was told not to fail',
      FOREIGN_PROGRAM,
      {failOn: 'never'},
      'FAILED',
      ['linux/amd64', 'linux/arm/v7', 'image'],
      [],
      ['linux/arm64', 'linux/riscv64'],
    ],
    ['a warning', onlyWarnings, {}, 'WARNED', ['linux/amd64', 'linux/arm/v7', 'image'], ['linux/arm64'], []],
    [
      'a warning that fails',
      onlyWarnings,
      {failOn: 'warning'},
      'FAILED',
      ['linux/amd64', 'linux/arm/v7', 'image'],
      [],
      ['linux/arm64'],
    ],
    [
      'a platform that is not there fails whatever its finding is',
      asWarning,
      {},
      'FAILED',
      ['linux/amd64', 'image'],
      ['linux/arm/v7'],
      ['linux/arm64', 'linux/riscv64'],
    ],
    ['the first of several images', SEVERAL_IMAGES, {}, 'PASSED', ['linux/amd64', 'image'], [], []],
    [
      'another of them, undetermined',
      SEVERAL_IMAGES,
      worker === undefined ? {} : {image: worker},
      'WARNED',
      ['image'],
      ['linux/amd64', 'linux/arm64'],
      [],
    ],
    [
      'undetermined with the rule off',
      {...SEVERAL_IMAGES, findings: []},
      worker === undefined ? {} : {image: worker},
      'WARNED',
      ['image'],
      ['linux/amd64', 'linux/arm64'],
      [],
    ],
    ['an error of the index', ofIndex, {}, 'FAILED', ['linux/amd64', 'linux/arm64', 'linux/arm/v7'], [], ['image']],
    ['no image', NOTHING, {}, 'FAILED', [], [], []],
  ])('%s', (_, report, options, result, passedTests, warnedTests, failedTests) => {
    expect(predicateOf(report, options)).toMatchObject({result, passedTests, warnedTests, failedTests})
  })
})

test('names the subject and its platforms by their digests', () => {
  const {subject, tests} = predicateOf(ALL_MATCH).verifyImageArch
  expect(subject).toEqual({name: 'ghcr.io/org/app', digest: {sha256: '01'.repeat(32)}})
  expect(tests.map(({digest}: {digest: unknown}) => digest)).toEqual(
    ['a1', 'a2', 'a3', '01'].map(byte => ({sha256: byte.repeat(32)})),
  )
})

test('the digest of the configuration is that of its annotations, in whatever order the rules are given', () => {
  const [configuration] = predicateOf(ALL_MATCH, {rules: RULES}).configuration
  expect(configuration.annotations).toEqual({
    version: '1.2.3',
    failOn: 'error',
    rules: {undetermined: 'off', 'wrong-machine': 'error'},
  })
  expect(configuration.digest.sha256).toBe(
    createHash('sha256').update(JSON.stringify(configuration.annotations)).digest('hex'),
  )
  expect(predicateOf(ALL_MATCH, {rules: RULES.toReversed()}).configuration).toEqual([configuration])
})

test('limits that were raised are told, and the others are not', () => {
  const [usual] = predicateOf(ALL_MATCH, {limits: DEFAULT_LIMITS}).configuration
  expect(usual).toEqual(predicateOf(ALL_MATCH).configuration[0])
  const limits = {...DEFAULT_LIMITS, 'layer-bytes': 2 ** 40, 'index-depth': 5}
  const [raised] = predicateOf(ALL_MATCH, {limits}).configuration
  expect(raised.annotations).toEqual({...usual.annotations, limits: {'index-depth': 5, 'layer-bytes': 2 ** 40}})
  expect(raised.digest.sha256).not.toBe(usual.digest.sha256)
})

test('what an image says is no command', () => {
  fc.assert(
    fc.property(fc.array(hostileText, {minLength: 1, maxLength: 6}), texts => {
      expect(parseRunnerCommands(renderPredicate(hostileReport(texts)))).toEqual([])
    }),
  )
})
