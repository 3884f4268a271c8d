import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {Ajv2020} from 'ajv/dist/2020.js'
import fc from 'fast-check'
import type {Cause, ExplainedFinding} from '../../src/explain/index.ts'
import {renderJson} from '../../src/report/json.ts'
import type {Report} from '../../src/report/report.ts'
import {goldenText} from '../support/golden.ts'
import {hostileText} from '../support/hostile-text.ts'
import {parseRunnerCommands} from '../support/runner-commands.ts'
import {
  ALL_MATCH,
  DOCKERFILES,
  FOREIGN_PROGRAM,
  HOSTILE,
  hostileReport,
  SAMPLE_REPORTS,
  SUPPRESSED,
} from '../support/sample-reports.ts'

const SCHEMA: unknown = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'schema', 'report-v1.schema.json'), 'utf8'),
)
const validate = new Ajv2020({allErrors: true, allowUnionTypes: true}).compile(Object(SCHEMA))

test.each([
  ...['foreign program', 'several images', 'dockerfiles'],
  ...['tolerated', 'suppressed', 'not checked', 'one unread'],
])('golden: %s', name => {
  const json = renderJson(SAMPLE_REPORTS[name] ?? FOREIGN_PROGRAM)
  expect(json).toBe(goldenText(`report/golden/${name.replaceAll(' ', '-')}.json.txt`, json))
})

/** The kind of a cause is for the other renderings: its sentence says the same. */
function withoutKinds(report: Report) {
  const plain = ({kind: _, ...cause}: Cause) => cause
  const plainly = (finding: ExplainedFinding) => (finding.cause ? {...finding, cause: plain(finding.cause)} : finding)
  return {...report, findings: report.findings.map(plainly)}
}

test.each(Object.entries(SAMPLE_REPORTS))('says all that the report says: %s', (_, report) => {
  expect(JSON.parse(renderJson(report))).toEqual(withoutKinds(report))
})

test('the order of keys in the report does not matter', () => {
  expect(renderJson(reversed(FOREIGN_PROGRAM))).toBe(renderJson(FOREIGN_PROGRAM))
})

test('what an image says is no command to the runner, wherever it is printed', () => {
  fc.assert(
    fc.property(fc.array(hostileText, {minLength: 1, maxLength: 8}), texts => {
      const report = hostileReport(texts)
      expect(parseRunnerCommands(renderJson(report))).toEqual([])
      expect(JSON.parse(renderJson(report))).toEqual(withoutKinds(report))
    }),
  )
})

test('keys that mean something to JavaScript are kept', () => {
  const evidence = JSON.parse('{"__proto__": {"b": 1, "a": 2}, "constructor": "x"}')
  const [finding] = FOREIGN_PROGRAM.findings
  if (finding === undefined) throw new Error('the sample has a finding')
  expect(renderJson({...FOREIGN_PROGRAM, findings: [{...finding, evidence}]})).toContain(
    '"__proto__": {\n          "a": 2,',
  )
})

describe('the schema', () => {
  const problems = (value: unknown) =>
    validate(value) ? [] : (validate.errors ?? []).map(({instancePath}) => instancePath)
  const change = (edit: (report: Record<string, unknown>) => void): unknown => {
    const report = JSON.parse(renderJson(FOREIGN_PROGRAM))
    edit(report)
    return report
  }

  test.each(Object.entries(SAMPLE_REPORTS).filter(([, report]) => report !== HOSTILE))('takes %s', (_, report) => {
    expect(problems(JSON.parse(renderJson(report)))).toEqual([])
  })

  test('takes any text where an image chooses it', () => {
    const hostile = JSON.parse(renderJson(HOSTILE), (key, value) => (key === 'digest' ? undefined : value))
    const elsewhere = problems(hostile).filter(path => !/\/(?:layer|help|configuration)$/.test(path))
    expect(elsewhere).toEqual([])
  })

  test.each<[string, unknown, string]>([
    ['another version', change(report => (report.schemaVersion = 2)), '/schemaVersion'],
    ['a key that it does not know', change(report => (report.time = 'now')), ''],
    ['a verdict that it does not know', change(report => (report.verdict = 'maybe')), '/verdict'],
    ['no findings', change(report => delete report.findings), ''],
    [
      'a digest that is none',
      change(report => (report.images = [{reference: 'a', digest: 'sha256:1', platforms: []}])),
      '/images/0/digest',
    ],
    [
      'null for what is absent',
      change(report => (report.images = [{reference: 'a', name: null, platforms: []}])),
      '/images/0/name',
    ],
  ])('refuses %s', (_, report, path) => {
    expect(problems(report)).toContain(path)
  })

  test('has its keys in the order of the report', () => {
    const {properties, $defs} = Object(SCHEMA)
    const report: Report = FOREIGN_PROGRAM
    const [image] = report.images
    const [finding] = report.findings
    const json = JSON.parse(renderJson(report))
    const without = (keys: object, ...names: string[]) => Object.keys(keys).filter(key => !names.includes(key))
    expect(Object.keys(json)).toEqual(without(properties, 'policy', 'dockerfiles'))
    expect(Object.keys(json.images[0])).toEqual(without($defs.image.properties, 'problem', 'configuration', 'baseline'))
    const dark = without($defs.checkedPlatform.properties, 'tolerated', 'undetermined')
    expect(Object.keys(json.images[0].platforms[1])).toEqual(dark)
    expect(Object.keys(json.images[0].platforms[0].program.steps[1])).toEqual(without($defs.step.properties, 'service'))
    expect(Object.keys(json.findings[0])).toEqual(
      without($defs.finding.properties, 'ownLevel', 'suppressed', 'file', 'line', 'endLine', 'platforms', 'edit'),
    )
    expect(Object.keys(json.findings[0].cause)).toEqual(without($defs.finding.properties.cause.properties, 'from'))
    const onFiles = JSON.parse(renderJson(DOCKERFILES))
    expect(Object.keys(onFiles)).toEqual(without(properties, 'policy', 'baseline', 'unusedIgnores'))
    expect(Object.keys(onFiles.dockerfiles[1])).toEqual(Object.keys($defs.dockerfile.properties))
    expect(Object.keys(onFiles.findings[0])).toEqual(
      without($defs.finding.properties, 'ownLevel', 'suppressed', 'platforms', 'image', 'platform', 'path', 'cause'),
    )
    const suppressed = JSON.parse(renderJson(SUPPRESSED))
    expect(Object.keys(suppressed)).toEqual(without(properties, 'dockerfiles'))
    expect(Object.keys(suppressed.images[0])).toEqual(without($defs.image.properties, 'problem'))
    expect(Object.keys(suppressed.policy)).toEqual(Object.keys(properties.policy.properties))
    expect([image, finding]).not.toContain(undefined)
  })
})

test('an empty report has no surprises', () => {
  const {configuration} = ALL_MATCH
  const tool = {name: 'verify-image-arch', version: '1.2.3'}
  const empty = {schemaVersion: 1, tool, configuration, verdict: 'pass', images: [], findings: [], switchedOff: []}
  expect(renderJson({...ALL_MATCH, images: []})).toBe(`${JSON.stringify(empty, null, 2)}\n`)
})

function reversed<T>(value: T): T {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value
  // The same keys and values in another order are the same type.
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, Array.isArray(inner) ? inner.map(reversed) : reversed(inner)]),
  ) as T
}
