import type {Report} from './report.ts'
import {markOf, type RowMark} from './row-text.ts'
import {type Row, type RowState, rowsOf, stateOf} from './rows.ts'
import {formatTally, plural, tallyOf} from './tally.ts'
import {isGrave, shortTolerance, tolerancesOf} from './tolerance.ts'
import {wrongOf} from './wrong.ts'

/** What a report comes to, the same in every format. */
export type Outcome =
  /** Something is wrong, or an image could not be read. */
  | 'failed'
  /** Every platform matches, and no rule that found something graver than a note was lowered or switched off. */
  | 'verified'
  /** Nothing fails, and it is not a clean pass: a platform is tolerated, undetermined or absent, or a rule is. */
  | 'passed'
  /** Nothing fails, and of no platform it is known whether it would start. */
  | 'undetermined'
  /** Nothing fails, and nothing was looked into: no platform, or only those of other systems. */
  | 'unchecked'
  /** There are Dockerfiles and no image. */
  | 'dockerfiles'

export interface Headline {
  readonly outcome: Outcome
  /** Whether there is nothing that somebody should look at. */
  readonly isClean: boolean
  /** `not verified`, in lower case. */
  readonly words: string
  /** `linux/arm64 would not start: /app is x86-64`, the gravest first; may hold text of the image. */
  readonly wrong: readonly string[]
  /** `1 of 2 platforms matches, 1 mismatch is tolerated`; may not be empty. */
  readonly summary: string
  /** `2 errors, 1 warning`; empty where nothing was found. */
  readonly tally: string
  /** `wrong-machine is off: 1 error`, one for each rule that would have found something; holds no text of an image. */
  readonly tolerances: readonly string[]
}

const WORDS: Readonly<Record<Outcome, string>> = {
  failed: 'not verified',
  verified: 'verified',
  passed: 'passed',
  undetermined: 'not determined',
  unchecked: 'not checked',
  dockerfiles: 'passed',
}

/** What the first or last line of a report says. */
export function headlineOf(report: Report, rows: readonly Row[] = rowsOf(report)): Headline {
  const tally = tallyOf(report.findings)
  const tolerances = tolerancesOf(report).filter(({found}) => found.length > 0)
  const outcome = outcomeOf(report, rows, tolerances.some(isGrave))
  const isOfFiles = report.images.length === 0 && report.dockerfiles !== undefined
  return {
    outcome,
    isClean:
      (outcome === 'verified' || outcome === 'dockerfiles') &&
      tally.error + tally.warning === 0 &&
      !tolerances.some(isGrave),
    wrong: outcome === 'verified' ? [] : wrongOf(report, rows),
    words: isOfFiles && outcome === 'failed' ? 'failed' : WORDS[outcome],
    summary: isOfFiles
      ? `${plural(report.dockerfiles?.length ?? 0, 'Dockerfile')} checked`
      : summaryOf(report, rows, outcome),
    tally: formatTally(tally),
    tolerances: tolerances.map(shortTolerance),
  }
}

/** `Not verified`: the words at the beginning of a sentence. */
export function titleOf({words}: Headline): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`
}

function outcomeOf(report: Report, rows: readonly Row[], isGraveOff: boolean): Outcome {
  if (report.verdict === 'fail') return 'failed'
  if (report.images.length === 0 && report.dockerfiles !== undefined) return 'dockerfiles'
  const states = rows.map(stateOf)
  const areAll = (...among: readonly RowState[]): boolean => states.every(state => among.includes(state))
  if (areAll('unchecked', 'absent')) return 'unchecked'
  if (areAll('unchecked', 'absent', 'undetermined')) return 'undetermined'
  const isAll = areAll('match') && report.images.every(({platforms}) => platforms.length > 0)
  return isAll && !isGraveOff ? 'verified' : 'passed'
}

/** Why nothing was looked into: a platform without an image is one that an engine or an archive does not have. */
function uncheckedSummary(rows: readonly Row[]): string {
  const what = rows.every(({platform}) => platform !== undefined) ? 'is a Linux platform' : 'was checked'
  if (rows.length === 1) return `the platform ${what.replace(/^\w+/, '$& not')}`
  return `none of ${plural(rows.length, 'platform')} ${what}`
}

function summaryOf(report: Report, rows: readonly Row[], outcome: Outcome): string {
  const unread = report.images.filter(({problem}) => problem !== undefined).length
  const left = unread === 0 ? [] : [`${unread} of ${plural(report.images.length, 'image')} could not be checked`]
  if (rows.length === 0) return left.join('') || 'there is no platform'
  const all = plural(rows.length, 'platform')
  const isOne = rows.length === 1
  if (outcome === 'unchecked') return uncheckedSummary(rows)
  if (outcome === 'undetermined') {
    return `it could not be determined whether ${isOne ? 'the platform starts' : `any of ${all} starts`}`
  }
  const count = (state: RowState): number => rows.filter(row => stateOf(row) === state).length
  const matching = count('match')
  // What was found of some of these is for somebody to look at.
  const marks = rows.filter(row => stateOf(row) === 'match').map(row => markOf(report, row))
  const marked = (mark: RowMark, what: string): string[] => {
    const many = marks.filter(one => one === mark).length
    return many === 0 ? [] : [rows.length === 1 ? `with ${what}` : `${many} of them with ${what}`]
  }
  const tolerated = count('tolerated')
  return [
    `${matching} of ${all} ${matching === 1 || rows.length === 1 ? 'matches' : 'match'}`,
    ...marked('doubtful', 'warnings'),
    ...marked('bad', 'problems'),
    ...(tolerated === 0 ? [] : [`${tolerated} ${tolerated === 1 ? 'mismatch is' : 'mismatches are'} tolerated`]),
    ...(['undetermined', 'absent', 'unchecked'] as const).flatMap(state =>
      count(state) === 0 ? [] : `${count(state)} ${state === 'unchecked' ? 'not checked' : state}`,
    ),
    ...left,
  ].join(', ')
}
