import {nameAll} from '../rules/finding.ts'
import {configurationOf, failsAt, type Report} from './report.ts'
import {markOf, rowClause} from './row-text.ts'
import {type Row, stateOf} from './rows.ts'
import {subjectOf} from './subject.ts'
import {byGravity, plural} from './tally.ts'
import {isGrave, tolerancesOf} from './tolerance.ts'

/** Sentences that a headline has. */
const SENTENCES = 2

/**
 * What is wrong with a report, in a few sentences without a full stop, the gravest first: `linux/arm64 would not start:
 * /app is x86-64`. Empty where nothing is. May hold text of the image: escape it for the medium.
 */
export function wrongOf(report: Report, rows: readonly Row[]): readonly string[] {
  const {bad = [], doubtful = []} = Object.groupBy(rows, row => markOf(report, row))
  const isFailed = report.verdict === 'fail'
  const all = [
    ...report.images.flatMap(({reference, problem}) =>
      problem === undefined ? [] : `${reference} could not be checked: ${withoutName(problem.message, reference)}`,
    ),
    ...ofRows(bad, report),
    ...(isFailed ? wholeProblems(report) : []),
    ...(isFailed && bad.length > 0 ? [] : ofRows(withoutWarned(doubtful, report), report)),
  ]
  const more = all.length - SENTENCES
  return more > 0 ? [...all.slice(0, SENTENCES), plural(more, 'more problem')] : all
}

/** Where nothing fails: what is not as it should be all the same, without what only a warning reports. */
function withoutWarned(doubtful: readonly Row[], report: Report): readonly Row[] {
  const isHidden = tolerancesOf(report).some(isGrave)
  return doubtful.filter(row => {
    const state = stateOf(row)
    return state === 'tolerated' || state === 'undetermined' || (isHidden && state === 'absent')
  })
}

/** One sentence for all platforms of an image of which the same is to be said. */
function ofRows(rows: readonly Row[], report: Report): readonly string[] {
  const groups = Map.groupBy(rows, row => JSON.stringify([row.image.reference, rowClause(row)]))
  const isOneOfMany = report.images.length > 1
  return Array.from(groups.values(), group => {
    const [first] = group
    if (first === undefined) return ''
    const subject = nameAll(group.map(({name}) => name))
    const of = isOneOfMany ? ` of ${first.image.reference}` : ''
    const why = bySetting(report, first)
    const clause = rowClause(first)
    return `${subject}${of} ${group.length === 1 ? clause : pluralOf(clause)}${why}`
  })
}

/** Of what fails for a setting alone, the setting. */
function bySetting(report: Report, row: Row): string {
  const {onUndetermined} = configurationOf(report, row.image)
  const isOpen = stateOf(row) === 'undetermined' || stateOf(row) === 'unchecked'
  return isOpen && onUndetermined === 'fail' ? ' (on-undetermined: fail)' : ''
}

/** What fails the check and is on no platform: on a whole image, or on a Dockerfile. */
function wholeProblems(report: Report): readonly string[] {
  return byGravity(report.findings)
    .filter(finding => finding.platform === undefined && failsAt(finding.level, report.configuration.failOn))
    .map(finding => `${subjectOf(finding)}: ${finding.message}`)
}

/** `is missing` of several. */
function pluralOf(clause: string): string {
  return clause
    .replace(/^is /, 'are ')
    .replace(/^has /, 'have ')
    .replace(/^was /, 'were ')
    .replace(/^matches$/, 'match')
}

/** What `ghcr.io/org/app:1: not found` and `oci:app is not an image layout` say besides the name. */
function withoutName(message: string, reference: string): string {
  if (message.startsWith(`${reference}: `)) return message.slice(reference.length + 2)
  return message.startsWith(`${reference} is `) ? `it${message.slice(reference.length)}` : message
}
