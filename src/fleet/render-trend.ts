import {formatJson} from '../report/escape.ts'
import {escapeLogLines, escapeMarkdown, escapeText} from '../report/index.ts'
import {plural} from '../report/tally.ts'
import type {Trend, TrendItem} from './trend.ts'

export const TREND_FORMATS = ['text', 'markdown', 'json'] as const
export type TrendFormat = (typeof TREND_FORMATS)[number]

/** Lines of one kind that a text shows; JSON has all. */
const SHOWN = 50

/** What became of findings, with what a reader wants to see one by one; what is only counted has no lines. */
const KINDS = [
  ['new', 'new', true],
  ['mended', 'mended', true],
  ['unchanged', 'unchanged', false],
  ['setAside', 'set aside now', true],
  ['unknown', 'in images that could not be checked now', false],
  ['gone', 'in images that are not in the inventory any more', false],
] as const

/** A trend for a reader, for a summary or for a program. */
export function renderTrend(trend: Trend, format: TrendFormat): string {
  if (format === 'json') return formatJson(trend)
  return format === 'markdown' ? renderMarkdown(trend) : escapeLogLines(renderText(trend))
}

/** `2 new, 1 mended, 3 unchanged`: what is none is said of the first three alone. */
export function headlineOfTrend(trend: Trend): string {
  return KINDS.flatMap(([key, words], index) =>
    index < 3 || trend[key].length > 0 ? [`${trend[key].length} ${words}`] : [],
  ).join(', ')
}

function renderText(trend: Trend): string {
  const lines = [`since the last run: ${headlineOfTrend(trend)}`]
  for (const [key, words, isListed] of KINDS) {
    if (!isListed) continue
    for (const item of trend[key].slice(0, SHOWN)) lines.push(`  ${words}: ${escapeText(lineOf(item))}`)
    lines.push(...restOf(trend[key]).map(rest => `  ${words}: ${rest}`))
  }
  return `${[...lines, ...besides(trend).map(text => `  ${escapeText(text)}`)].join('\n')}\n`
}

function renderMarkdown(trend: Trend): string {
  const lines = [`### Since the last run: ${headlineOfTrend(trend)}`, '']
  for (const [key, words, isListed] of KINDS) {
    if (!isListed || trend[key].length === 0) continue
    const items = [
      ...trend[key].slice(0, SHOWN).map(item => `- ${escapeMarkdown(lineOf(item))}`),
      ...restOf(trend[key]).map(rest => `- ${rest}`),
    ]
    // What is new is what a reader came for.
    if (key === 'new') lines.push(`**${words}**`, '', ...items, '')
    else lines.push(`<details><summary>${trend[key].length} ${words}</summary>`, '', ...items, '', '</details>', '')
  }
  const beside = besides(trend).map(text => `- ${escapeMarkdown(text)}`)
  return `${[...lines, ...beside].join('\n').trimEnd()}\n`
}

function lineOf({image, rule, level, platform, message}: TrendItem): string {
  return `${level} ${rule}: ${[image, platform].filter(part => part !== undefined).join(' ')}: ${message}`
}

function restOf(items: readonly TrendItem[]): readonly string[] {
  return items.length <= SHOWN ? [] : [`${items.length - SHOWN} more`]
}

function besides({images: {count, before, added, removed}, otherwise}: Trend): readonly string[] {
  const changes = [
    ...(added.length === 0 ? [] : [`${added.length} added`]),
    ...(removed.length === 0 ? [] : [`${removed.length} removed`]),
  ]
  const change = changes.length === 0 ? '' : `: ${changes.join(', ')}`
  return [`${plural(count, 'image')}, ${before} before${change}`, ...otherwise]
}
