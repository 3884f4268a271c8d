import {describeBaseline} from './baseline.ts'
import {natureOf, tellingProblem} from './chain.ts'
import {describeDockerfile} from './dockerfiles.ts'
import {shorten} from './escape.ts'
import {escapeMarkdown, markdownCode} from './escape-markdown.ts'
import {headlineOf} from './headline.ts'
import {findingSections} from './markdown-findings.ts'
import {createPage} from './page.ts'
import type {Report, ReportBaseline, ReportImage} from './report.ts'
import {claimedMachine, type Row, type RowState, rowsOf, stateOf} from './rows.ts'
import {describeScan, describeUnused} from './scan.ts'
import {formatTally, plural, tallyOf} from './tally.ts'
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
const TABLE_LIMIT = 100
const IMAGE_LIMIT = 20

/** The report as GitHub's Markdown: the verdict, one table, and what was found, the gravest first. */
export function renderMarkdown(report: Report, {budget = SUMMARY_BUDGET}: MarkdownOptions = {}): string {
  const page = createPage(budget)
  const rows = rowsOf(report)
  page.add({text: `## ${headline(report, rows)}\n`})
  page.add(...report.images.slice(0, IMAGE_LIMIT).map(image => ({text: imageLine(image)})))
  if (report.images.length > IMAGE_LIMIT) page.add({text: `- and ${report.images.length - IMAGE_LIMIT} more`})
  for (const dockerfile of (report.dockerfiles ?? []).slice(0, IMAGE_LIMIT)) {
    page.add({text: `- ${escapeMarkdown(shorten(describeDockerfile(dockerfile), TEXT_LIMIT))}`})
  }
  if (report.baseline) page.add({text: baselineLine(report.baseline)})
  page.add(...scanLines(rows).map(text => ({text})))
  if (report.unusedIgnores?.length) {
    page.add({text: `- ${escapeMarkdown(shorten(describeUnused(report.unusedIgnores), TEXT_LIMIT))}`})
  }
  page.add(
    ...tolerancesOf(report).map(tolerance => ({
      text: `- ${escapeMarkdown(shorten(describeTolerance(tolerance), TEXT_LIMIT))}`,
    })),
  )
  page.add({text: ''}, ...tableOf(rows, report.images.length > 1).map(text => ({text})), {text: ''})
  page.add(...findingSections(report))
  const missing = page.findingsLeftOut()
  if (missing > 0) {
    page.close(
      `\n> ${plural(missing, 'more finding')} had no room here (the limit is ${Math.floor(budget / 1024)} KiB). The JSON report has them all.`,
    )
  }
  page.close(
    `\n<sub>${escapeMarkdown(`${report.tool.name} ${report.tool.version}`)}. Nothing in the image was executed.</sub>`,
  )
  return page.text()
}

function headline(report: Report, rows: readonly Row[]): string {
  const {outcome, isClean, words, summary, tally, tolerances} = headlineOf(report, rows)
  const all = [...(tally === '' ? [] : [tally]), ...tolerances].join('; ')
  const title = `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`
  switch (outcome) {
    case 'dockerfiles':
      return isClean ? `✅ ${summary}` : `⚠️ ${summary}, with ${all}`
    case 'failed': {
      if (report.images.length === 0 && report.dockerfiles !== undefined) return `❌ ${summary}: ${all}`
      if (all !== '' && rows.every(row => stateOf(row) === 'match')) return `❌ ${title}: ${all}`
      return `❌ ${title}: ${wrongOf(report, rows) ?? summary}${all === '' ? '' : ` (${all})`}`
    }
    case 'verified':
      if (!isClean) return `⚠️ Passed, with ${all}`
      return `✅ Verified: ${rows.length === 1 ? 'the platform is' : `all ${plural(rows.length, 'platform')} are`} what the manifest says`
    default:
      return `⚠️ ${title}: ${summary}${all === '' ? '' : ` (${all})`}`
  }
}

/** What is wrong with platforms that were read, where that is all that fails. */
function wrongOf(report: Report, rows: readonly Row[]): string | undefined {
  const bad = rows.filter(({findings}) => findings.some(({level}) => level === 'error')).length
  if (bad === 0 || report.images.some(({problem}) => problem !== undefined)) return undefined
  return `${bad} of ${plural(rows.length, 'platform')} ${bad === 1 ? 'is' : 'are'} wrong`
}

