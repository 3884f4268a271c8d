import {type Finding, ownLevelOf} from '../rules/finding.ts'
import {natureOf, programOf, stepOf} from './chain.ts'
import {isOnStart, problemOf} from './problem.ts'
import {configurationOf, failsAt, type Report} from './report.ts'
import {claimedMachine, claimedProgram, gravestOf, type Row, type RowState, stateOf} from './rows.ts'
import {formatTally, tallyOf} from './tally.ts'

/** How a row is marked, the gravest first: `bad` fails the check, `doubtful` is for somebody to look at. */
export const ROW_MARKS = ['bad', 'doubtful', 'good'] as const
export type RowMark = (typeof ROW_MARKS)[number]

/** What one row says. All of it may hold text of the image: escape it for the medium. */
export interface RowText {
  readonly mark: RowMark
  /** What is wrong, or what the program is: `loader missing`, `x86-64, not aarch64`, `arm v7`. */
  readonly what: string
  /** The file that it is about. */
  readonly path?: string
  /** `tolerated`, `2 more errors`; may be empty. */
  readonly beside: readonly string[]
}

/** A row in the few words of a table's cell. Its mark, its words and the verdict never contradict each other. */
export function rowText(report: Report, row: Row): RowText {
  const mark = markOf(report, row)
  const state = stateOf(row)
  const gravest = gravestOf(row)
  const tolerated = state === 'tolerated' ? [gravest?.suppressed === undefined ? 'tolerated' : 'suppressed'] : []
  const isOpen = state === 'undetermined'
  if (gravest !== undefined && gravest.rule !== 'undetermined' && !(isOpen && isLessThanUnknown(gravest))) {
    const {path} = gravest
    const what = gravest.rule === 'wrong-machine' ? machineOf(row) : problemOf(gravest).cell
    const open = isOpen ? ['not determined'] : []
    return {mark, what, ...(path === undefined ? {} : {path}), beside: [...open, ...tolerated, ...othersOf(row)]}
  }
  const notes = formatTally(tallyOf(row.findings.filter(({level}) => level === 'note')))
  const beside = isOpen ? othersOf(row) : state === 'match' && notes !== '' ? [notes] : []
  // A warning that not all is known of it, say.
  if (state === 'match' && mark !== 'good') return {mark, what: 'not fully determined', ...pathOf(row), beside}
  if (state === 'match') return {mark, ...natureOfProgram(row), beside}
  return {mark, what: PLAIN[state], ...pathOf(row), beside}
}

const PLAIN: Readonly<Record<Exclude<RowState, 'match'>, string>> = {
  mismatch: 'wrong',
  tolerated: 'wrong',
  undetermined: 'not determined',
  unchecked: 'not checked',
  absent: 'not there',
}

function natureOfProgram(row: Row): Pick<RowText, 'what' | 'path'> {
  const step = programOf(row)
  if (step === undefined) return {what: 'no program'}
  const claimed = claimedMachine(row.name)
  // Nothing of the program needs more than the platform promises: that was looked at.
  const nature = step.machine === claimed ? (claimedProgram(row.name) ?? natureOf(step)) : natureOf(step)
  return {what: nature, path: step.path}
}

function pathOf(row: Row): Pick<RowText, 'path'> {
  const step = programOf(row)
  return step === undefined ? {} : {path: step.path}
}

/** `x86-64, not arm v7`. */
function machineOf(row: Row): string {
  const gravest = gravestOf(row)
  const actual = gravest === undefined ? '?' : problemOf(gravest).cell
  const claimed = claimedProgram(row.name)
  return claimed === undefined || claimed === actual ? actual : `${actual}, not ${claimed}`
}

/** Whether a finding says less of a platform than that nobody knows what starts: only some hosts are concerned, say. */
function isLessThanUnknown(finding: Finding): boolean {
  if (ownLevelOf(finding) === 'error') return false
  return !isOnStart(finding) || finding.rule === 'page-size' || finding.rule === 'capability-not-granted'
}

/** How many more there are than the one that the row names. */
function othersOf(row: Row): readonly string[] {
  const {findings, switchedOff} = row
  const gravest = gravestOf(row)
  const isUnknown = stateOf(row) === 'undetermined' && gravest !== undefined && isLessThanUnknown(gravest)
  const first = isUnknown ? findings.find(({rule}) => rule === 'undetermined') : gravest
  const rest = findings.filter(finding => finding !== first && finding.level !== 'note')
  const more = formatTally(tallyOf(rest)).replace(/^(\d+)/, '$1 more')
  const {off = [], suppressed = []} = Object.groupBy(
    switchedOff.filter(finding => finding !== first && ownLevelOf(finding) === 'error'),
    finding => (finding.suppressed === undefined ? 'off' : 'suppressed'),
  )
  return [
    ...(more === '' ? [] : [more]),
    ...(off.length === 0 ? [] : [`${off.length} switched off`]),
    ...(suppressed.length === 0 ? [] : [`${suppressed.length} suppressed`]),
  ]
}

/** The mark alone: it depends on what was found and on what the user set, and not on the words. */
export function markOf(report: Report, row: Row): RowMark {
  const {failOn, onUndetermined} = configurationOf(report, row.image)
  if (row.findings.some(({level}) => failsAt(level, failOn))) return 'bad'
  // What could not be read is not verified, whatever level the user gave to saying so.
  if ([...row.findings, ...row.switchedOff].some(({rule}) => rule === 'platform-unreadable')) return 'bad'
  const state = stateOf(row)
  if (state === 'undetermined' || state === 'unchecked') return onUndetermined === 'fail' ? 'bad' : 'doubtful'
  if (state !== 'match') return 'doubtful'
  return row.findings.some(({level}) => level !== 'note') || row.switchedOff.some(isMissedError) ? 'doubtful' : 'good'
}

function isMissedError(finding: Row['switchedOff'][number]): boolean {
  return ownLevelOf(finding) !== 'note'
}

/** What a row says in a sentence, behind the name of its platform: `would not start: /app is x86-64`. */
export function rowClause(row: Row): string {
  const state = stateOf(row)
  const gravest = gravestOf(row)
  if (gravest === undefined || gravest.rule === 'undetermined') return plainClause(state, row)
  if (state === 'undetermined' && isLessThanUnknown(gravest)) return plainClause(state, row)
  const {cell, clause} = problemOf(gravest)
  if (gravest.rule === 'platform-missing') return 'is missing'
  if (gravest.rule === 'platform-lost') return 'is lost: the baseline has it'
  if (gravest.rule === 'platform-unreadable') return 'cannot be read'
  if (isOnStart(gravest) && (stepOf(row, gravest) !== undefined || gravest.rule === 'missing-program')) {
    return `${ownLevelOf(gravest) === 'error' ? 'would' : 'may'} not start: ${clause}`
  }
  return `has a problem: ${gravest.path === undefined ? cell : clause}`
}

function plainClause(state: RowState, {platform}: Row): string {
  const reason = state === 'undetermined' ? platform?.undetermined : undefined
  return reason === undefined ? CLAUSES[state] : `${CLAUSES[state]}: ${reason}`
}

const CLAUSES: Readonly<Record<RowState, string>> = {
  match: 'matches',
  mismatch: 'is wrong',
  tolerated: 'is wrong',
  undetermined: 'is not known to start',
  unchecked: 'was not checked',
  absent: 'is not there',
}
