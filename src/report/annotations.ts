import type {ExplainedFinding} from '../explain/index.ts'
import {defined} from '../lib/defined.ts'
import {LEVELS, type Level, nameAll, platformsOf} from '../rules/finding.ts'
import {elsewhere} from './elsewhere.ts'
import {escapeLog, shorten} from './escape.ts'
import type {Report} from './report.ts'
import {staleSuppressions} from './stale-suppressions.ts'
import {locationOf, subjectOf, type WorkspaceLocation} from './subject.ts'
import {plural} from './tally.ts'
import {describeTolerance, isGrave, tolerancesOf} from './tolerance.ts'

export const ANNOTATION_LEVELS = ['error', 'warning', 'notice'] as const
export type AnnotationLevel = (typeof ANNOTATION_LEVELS)[number]

/**
 * One annotation as a value. Its texts are safe for a log and hold line breaks of ours only; they are not yet escaped
 * as data of a workflow command: @actions/core does that (`core[level](message, properties)`, which takes
 * the properties as they are named here).
 */
export interface Annotation {
  readonly level: AnnotationLevel
  readonly message: string
  readonly title: string
  readonly file?: string
  readonly startLine?: number
  readonly endLine?: number
}

/**
 * The runner takes ten annotations of a level from a step and drops the rest
 * (ExecutionContext.AddIssue); the tenth says how many.
 */
const SHOWN_PER_LEVEL = 9
/** Where the runner cuts a message (ExecutionContext: _maxIssueMessageLength), in UTF-16 units. */
const MESSAGE_LIMIT = 4096
/** Where the API of checks cuts a title. https://docs.github.com/rest/checks/runs */
const TITLE_LIMIT = 255
const CUT = '… (cut here; the summary and the report say it all)'

const LEVEL_OF: Readonly<Record<Level, AnnotationLevel>> = {error: 'error', warning: 'warning', note: 'notice'}

/**
 * The findings as annotations, the gravest first: at most nine of a level, and then one that says how many more there
 * are. What the user's levels hide comes before them all.
 */
export function annotationsOf(report: Report): Annotation[] {
  const tolerated = toleranceAnnotation(report)
  return [
    ...(tolerated === undefined ? [] : [tolerated]),
    ...LEVELS.flatMap(level => {
      const findings = report.findings.filter(finding => finding.level === level)
      const most = level === 'note' && tolerated ? SHOWN_PER_LEVEL - 1 : SHOWN_PER_LEVEL
      const shown = findings.slice(0, most).map(finding => annotation(finding, report.images.length > 1))
      const more = findings.length - shown.length
      return more === 0 ? shown : [...shown, moreOf(level, more)]
    }),
  ]
}

/**
 * What is hidden by rules that are lowered or switched off, or by suppressions; a
 * notice, since it is what the user wants.
 */
function toleranceAnnotation(report: Report): Annotation | undefined {
  const tolerances = tolerancesOf(report).filter(isGrave)
  const stale = staleSuppressions(report)
  if (tolerances.length + stale.length === 0) return undefined
  const lines = [...tolerances.map(describeTolerance), ...stale.map(({message}) => message)].map(line => `${line}.`)
  return {
    level: 'notice',
    message: shorten(lines.map(escapeLog).join('\n'), MESSAGE_LIMIT, CUT),
    title:
      report.policy === undefined
        ? 'Rules that are lowered or switched off'
        : 'What is lowered, switched off or suppressed',
  }
}

function annotation(finding: ExplainedFinding, isOneOfMany: boolean): Annotation {
  const {rule, level, platform, path, message, cause, fix} = finding
  const subject = subjectOf(finding)
  const at = [
    ...(isOneOfMany || platform === undefined ? [subject] : []),
    ...(platform === undefined ? [] : [nameAll(platformsOf(finding))]),
  ]
  const lines = [
    `${at.join(' ')}: ${message}`,
    ...(cause ? [`Cause: ${elsewhere(cause)}${cause.message}`] : []),
    ...(fix ? [`Fix: ${fix}`] : []),
  ]
  return {
    level: LEVEL_OF[level],
    message: shorten(lines.map(escapeLog).join('\n'), MESSAGE_LIMIT, CUT),
    title: shorten(escapeLog(`${rule}: ${path ?? platform ?? subject}`), TITLE_LIMIT).trimEnd(),
    ...annotatedLocation(locationOf(finding)),
  }
}

/** A name that the runner would not read as it is written points nowhere. */
function annotatedLocation(
  location: WorkspaceLocation | undefined,
): Pick<Annotation, 'file' | 'startLine' | 'endLine'> {
  if (location === undefined || !/^[^\s=]/.test(location.file) || escapeLog(location.file).trimEnd() !== location.file)
    return {}
  const {file, line, endLine} = location
  return {
    file,
    ...defined({startLine: line}),
    ...(line === undefined || endLine === undefined ? {} : {endLine}),
  }
}

function moreOf(level: Level, count: number): Annotation {
  return {
    level: LEVEL_OF[level],
    message: `There ${count === 1 ? 'is' : 'are'} ${plural(count, `more ${level}`)}: see the summary of this step.`,
    title: `${plural(count, `more ${level}`)}`,
  }
}