function imageLine({reference, digest, problem}: ReportImage): string {
  const name = markdownCode(shorten(reference, NAME_LIMIT))
  if (problem !== undefined)
    return `- ❌ ${name} could not be checked: ${escapeMarkdown(shorten(problem.message, TEXT_LIMIT))}`
  return digest === undefined || reference.endsWith(`@${digest}`)
    ? `- ${name}`
    : `- ${name} is ${markdownCode(shorten(digest, NAME_LIMIT))}`
}

function baselineLine(baseline: ReportBaseline): string {
  const name = markdownCode(shorten(baseline.reference, NAME_LIMIT))
  return `- Compared with ${name}: ${escapeMarkdown(shorten(describeBaseline(baseline), TEXT_LIMIT))}`
}

/** A line for each platform whose files were all looked at. */
function scanLines(rows: readonly Row[]): string[] {
  const scanned = rows.flatMap(({name, platform}) => (platform?.scan ? [{name, scan: platform.scan}] : []))
  const lines = scanned.slice(0, TABLE_LIMIT).map(({name, scan}) => {
    const line = escapeMarkdown(shorten(describeScan(scan), TEXT_LIMIT))
    return `- ${markdownCode(shorten(name, NAME_LIMIT))}: ${line}`
  })
  return scanned.length > TABLE_LIMIT ? [...lines, `- and ${scanned.length - TABLE_LIMIT} more`] : lines
}

/** One row for each platform; of very many, those that match are left out first. */
function tableOf(rows: readonly Row[], withImage: boolean): string[] {
  if (rows.length === 0) return []
  const notMatching = rows.filter(row => stateOf(row) !== 'match' || row.findings.length > 0)
  const shown = rows.length <= TABLE_LIMIT ? rows : notMatching.slice(0, TABLE_LIMIT)
  const header = [...(withImage ? ['Image'] : []), 'Platform', 'The manifest says', 'The program is', 'Verdict']
  const more = rows.length - shown.length
  return [
    formatRow(header),
    formatRow(header.map(() => '---')),
    ...shown.map(row =>
      formatRow([...(withImage ? [markdownCode(shorten(row.image.reference, NAME_LIMIT))] : []), ...cells(row)]),
    ),
    ...(more === 0 ? [] : [`\n${plural(more, 'more platform')} not shown here, those that match among them.`]),
  ]
}

function formatRow(row: readonly string[]): string {
  return `| ${row.join(' | ')} |`
}

function cells(row: Row): string[] {
  return [markdownCode(shorten(row.name, NAME_LIMIT)), claimOf(row), programOf(row), verdictOf(row)]
}

function claimOf({name, platform}: Row): string {
  if (platform === undefined) return '(not there)'
  const machine = claimedMachine(name)
  return machine === undefined ? '–' : escapeMarkdown(machine)
}

function programOf(row: Row): string {
  const {platform} = row
  if (platform === undefined) return '–'
  const {step, rule} = tellingProblem(row)
  const parts = step === undefined ? ['(no program)'] : [natureOf(step)]
  const nature = [...parts, ...(rule === undefined ? [] : [rule])].map(part =>
    escapeMarkdown(shorten(part, NAME_LIMIT)),
  )
  const words = nature.join(', ')
  const shown = platform.verdict === 'mismatch' ? `**${words}**` : words
  return step === undefined ? shown : `${shown}: ${markdownCode(shorten(step.path, NAME_LIMIT))}`
}

const STATES: Readonly<Record<RowState, {readonly mark: string; readonly word: string}>> = {
  match: {mark: '✅', word: 'match'},
  mismatch: {mark: '❌', word: 'mismatch'},
  tolerated: {mark: '⚠️', word: 'mismatch, tolerated'},
  undetermined: {mark: '⚠️', word: 'undetermined'},
  unchecked: {mark: '⚠️', word: 'undetermined, not checked'},
  absent: {mark: '❌', word: 'absent'},
}

function verdictOf(row: Row): string {
  const tally = tallyOf(row.findings)
  const state = stateOf(row)
  const {mark, word} = STATES[state]
  const found = formatTally(tally)
  // Of a rule whose level was raised: it fails the check, and the platform is right all the same.
  if (state === 'match' && tally.error > 0) return `❌ ${found}, otherwise a match`
  const words = [word, found].filter(part => part !== '').join(', ')
  const isLight = state === 'match' ? tally.warning > 0 : state === 'absent' && tally.error === 0
  return `${isLight ? '⚠️' : mark} ${words}`
}
