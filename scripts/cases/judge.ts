import {EXIT} from '../../src/cli.ts'
import {type Finding, platformsOf} from '../../src/rules/finding.ts'
import type {Case, Expectation} from './case.ts'

/** What the command answered. */
export interface Outcome {
  readonly exitCode: number
  /** Empty where there is no report. */
  readonly findings: readonly Finding[]
  readonly stderr: string
}

const EXIT_CODES: Readonly<Record<Expectation, number>> = {
  pass: EXIT.verified,
  warn: EXIT.verified,
  fail: EXIT.findings,
  exit3: EXIT.couldNotCheck,
}

/** Every way in which an outcome is not what its case expects, in words; none where it is. */
export function findProblems(one: Case, {exitCode, findings, stderr}: Outcome): readonly string[] {
  const problems: string[] = []
  const wanted = EXIT_CODES[one.expect]
  if (exitCode !== wanted) problems.push(`expected exit code ${wanted} (${one.expect}), got ${exitCode}`)
  if (one.expect === 'fail' || one.expect === 'warn') {
    const [platform, text = ''] = one.where ?? []
    const isAtLevel = ({level}: Finding) => (one.expect === 'fail') === (level === 'error')
    const isThere = findings.some(
      finding =>
        isAtLevel(finding) &&
        (platform === undefined || platformsOf(finding).includes(platform)) &&
        hasText(finding, text),
    )
    const what = one.expect === 'fail' ? 'an error' : 'a warning or a note'
    const where = platform === undefined ? '' : ` on ${platform}`
    if (!isThere) problems.push(`expected ${what}${where} with ${JSON.stringify(text)}`)
  }
  for (const words of one.says) {
    if (!findings.some(finding => hasText(finding, words)) && !stderr.includes(words))
      problems.push(`expected a finding or standard error to say ${JSON.stringify(words)}`)
  }
  const loud = findings.filter(({level}) => level !== 'note')
  for (const rule of one.never) {
    if (loud.some(finding => finding.rule === rule)) problems.push(`expected neither error nor warning of ${rule}`)
  }
  if (one.quiet && loud.length > 0) problems.push('expected neither errors nor warnings')
  return problems
}

/** Whether a text stands somewhere in a finding: its message, fix, path, evidence. */
function hasText(value: unknown, text: string): boolean {
  if (typeof value === 'string') return value.includes(text)
  return typeof value === 'object' && value !== null && Object.values(value).some(part => hasText(part, text))
}
