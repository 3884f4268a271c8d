import {parsePlatform, programTarget} from '../platform/index.ts'
import {describeBaseline} from './baseline.ts'
import {natureOf, tellingStep} from './chain.ts'
import {describeDockerfile} from './dockerfiles.ts'
import {shorten} from './escape.ts'
import {escapeMarkdown, markdownCode} from './escape-markdown.ts'
import {findingSections} from './markdown-findings.ts'
import {createPage} from './page.ts'
import type {Report, ReportBaseline, ReportImage} from './report.ts'
import {describeScan, describeUnused} from './scan.ts'
import {formatTally, plural, type Row, rowsOf, tallyOf} from './tally.ts'

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
  const tally = tallyOf(report.findings)
  const words = formatTally(tally)
  const files = report.images.length === 0 ? report.dockerfiles : undefined
  if (files !== undefined) {
    const checked = `${plural(files.length, 'Dockerfile')} checked`
    if (report.verdict === 'fail') return `❌ ${checked}: ${words}`
    return tally.error + tally.warning > 0 ? `⚠️ ${checked}, with ${words}` : `✅ ${checked}`
  }
  if (report.verdict === 'fail') {
    const bad = rows.filter(({findings}) => findings.some(({level}) => level === 'error')).length
    if (bad === 0) return `❌ Not verified: ${words}`
    return `❌ Not verified: ${bad} of ${plural(rows.length, 'platform')} ${bad === 1 ? 'is' : 'are'} wrong (${words})`
  }
  if (rows.length === 0) return '⚠️ No platform was checked'
  if (tally.error + tally.warning > 0) return `⚠️ Passed, with ${words}`
  return `✅ Verified: ${rows.length === 1 ? 'the platform is' : `all ${plural(rows.length, 'platform')} are`} what the manifest says`
}

function imageLine({reference, digest}: ReportImage): string {
  const name = markdownCode(shorten(reference, NAME_LIMIT))
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
  const notMatching = rows.filter(({platform, findings}) => platform?.verdict !== 'match' || findings.length > 0)
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
  const {name, platform, findings} = row
  return [markdownCode(shorten(name, NAME_LIMIT)), claimOf(row), programOf(platform, findings), verdictOf(row)]
}

/** The machine that the platform's programs must be for. */
function claimOf({name, platform}: Row): string {
  if (platform === undefined) return '(not there)'
  const parsed = parsePlatform(name)
  const target = parsed.ok ? programTarget(parsed.value) : undefined
  return target === undefined ? '–' : escapeMarkdown(target.name)
}

function programOf(platform: Row['platform'], findings: Row['findings']): string {
  if (platform === undefined) return '–'
  const step = tellingStep(platform, findings)
  if (step === undefined) return '(no program)'
  const nature = escapeMarkdown(shorten(natureOf(step), NAME_LIMIT))
  return `${platform.verdict === 'mismatch' ? `**${nature}**` : nature}: ${markdownCode(shorten(step.path, NAME_LIMIT))}`
}

function verdictOf({platform, findings}: Row): string {
  const tally = tallyOf(findings)
  const words = [platform?.verdict ?? 'absent', formatTally(tally)].filter(part => part !== '').join(', ')
  if (platform === undefined || platform.verdict === 'mismatch' || tally.error > 0) return `❌ ${words}`
  return platform.verdict === 'undetermined' || tally.warning > 0 ? `⚠️ ${words}` : `✅ ${words}`
}
