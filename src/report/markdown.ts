import {describeBaseline} from './baseline.ts'
import {describeDockerfile} from './dockerfiles.ts'
import {shorten} from './escape.ts'
import {escapeMarkdown, markdownCode} from './escape-markdown.ts'
import {type Headline, headlineOf, titleOf} from './headline.ts'
import {findingSections} from './markdown-findings.ts'
import {platformTables} from './markdown-table.ts'
import {createPage, type Piece} from './page.ts'
import type {Report} from './report.ts'
import {type Row, rowsOf} from './rows.ts'
import {describeScan, describeUnused} from './scan.ts'
import {staleSuppressions} from './stale-suppressions.ts'
import {plural} from './tally.ts'
import {describeTolerance, tolerancesOf} from './tolerance.ts'

export interface MarkdownOptions {
  /** In bytes of UTF-8. */
  readonly budget?: number
}

/**
 * The runner uploads no summary of more than 1 MiB (actions/runner FileCommandManager,
 * `_attachmentSizeLimit`); other steps of ours may write, too.
 */
export const SUMMARY_BUDGET = 900 * 1024

const NAME_LIMIT = 200
const TEXT_LIMIT = 1000
/** Characters of one sentence of the headline. */
const HEADLINE_LIMIT = 300
const LINE_LIMIT = 100
const IMAGE_LIMIT = 20

/**
 * The report as GitHub's Markdown, for a reader with ten seconds: what is wrong, the platforms that fail, what was
 * found, the gravest first; what matches is folded, and digests come last.
 */
export function renderMarkdown(report: Report, {budget = SUMMARY_BUDGET}: MarkdownOptions = {}): string {
  const page = createPage(budget)
  const rows = rowsOf(report)
  const headline = headlineOf(report, rows)
  page.add({text: `## ${title(rows, headline)}\n`})
  page.add(...subtitle(report, headline))
  page.add(...platformTables(report, rows), {text: ''})
  const beside = besides(report).map(line => ({text: `- ${escapeMarkdown(shorten(line, TEXT_LIMIT))}`}))
  if (beside.length > 0) page.add(...beside, {text: ''})
  page.add(...findingSections(report))
  page.add(...scans(rows), ...digests(report))
  const missing = page.findingsLeftOut()
  if (missing > 0) {
    page.close(
      `\n> ${plural(missing, 'more finding')} did not fit here (the limit is ${Math.floor(budget / 1024)} KiB). The JSON report contains them all.`,
    )
  }
  page.close(
    `\n<sub>${escapeMarkdown(`${report.tool.name} ${report.tool.version}`)}. Nothing in the image was executed.</sub>`,
  )
  return page.text()
}

/** The settings that hide something are named in it: who reads nothing else reads this. */
function title(rows: readonly Row[], headline: Headline): string {
  const {tolerances} = headline
  const hidden = tolerances.length === 0 ? '' : ` (${escapeMarkdown(tolerances.join('; '))})`
  return `${verdictOf(rows, headline)}${hidden}`
}

function verdictOf(rows: readonly Row[], headline: Headline): string {
  const {outcome, isClean, summary, tally} = headline
  const wrong = headline.wrong.map(sentence => escapeMarkdown(shorten(sentence, HEADLINE_LIMIT))).join('; ')
  const word = titleOf(headline)
  switch (outcome) {
    case 'dockerfiles':
      return isClean ? `✅ ${summary}` : `⚠️ ${summary}${tally === '' ? '' : `, with ${tally}`}`
    case 'failed':
      return `❌ ${wrong === '' ? `${word}: ${tally === '' ? summary : tally}` : wrong}`
    case 'verified':
      if (!isClean) return `⚠️ Passed, with ${tally === '' ? summary : tally}`
      return `✅ Verified: ${rows.length === 1 ? 'the platform is' : `all ${plural(rows.length, 'platform')} are`} what the manifest says`
    case 'passed':
      return `⚠️ ${word}${wrong === '' ? `: ${summary}` : `, but ${wrong}`}`
    case 'undetermined':
    case 'unchecked':
      return `⚠️ ${word}: ${wrong === '' ? summary : wrong}`
  }
}

/** Which image it is, and the numbers. */
function subtitle({images}: Report, headline: Headline): Piece[] {
  const {outcome, isClean, summary, tally} = headline
  const [first] = images
  if (first === undefined && outcome === 'unchecked') return []
  const of =
    first === undefined
      ? ''
      : images.length === 1
        ? `${markdownCode(shorten(first.reference, NAME_LIMIT))}: `
        : `${plural(images.length, 'image')}: `
  const found = (outcome === 'verified' && isClean) || tally === '' ? '' : `; ${tally}`
  const counts = escapeMarkdown(`${summary}${found}`)
  return [
    {
      text: `${outcome === 'failed' ? `**${titleOf(headline)}.** ` : ''}${of}${counts}.\n`,
    },
  ]
}

/** What else there is to say of the whole: the settings that hide something first. */
function besides(report: Report): readonly string[] {
  const {baseline, dockerfiles = [], unusedIgnores} = report
  return [
    ...tolerancesOf(report).map(describeTolerance),
    ...staleSuppressions(report).map(({message}) => message),
    ...ownBaselines(report),
    ...(baseline ? [`Compared with ${baseline.reference}: ${describeBaseline(baseline)}`] : []),
    ...(unusedIgnores?.length ? [describeUnused(unusedIgnores)] : []),
    ...dockerfiles.slice(0, IMAGE_LIMIT).map(describeDockerfile),
    ...(dockerfiles.length > IMAGE_LIMIT ? [`and ${plural(dockerfiles.length - IMAGE_LIMIT, 'more Dockerfile')}`] : []),
  ]
}

/** Of images that have a baseline of their own. */
function ownBaselines({images}: Report): readonly string[] {
  const lines = images.flatMap(({reference, baseline}) =>
    baseline === undefined ? [] : [`${reference} compared with ${baseline.reference}: ${describeBaseline(baseline)}`],
  )
  const more = lines.length - IMAGE_LIMIT
  return more > 0 ? [...lines.slice(0, IMAGE_LIMIT), `and ${plural(more, 'more comparison')}`] : lines
}

function limited(lines: readonly string[], limit: number): readonly string[] {
  return lines.length > limit ? [...lines.slice(0, limit), `- and ${lines.length - limit} more`] : lines
}

/** What the walk through all files of each platform saw. */
function scans(rows: readonly Row[]): Piece[] {
  const lines = rows.flatMap(({name, platform}) =>
    platform?.scan
      ? [
          `- ${markdownCode(shorten(name, NAME_LIMIT))}: ${escapeMarkdown(shorten(describeScan(platform.scan), TEXT_LIMIT))}`,
        ]
      : [],
  )
  return folded('Files scanned', lines)
}

function folded(summary: string, lines: readonly string[]): Piece[] {
  if (lines.length === 0) return []
  const pieces = limited(lines, LINE_LIMIT).map(text => ({text}))
  return [{text: `<details><summary>${summary}</summary>\n`, within: {pieces, close: '\n</details>\n'}}]
}

/** The digest of each image, for who signs; last, because nobody reads it first. */
function digests({images}: Report): Piece[] {
  const lines = images.flatMap(({reference, digest}) => {
    if (digest === undefined) return []
    const name = markdownCode(shorten(reference, NAME_LIMIT))
    return reference.endsWith(`@${digest}`) ? `- ${name}` : `- ${name} is ${markdownCode(shorten(digest, NAME_LIMIT))}`
  })
  const [first] = lines
  return lines.length === 1 && first !== undefined ? [{text: first}] : folded(plural(lines.length, 'digest'), lines)
}
