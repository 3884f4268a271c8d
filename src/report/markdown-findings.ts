import type {Cause, ExplainedFinding} from '../explain/index.ts'
import {type Level, platformsOf} from '../rules/finding.ts'
import {type FileLayer, formatChain, natureOf, stepsTo} from './chain.ts'
import {shorten} from './escape.ts'
import {escapeHtml, escapeMarkdown, markdownCode, markdownLink} from './escape-markdown.ts'
import type {Piece} from './page.ts'
import type {Report, ReportStep} from './report.ts'
import {filesOf, type NamedFiles, subjectOf} from './subject.ts'
import {byGravity, plural} from './tally.ts'

/** Of findings that are alike but for the file, so many are shown in full; the others are folded into a list. */
const FULL_PER_GROUP = 3
/** So many are shown in full in all: who has more to mend reads the list. */
const FULL_IN_ALL = 20

const MESSAGE_LIMIT = 1000
const NAME_LIMIT = 300
const COMMAND_LIMIT = 300

const MARKS: Readonly<Record<Level, string>> = {error: '❌', warning: '⚠️', note: 'ℹ️'}

/** A paragraph for each finding, the gravest first; many of one kind are folded, and all notes are. */
export function findingSections(report: Report): Piece[] {
  let full = 0
  return Array.from(groupsOf(report.findings).values()).flatMap(findings => {
    const limit = findings[0]?.level === 'note' ? 0 : Math.min(FULL_PER_GROUP, FULL_IN_ALL - full)
    const told = findings.slice(0, limit)
    const [next, ...others] = findings.slice(limit)
    full += told.length
    return [
      ...told.map(finding => ({text: paragraph(report, finding), findings: 1})),
      ...(next === undefined ? [] : [fold(report, [next, ...others], told.length > 0)]),
    ]
  })
}

/** By level, rule, image and platform, in the order of the first of each. */
function groupsOf(findings: readonly ExplainedFinding[]): Map<string, ExplainedFinding[]> {
  return Map.groupBy(byGravity(findings), ({level, rule, image, file, platform}) =>
    JSON.stringify([level, rule, image, file, platform]),
  )
}

function paragraph(report: Report, finding: ExplainedFinding): string {
  const {level, rule, image, platform, message, cause, fix, help} = finding
  const isTold = image !== undefined && report.images.length === 1
  // Of several images the heading says which: a reader goes by the headings.
  const heading = image === undefined || isTold ? '' : `${markdownCode(shorten(image, NAME_LIMIT))}: `
  const files = filesOf(finding)
  const steps = stepsTo(report, finding)
  const layer = cause?.layer ?? steps.at(-1)?.layer
  const at = [
    ...(platform === undefined ? [] : [listOf(platformsOf(finding))]),
    ...(image === undefined ? [markdownCode(shorten(subjectOf(finding), NAME_LIMIT))] : []),
  ]
  return [
    `### ${MARKS[level]} ${heading}${escapeMarkdown(shorten(message, MESSAGE_LIMIT))}\n`,
    ...(steps.length === 0 ? [] : [`- Starts: ${formatChain(steps, formatStep, ' → ')}`]),
    ...(files === undefined ? [] : [`- Files: ${formatFiles(files)}`]),
    ...(layer === undefined ? [] : [`- Comes from: ${formatLayer(layer)}`]),
    ...(cause === undefined || cause.kind === 'layer'
      ? []
      : [`- Cause: ${formatLocation(cause)}${escapeMarkdown(shorten(cause.message, MESSAGE_LIMIT))}`]),
    ...(fix === undefined ? [] : [`- **Fix:** ${fixOf(finding, fix)}`]),
    `- Rule: ${markdownLink(rule, help)}${at.length === 0 ? '' : `, in ${at.join(' of ')}`}\n`,
  ].join('\n')
}

/** Platforms that one line names. */
const NAMED = 12

function listOf(platforms: readonly string[]): string {
  const more = platforms.length - NAMED
  const names = platforms.slice(0, NAMED).map(platform => markdownCode(shorten(platform, NAME_LIMIT)))
  return [...names, ...(more > 0 ? [`and ${more} more`] : [])].join(', ')
}

function formatFiles({named, more}: NamedFiles): string {
  const names = named.map(file => markdownCode(shorten(file, NAME_LIMIT)))
  return [...names, ...(more === 0 ? [] : [`and ${more} more`])].join(', ')
}

/**
 * For a Dockerfile it is a line to copy, unless it is a sentence: as code nothing is put between its characters.
 */
function fixOf({file}: ExplainedFinding, fix: string): string {
  const text = shorten(fix, MESSAGE_LIMIT)
  return file === undefined || /^[A-Z][a-z]+ .*\.$/s.test(fix) ? escapeMarkdown(text) : markdownCode(text)
}

function formatStep(step: ReportStep): string {
  const link = step.resolved === undefined ? '' : `, the file ${markdownCode(shorten(step.resolved, NAME_LIMIT))}`
  const nature = escapeMarkdown(shorten(natureOf(step), NAME_LIMIT))
  return `${markdownCode(shorten(step.path, NAME_LIMIT))} (${escapeMarkdown(shorten(step.via, NAME_LIMIT))}${link}): ${nature}`
}

/** As much of a digest as `docker` shows; the JSON report has all of it. */
const SHORT_DIGEST = /^(sha\d+:[0-9a-f]{12})[0-9a-f]{52,}$/

function formatLayer({index, digest, createdBy}: FileLayer): string {
  const made = createdBy === undefined ? '' : `, made by ${markdownCode(shorten(createdBy, COMMAND_LIMIT))}`
  return `layer ${index}${made} (${markdownCode(shorten(digest.replace(SHORT_DIGEST, '$1'), NAME_LIMIT))})`
}

function formatLocation({file, line}: Cause): string {
  if (file === undefined) return ''
  return `${markdownCode(line === undefined ? shorten(file, NAME_LIMIT) : `${shorten(file, NAME_LIMIT)}:${line}`)}: `
}

/** Findings of one group as a list that opens when it is requested. */
function fold(report: Report, findings: readonly [ExplainedFinding, ...ExplainedFinding[]], isRest: boolean): Piece {
  const [first] = findings
  const {level, rule, image, file, platform, help, fix} = first
  // One fix for all is shown once.
  const shared = findings.every(finding => finding.fix === fix) ? fix : undefined
  const at = [
    ...(platform === undefined ? [] : [platform]),
    ...(image !== undefined && report.images.length === 1 ? [] : [image ?? file ?? '']),
  ]
  const count = plural(findings.length, `${isRest ? 'more ' : ''}${level}`)
  const title = [rule, ...at.map(part => shorten(part, NAME_LIMIT))].join(' ')
  return {
    text: `<details><summary>${MARKS[level]} ${count}: ${escapeHtml(title)}</summary>\n${shared === undefined ? '' : `\n**Fix:** ${fixOf(first, shared)}\n`}`,
    within: {
      pieces: [
        ...findings.map(finding => ({text: listItem(finding, shared), findings: 1})),
        {text: `\n${markdownLink(`About ${rule}`, help)}`},
      ],
      close: '\n</details>\n',
    },
  }
}

function listItem(finding: ExplainedFinding, shared: string | undefined): string {
  const {message, fix, file, line} = finding
  const at = file === undefined || line === undefined ? '' : `line ${line}: `
  const mend = fix === undefined || fix === shared ? '' : `<br>Fix: ${fixOf(finding, fix)}`
  return `- ${at}${escapeMarkdown(shorten(message, MESSAGE_LIMIT))}${mend}`
}
