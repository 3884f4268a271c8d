import type {Cause, ExplainedFinding} from '../explain/index.ts'
import {type Level, nameAll, platformsOf} from '../rules/finding.ts'
import {describeBaseline} from './baseline.ts'
import {type FileLayer, formatChain, stepsTo} from './chain.ts'
import {describeDockerfile} from './dockerfiles.ts'
import {escapeLog, shorten} from './escape.ts'
import {type Headline, headlineOf} from './headline.ts'
import type {Report, ReportImage, ReportStep} from './report.ts'
import {markOf, ROW_MARKS, rowText} from './row-text.ts'
import {type Row, type RowState, rowsOf, stateOf} from './rows.ts'
import {describeScan, describeUnused} from './scan.ts'
import {staleSuppressions} from './stale-suppressions.ts'
import {filesOf, type NamedFiles, subjectOf} from './subject.ts'
import {byGravity} from './tally.ts'
import {describeTolerance, tolerancesOf} from './tolerance.ts'
import {wrapLine} from './wrap-line.ts'

export interface TextOptions {
  /** Whether ANSI colours may be used. */
  readonly color?: boolean
  /** Columns that a line may have where its words allow it; without it no line is broken. */
  readonly width?: number
  /** Leaves out images and platforms that pass, and what was scanned: `--quiet`. */
  readonly isQuiet?: boolean
}

/** A piece of a line: text of the image or of ours, or a word of ours in a colour. */
type Piece = string | {readonly color: Color; readonly word: string}
type Line = readonly Piece[]

const COLORS = {red: 31, green: 32, yellow: 33, cyan: 36} as const
type Color = keyof typeof COLORS

const LEVEL_COLORS: Readonly<Record<Level, Color>> = {error: 'red', warning: 'yellow', note: 'cyan'}
const NAME_LIMIT = 300
const MESSAGE_LIMIT = 4000

/**
 * The report for a terminal or a log: the verdict, a line for each platform, what fails first, a
 * block for each finding, and the verdict again. Nothing that the image says moves the cursor,
 * hides, or is a command to GitHub's runner.
 */
export function renderText(report: Report, {color = false, width: columns, isQuiet = false}: TextOptions = {}): string {
  const rows = rowsOf(report)
  const width = Math.min(24, Math.max(0, ...rows.map(({name}) => name.length)))
  const headline = headlineOf(report, rows)
  const isShown = (row: Row): boolean => !isQuiet || markOf(report, row) !== 'good'
  const shownRows = Map.groupBy(rows.filter(isShown), ({image}) => image)
  const lines: Line[] = [
    verdictLine(headline),
    [],
    ...failuresFirst(report.images, rows, report)
      .filter(image => !isQuiet || image.problem !== undefined || shownRows.has(image))
      .flatMap(image => [
        [[image.reference, ...(image.digest === undefined ? [] : [image.digest])].map(shortName).join('  ')],
        ...problemLines(image),
        ...byMark(report, shownRows.get(image) ?? []).flatMap(row => [
          rowLine(report, row, width),
          ...(isQuiet ? [] : scanLine(row)),
        ]),
        [],
      ]),
    ...(report.dockerfiles ?? []).map(dockerfile => [shorten(describeDockerfile(dockerfile), MESSAGE_LIMIT)]),
    ...(report.dockerfiles === undefined ? [] : [[]]),
    ...(report.baseline
      ? [
          [`compared with ${report.baseline.reference}: ${shorten(describeBaseline(report.baseline), MESSAGE_LIMIT)}`],
          [],
        ]
      : []),
    ...report.images.flatMap(({reference, baseline}) =>
      baseline === undefined
        ? []
        : [
            [
              `${shortName(reference)} compared with ${baseline.reference}: ${shorten(describeBaseline(baseline), MESSAGE_LIMIT)}`,
            ],
            [],
          ],
    ),
    ...(report.unusedIgnores?.length ? [[shorten(describeUnused(report.unusedIgnores), MESSAGE_LIMIT)], []] : []),
    ...byGravity(report.findings).flatMap(finding => [...findingLines(report, finding), []]),
    ...toleranceLines(report),
    lastLine(report, headline),
  ]
  const shown = lines.map(line => formatLine(line, color))
  return `${shown.map(line => (columns === undefined ? line : wrapLine(line, columns))).join('\n')}\n`
}

/** Images with something wrong come first; among equals the order of the report is kept. */
function failuresFirst(images: readonly ReportImage[], rows: readonly Row[], report: Report): readonly ReportImage[] {
  const wrong = new Set(rows.filter(row => markOf(report, row) === 'bad').map(({image}) => image))
  const rank = (image: ReportImage): number => (image.problem !== undefined || wrong.has(image) ? 0 : 1)
  return images.toSorted((a, b) => rank(a) - rank(b))
}

function byMark(report: Report, rows: readonly Row[]): readonly Row[] {
  const rank = (row: Row): number => ROW_MARKS.indexOf(markOf(report, row))
  return rows.toSorted((a, b) => rank(a) - rank(b))
}

const STATES: Readonly<Record<RowState, {readonly color: Color; readonly word: string}>> = {
  match: {color: 'green', word: 'match'},
  mismatch: {color: 'red', word: 'mismatch'},
  tolerated: {color: 'yellow', word: 'mismatch'},
  undetermined: {color: 'yellow', word: 'undetermined'},
  unchecked: {color: 'yellow', word: 'not checked'},
  absent: {color: 'red', word: 'absent'},
}

