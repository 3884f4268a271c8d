import {createHash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {Ajv2020} from 'ajv/dist/2020.js'
import fc from 'fast-check'
import {canonicalJson} from '../../src/lib/canonical-json.ts'
import {type Configuration, withDigest} from '../../src/report/configuration.ts'
import {renderPredicate} from '../../src/report/predicate.ts'
import type {Report, ReportImage} from '../../src/report/report.ts'
import {goldenText} from '../support/golden.ts'
import {hostileText} from '../support/hostile-text.ts'
import {parseRunnerCommands} from '../support/runner-commands.ts'
import {
  ALL_MATCH,
  FOREIGN_PROGRAM,
  hostileReport,
  NOT_CHECKED,
  NOTHING,
  ONE_UNREAD,
  SAMPLE_REPORTS,
  SEVERAL_IMAGES,
  TOLERATED,
} from '../support/sample-reports.ts'

const SCHEMA: unknown = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'schema', 'predicate-v1.schema.json'), 'utf8'),
)
const REPORT_SCHEMA: unknown = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'schema', 'report-v1.schema.json'), 'utf8'),
)
const validate = new Ajv2020({allErrors: true, allowUnionTypes: true})
  .addSchema(Object(REPORT_SCHEMA))
  .compile(Object(SCHEMA))

const predicateOf = (report: Report, image?: ReportImage) => JSON.parse(renderPredicate(report, image))

/** A report, made with other settings: it is not judged anew. */
const withSettings = (report: Report, settings: Partial<Configuration>): Report => {
  const {digest: _, ...configuration} = report.configuration
  return {...report, configuration: withDigest({...configuration, ...settings})}
}

test.each(['foreign program', 'tolerated', 'suppressed', 'not checked', 'one unread'])('golden: %s', name => {
  const report = SAMPLE_REPORTS[name] ?? FOREIGN_PROGRAM
  const predicate = renderPredicate(report, report.images[report.images.length === 3 ? 1 : 0])
  expect(predicate).toBe(goldenText(`report/golden/${name.replaceAll(' ', '-')}.predicate.txt`, predicate))
  if (!validate(JSON.parse(predicate))) throw new Error(JSON.stringify(validate.errors, null, 2))
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

  test.each<[string, Report, ReportImage | undefined, string, string[], string[], string[]]>([
    ['all match', ALL_MATCH, undefined, 'PASSED', ['linux/amd64', 'linux/arm64', 'linux/arm/v7', 'image'], [], []],
    [
      'errors',
      FOREIGN_PROGRAM,
      undefined,
      'FAILED',
      ['linux/amd64', 'linux/arm/v7', 'image'],
      [],
      ['linux/arm64', 'linux/riscv64'],
    ],
    [
      'errors where the job was told not to fail',
      withSettings(FOREIGN_PROGRAM, {failOn: 'never'}),
      undefined,
      'FAILED',
      ['linux/amd64', 'linux/arm/v7', 'image'],
      [],
      ['linux/arm64', 'linux/riscv64'],
    ],
    ['a warning', onlyWarnings, undefined, 'WARNED', ['linux/amd64', 'linux/arm/v7', 'image'], ['linux/arm64'], []],
    [
      'a warning that fails',
      withSettings(onlyWarnings, {failOn: 'warning'}),
      undefined,
      'FAILED',
      ['linux/amd64', 'linux/arm/v7', 'image'],
      [],
      ['linux/arm64'],
    ],
    [
      'a platform that is not there fails whatever its finding is',
      asWarning,
      undefined,
      'FAILED',
      ['linux/amd64', 'image'],
      ['linux/arm/v7'],
      ['linux/arm64', 'linux/riscv64'],
    ],
    ['the first of several images', SEVERAL_IMAGES, undefined, 'PASSED', ['linux/amd64', 'image'], [], []],
    ['another of them, undetermined', SEVERAL_IMAGES, worker, 'WARNED', ['image'], ['linux/amd64', 'linux/arm64'], []],
    [
      'undetermined with the rule off',
      {...SEVERAL_IMAGES, findings: []},
      worker,
      'WARNED',
      ['image'],
      ['linux/amd64', 'linux/arm64'],
      [],
    ],
    [
      'an error of the index',
      ofIndex,
      undefined,
      'FAILED',
      ['linux/amd64', 'linux/arm64', 'linux/arm/v7'],
      [],
      ['image'],
    ],
    ['no image', NOTHING, undefined, 'FAILED', [], [], []],
    [
      'what is tolerated fails',
      TOLERATED,
      undefined,
      'FAILED',
      ['linux/amd64', 'linux/arm/v7', 'image'],
      [],
      ['linux/arm64', 'linux/riscv64'],
    ],
    ['what is not checked', NOT_CHECKED, undefined, 'WARNED', ['image'], ['windows/amd64'], []],
    [
      'what is not checked where it fails',
      withSettings(NOT_CHECKED, {onUndetermined: 'fail'}),
      undefined,
      'FAILED',
      ['image'],
      [],
      ['windows/amd64'],
    ],
    ['what could not be read', ONE_UNREAD, ONE_UNREAD.images[1], 'FAILED', [], [], ['image']],
  ])('%s', (_, report, image, result, passedTests, warnedTests, failedTests) => {
    expect(predicateOf(report, image)).toMatchObject({result, passedTests, warnedTests, failedTests})
  })
})

test('names the subject and its platforms by their digests', () => {
  const {subject, tests} = predicateOf(ALL_MATCH).verifyImageArch
  expect(subject).toEqual({name: 'ghcr.io/org/app', digest: {sha256: '01'.repeat(32)}})
  expect(tests.map(({digest}: {digest: unknown}) => digest)).toEqual(
    ['a1', 'a2', 'a3', '01'].map(byte => ({sha256: byte.repeat(32)})),
  )
})

test('the digest of the configuration is that of its annotations as canonical JSON', () => {
  const [configuration] = predicateOf(TOLERATED).configuration
  expect(configuration.annotations.rules).toEqual({
    'page-size': 'note',
    'platform-missing': 'warning',
    'wrong-machine': 'off',
  })
  const sha256 = createHash('sha256').update(canonicalJson(configuration.annotations)).digest('hex')
  expect(configuration.digest).toEqual({sha256})
  expect(TOLERATED.configuration.digest).toBe(`sha256:${sha256}`)
})

test('rules that are lowered or off are named, with how much they hide', () => {
  expect(predicateOf(TOLERATED).verifyImageArch.tolerances).toEqual([
    {rule: 'page-size', setting: 'note', found: 0},
    {rule: 'platform-missing', setting: 'warning', found: 1},
    {rule: 'wrong-machine', setting: 'off', found: 1},
  ])
  expect(predicateOf(FOREIGN_PROGRAM).verifyImageArch.tolerances).toEqual([])
})

test('what an image says is no command', () => {
  fc.assert(
    fc.property(fc.array(hostileText, {minLength: 1, maxLength: 6}), texts => {
      expect(parseRunnerCommands(renderPredicate(hostileReport(texts)))).toEqual([])
    }),
  )
})
