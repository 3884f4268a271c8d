import type {Facts, ImageFacts, UncheckedImage} from '../../src/facts/facts.ts'
import {buildReport} from '../../src/report/build.ts'
import {type Configuration, withDigest} from '../../src/report/configuration.ts'
import type {Report} from '../../src/report/report.ts'
import type {Finding} from '../../src/rules/finding.ts'
import {SAMPLE_CONFIGURATION} from './sample-reports.ts'

export interface TestReportInput {
  readonly findings?: readonly Finding[]
  readonly switchedOff?: readonly Finding[]
  readonly configuration?: Partial<Configuration>
  /** Those of the facts where nothing is said. */
  readonly images?: readonly (ImageFacts | UncheckedImage)[]
}

/** The report on facts and findings, with what a user chose where that differs from the defaults. */
export function testReport(facts: Facts, input: TestReportInput = {}): Report {
  const {findings = [], switchedOff = [], configuration = {}, images = facts.images} = input
  const {digest: _, ...usual} = SAMPLE_CONFIGURATION
  return buildReport(facts, {
    ...{images, findings, switchedOff, tool: {version: '1.0.0'}},
    configuration: withDigest({...usual, ...configuration}),
  })
}
