import type {ExplainedFinding} from '../explain/index.ts'
import {findingsInFile, findingsOn} from './by-image.ts'
import {natureOf, programOf} from './chain.ts'
import {failsAt, type Report, type ReportImage} from './report.ts'
import {markOf, rowClause} from './row-text.ts'
import {gravestOf, type Row, rowsOfImage, stateOf} from './rows.ts'
import {staleSuppressions} from './stale-suppressions.ts'
import {subjectOf} from './subject.ts'
import {describeTolerance, tolerancesOf} from './tolerance.ts'
import {element, escapeXml} from './xml.ts'

/** A case of a suite, as XML, and what it counts as. */
interface Case {
  readonly xml: string
  readonly outcome: 'passed' | 'failed' | 'error' | 'skipped'
}

/**
 * JUnit's XML, as CI systems read it: a suite for each image with a case for each platform, and one for the image as a
 * whole; a suite for the Dockerfiles with a case for each. What could not be checked is an error; what was not checked,
 * what is tolerated, and a rule that is lowered or off and would find something, is skipped.
 * https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 */
export function renderJunit(report: Report): string {
  const suites = [
    ...report.images.map(image => suiteOf(image.reference, casesOf(report, image))),
    ...(report.dockerfiles === undefined ? [] : [suiteOf('Dockerfiles', dockerfileCases(report))]),
    ...ruleSuites(report),
  ]
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', {name: report.tool.name}, ['\n', ...suites])}\n`
}

function suiteOf(name: string, cases: readonly Case[]): string {
  const count = (wanted: Case['outcome']): number => cases.filter(({outcome}) => outcome === wanted).length
  const numbers = {tests: cases.length, failures: count('failed'), errors: count('error'), skipped: count('skipped')}
  return `${element('testsuite', {name, ...numbers}, ['\n', ...cases.map(({xml}) => `${xml}\n`)])}\n`
}

function casesOf(report: Report, image: ReportImage): readonly Case[] {
  const {reference, problem} = image
  if (problem !== undefined) {
    const text = [problem.message, problem.hint ?? ''].map(escapeXml).join('\n')
    return [
      caseOf('image', reference, 'error', [element('error', {message: problem.message, type: problem.code}, [text])]),
    ]
  }
  const whole = findingsOn(report, image).filter(({platform}) => platform === undefined)
  return [
    ...rowsOfImage(report, image).map(row => caseOfRow(report, row)),
    caseOfFindings(report, 'image', reference, whole),
  ]
}

function caseOfRow(report: Report, row: Row): Case {
  const {name, image} = row
  if (markOf(report, row) === 'bad') {
    const told = row.findings.filter(({level}) => level !== 'note').map(tell)
    const failure = element('failure', {message: rowClause(row), type: gravestOf(row)?.rule ?? 'undetermined'}, told)
    return caseOf(name, image.reference, 'failed', [failure])
  }
  const state = stateOf(row)
  if (state !== 'match') {
    // What nobody is stopped by is not a passed test either.
    const why = state === 'unchecked' || state === 'undetermined' ? '' : ' (tolerated)'
    return caseOf(name, image.reference, 'skipped', [
      element('skipped', {message: `${rowClause(row)}${why}`}, row.findings.map(tell)),
    ])
  }
  const step = programOf(row)
  const told = [
    ...(step === undefined ? [] : [escapeXml(`${step.path}: ${natureOf(step)}`)]),
    ...row.findings.map(tell),
  ]
  return passedCase(name, image.reference, told)
}

/** A rule that would find something and may not is a test that is skipped, and so is a suppression without a use. */
function ruleSuites(report: Report): readonly string[] {
  const cases = tolerancesOf(report)
    .filter(({found}) => found.length > 0)
    .map(tolerance =>
      caseOf(tolerance.rule, 'rules', 'skipped', [element('skipped', {message: describeTolerance(tolerance)})]),
    )
  const stale = staleSuppressions(report).map(({rule, message}) =>
    caseOf(rule, 'suppressions', 'skipped', [element('skipped', {message})]),
  )
  return [
    ...(cases.length === 0 ? [] : [suiteOf('rules', cases)]),
    ...(stale.length === 0 ? [] : [suiteOf('suppressions', stale)]),
  ]
}

function dockerfileCases(report: Report): readonly Case[] {
  return (report.dockerfiles ?? []).map(({file}) => {
    const findings = findingsInFile(report, file)
    return caseOfFindings(report, file, 'Dockerfiles', findings)
  })
}

function caseOfFindings(
  {configuration}: Report,
  name: string,
  classname: string,
  findings: readonly ExplainedFinding[],
): Case {
  const first = findings.find(({level}) => failsAt(level, configuration.failOn))
  const told = findings.map(tell)
  if (first === undefined) return passedCase(name, classname, told)
  return caseOf(name, classname, 'failed', [
    element('failure', {message: first.message, type: first.rule}, [told.join('\n')]),
  ])
}

/** What is to be said of what passes, notes among it, is output. */
function passedCase(name: string, classname: string, told: readonly string[]): Case {
  return caseOf(name, classname, 'passed', told.length === 0 ? [] : [element('system-out', {}, [told.join('\n')])])
}

function caseOf(name: string, classname: string, outcome: Case['outcome'], content: readonly string[]): Case {
  return {xml: element('testcase', {name, classname}, content), outcome}
}

/** A finding in lines of ours. */
function tell(finding: ExplainedFinding): string {
  const {level, rule, message, cause, fix, help, image} = finding
  const at = image === undefined ? `${subjectOf(finding)}: ` : ''
  return [
    `${level} ${rule}: ${at}${message}`,
    ...(cause === undefined ? [] : [`cause: ${cause.message}`]),
    ...(fix === undefined ? [] : [`fix: ${fix}`]),
    `help: ${help}`,
  ]
    .map(line => `${escapeXml(line)}\n`)
    .join('')
}
