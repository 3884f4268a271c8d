import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {describe, expect, test} from '@jest/globals'
import {Ajv2020} from 'ajv/dist/2020.js'
import Ajv4, {type ValidateFunction} from 'ajv-draft-04'
import fc from 'fast-check'
import {validateXML, type XMLFileInfo} from 'xmllint-wasm'
import {renderCodeQuality} from '../../src/report/code-quality.ts'
import {renderJson} from '../../src/report/json.ts'
import {renderJunit} from '../../src/report/junit.ts'
import {SARIF_RULES} from '../../src/report/render.ts'
import type {Report} from '../../src/report/report.ts'
import {renderSarif} from '../../src/report/sarif.ts'
import {CODE_QUALITY} from '../support/code-quality-schema.ts'
import {EVERY_REPORT} from '../support/every-report.ts'
import {hostileText} from '../support/hostile-text.ts'
import {expectJunit} from '../support/junit-schema.ts'
import {parseXml} from '../support/parse-xml.ts'
import {hostileReport, SAMPLE_REPORTS} from '../support/sample-reports.ts'

// Every report that has a golden text, held to the schema that others wrote for its format.

const REPORTS: readonly (readonly [name: string, report: Report])[] = [
  ...EVERY_REPORT,
  ...Object.entries(SAMPLE_REPORTS).map(([name, report]) => [`sample: ${name}`, report] as const),
]
const require = createRequire(import.meta.url)

/** The schema of SARIF 2.1.0 as OASIS has it. One of its patterns is none in Unicode mode. */
const SARIF = new Ajv4.default({strict: false, validateFormats: false, unicodeRegExp: false}).compile(
  JSON.parse(readFileSync(require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8')),
)

function schemaOf(name: string) {
  return new Ajv2020({allowUnionTypes: true}).compile(
    JSON.parse(readFileSync(new URL(`../../docs/schema/${name}.schema.json`, import.meta.url), 'utf8')),
  )
}
const JSON_REPORT = schemaOf('report-v1')

function expectValid(validate: ValidateFunction<unknown>, value: unknown): void {
  expect([validate(value), validate.errors ?? []]).toEqual([true, []])
}

test('there are more than fifty reports', () => {
  expect(REPORTS.length).toBeGreaterThan(50)
})

describe.each(REPORTS)('%s', (_, report) => {
  test('SARIF, with and without the list of rules', () => {
    expectValid(SARIF, JSON.parse(renderSarif(report, SARIF_RULES)))
    expectValid(SARIF, JSON.parse(renderSarif(report, [])))
  })

  test('JUnit', () => {
    expectJunit(parseXml(renderJunit(report)))
  })

  test("GitLab's code quality", () => {
    expectValid(CODE_QUALITY, JSON.parse(renderCodeQuality(report)))
  })
})

test.each(EVERY_REPORT)('our own schema: %s', (_, report) => {
  expectValid(JSON_REPORT, JSON.parse(renderJson(report)))
})

test('libxml2 reads every JUnit report as we wrote it', async () => {
  const xml = REPORTS.map(([, report], at): XMLFileInfo => ({fileName: `${at}.xml`, contents: renderJunit(report)}))
  expect((await lint(xml)).errors).toEqual([])
})

test('libxml2 refuses what is not XML', async () => {
  const {valid, errors} = await lint([{fileName: 'a.xml', contents: '<a b="<"/>'}])
  expect([valid, errors.length > 0]).toEqual([false, true])
})

test('SARIF that is not valid is refused', () => {
  const sarif = JSON.parse(renderSarif(REPORTS[0]?.[1] ?? hostileReport(), []))
  sarif.runs[0].results[0].level = 'fatal'
  expect(SARIF(sarif)).toBe(false)
})

test('whatever an image says', async () => {
  const documents: XMLFileInfo[] = []
  fc.assert(
    fc.property(fc.array(hostileText, {minLength: 1, maxLength: 6}), texts => {
      const report = hostileReport(texts)
      expectValid(SARIF, JSON.parse(renderSarif(report, SARIF_RULES)))
      documents.push({fileName: `${documents.length}.xml`, contents: renderJunit(report)})
    }),
    {numRuns: 50},
  )
  expect((await lint(documents)).errors).toEqual([])
})

async function lint(xml: readonly XMLFileInfo[]) {
  // Well-formed is what libxml2 has to say: without a schema it compares with none.
  return validateXML({xml, normalization: 'c14n'})
}
