import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {renderJunit} from '../../src/report/junit.ts'
import {rowText} from '../../src/report/row-text.ts'
import {rowsOf} from '../../src/report/rows.ts'
import type {Finding} from '../../src/rules/finding.ts'
import {goldenText} from '../support/golden.ts'
import {hostileText} from '../support/hostile-text.ts'
import {expectJunit} from '../support/junit-schema.ts'
import {parseXml} from '../support/parse-xml.ts'
import {FOREIGN_PROGRAM, hostileReport, SAMPLE_REPORTS} from '../support/sample-reports.ts'

test.each(Object.keys(SAMPLE_REPORTS).filter(name => !/hostile|many/.test(name)))('golden: %s', name => {
  const xml = renderJunit(SAMPLE_REPORTS[name] ?? FOREIGN_PROGRAM)
  expect(xml).toBe(goldenText(`report/golden/${name.replaceAll(' ', '-')}.junit.txt`, xml))
})

describe('every report', () => {
  test.each(Object.entries(SAMPLE_REPORTS))('%s', (_, report) => {
    const root = parseXml(renderJunit(report))
    expectJunit(root)
    const cases = root.children.flatMap(suite => {
      const count = (kind: string) =>
        suite.children.filter(({children}) => children.some(({name}) => name === kind)).length
      expect(suite.attributes).toMatchObject({
        tests: String(suite.children.length),
        failures: String(count('failure')),
        errors: String(count('error')),
        skipped: String(count('skipped')),
      })
      return suite.children
    })
    const bad = rowsOf(report).filter(row => rowText(report, row).mark === 'bad')
    const failed = cases.filter(({children}) => children.some(({name}) => name === 'failure' || name === 'error'))
    expect(failed.length).toBeGreaterThanOrEqual(bad.length)
    if (report.verdict === 'fail') expect(failed).not.toEqual([])
  })
})

test('the type of a failure is the rule that its message speaks of', () => {
  const about: Finding = {
    ...{rule: 'config-platform-mismatch', level: 'error', image: 'ghcr.io/org/app:1.4.2', platform: 'linux/arm64'},
    ...{message: 'the config says linux/amd64', evidence: {index: 'linux/arm64', config: 'linux/amd64'}, help: ''},
  }
  const report = {...FOREIGN_PROGRAM, findings: [about, ...FOREIGN_PROGRAM.findings]}
  const [failure] = renderJunit(report).match(/<failure [^>]*>/) ?? []
  expect(failure).toBe('<failure message="would not start: /app is x86-64" type="wrong-machine">')
})

test('what an image says is text', () => {
  fc.assert(
    fc.property(fc.array(hostileText, {minLength: 1, maxLength: 6}), texts => {
      expectJunit(parseXml(renderJunit(hostileReport(texts))))
    }),
    {numRuns: 50},
  )
})