function rowLine(report: Report, row: Row, width: number): Line {
  const {color, word} = STATES[stateOf(row)]
  const {what, path, beside} = rowText(report, row)
  const file = path === undefined ? '' : `: ${shortName(path)}`
  const more = beside.length === 0 ? '' : ` (${beside.join(', ')})`
  return [
    `  ${shortName(row.name).padEnd(width)}  `,
    {color, word: word.padEnd(12)},
    `  ${shortName(what)}${file}${more}`,
  ]
}

/** Why an image could not be checked, and what to do. */
function problemLines({problem}: ReportImage): Line[] {
  if (problem === undefined) return []
  return [
    ['  ', {color: 'red', word: 'could not check'}, `: ${shorten(problem.message, MESSAGE_LIMIT)}`],
    ...(problem.hint === undefined ? [] : [[`  ${shorten(problem.hint, MESSAGE_LIMIT)}`]]),
  ]
}

function scanLine({platform}: Row): Line[] {
  return platform?.scan ? [[`    ${describeScan(platform.scan)}`]] : []
}

function findingLines(report: Report, finding: ExplainedFinding): Line[] {
  const {rule, level, message, cause, fix, help} = finding
  const steps = stepsTo(report, finding)
  const layer = cause?.layer ?? steps.at(-1)?.layer
  const files = filesOf(finding)
  const detail = (label: string, text: string): Line => [`  ${`${label}:`.padEnd(8)}${shorten(text, MESSAGE_LIMIT)}`]
  return [
    [
      {color: LEVEL_COLORS[level], word: level},
      ` ${rule}: ${[subjectOf(finding), nameAll(platformsOf(finding))].map(shortName).join(' ')}`,
    ],
    [`  ${shorten(message, MESSAGE_LIMIT)}`],
    ...(steps.length === 0 ? [] : [detail('starts', formatChain(steps, formatStep, ' -> '))]),
    ...(files === undefined ? [] : [detail('files', formatFiles(files))]),
    ...(layer === undefined ? [] : [detail('layer', formatLayer(layer))]),
    // The layer is printed above.
    ...(cause === undefined || cause.kind === 'layer'
      ? []
      : [detail('cause', `${formatLocation(cause)}${cause.message}`)]),
    ...(fix === undefined ? [] : [detail('fix', fix)]),
    detail('help', help),
  ]
}

function formatFiles({named, more}: NamedFiles): string {
  return [...named.map(shortName), ...(more === 0 ? [] : [`and ${more} more`])].join(', ')
}

function formatStep({path, resolved, via}: ReportStep): string {
  const why = shortName(via)
  return resolved === undefined
    ? `${shortName(path)} (${why})`
    : `${shortName(path)} (${why}; the file is ${shortName(resolved)})`
}

function formatLayer({index, digest, createdBy}: FileLayer): string {
  return `${index}${createdBy === undefined ? '' : `, made by ${shortName(createdBy)}`} (${shortName(digest)})`
}

function formatLocation({file, line}: Cause): string {
  if (file === undefined) return ''
  return line === undefined ? `${file}: ` : `${file}:${line}: `
}

/**
 * The rules that are lowered or switched off, whether they found anything or not, and what is suppressed: nothing is
 * hidden by a setting.
 */
function toleranceLines(report: Report): Line[] {
  const lines = [
    ...tolerancesOf(report).map(describeTolerance),
    ...staleSuppressions(report).map(({message}) => message),
  ].map(line => [shorten(line, MESSAGE_LIMIT)])
  return lines.length === 0 ? [] : [...lines, []]
}

/** What a reader looks for: the verdict, and what is wrong. */
function verdictLine(headline: Headline): Line {
  const {words, summary, wrong} = headline
  return [
    {color: colorOf(headline), word: words},
    `: ${wrong.length === 0 ? summary : shorten(wrong.join('; '), MESSAGE_LIMIT)}`,
  ]
}

/** The same with the numbers. */
function lastLine({tool}: Report, headline: Headline): Line {
  const {words, summary, tally, tolerances, wrong} = headline
  const found = tally === '' && tolerances.length === 0 ? 'nothing found' : tally
  const told = shorten(wrong.join('; '), MESSAGE_LIMIT)
  const rest = [told, summary, found, ...tolerances].filter(part => part !== '').join('; ')
  return [`${tool.name} ${tool.version}: `, {color: colorOf(headline), word: words}, `: ${rest}`]
}

function colorOf({outcome, isClean}: Headline): Color {
  return outcome === 'failed' ? 'red' : isClean || outcome === 'verified' ? 'green' : 'yellow'
}

function shortName(text: string): string {
  return shorten(text, NAME_LIMIT)
}

/** Without colours the whole line is looked at once more: two harmless pieces could make a command together. */
function formatLine(line: Line, color: boolean): string {
  if (!color) return escapeLog(line.map(piece => (typeof piece === 'string' ? piece : piece.word)).join('')).trimEnd()
  return line
    .map(piece => (typeof piece === 'string' ? escapeLog(piece) : `\x1b[${COLORS[piece.color]}m${piece.word}\x1b[0m`))
    .join('')
}
