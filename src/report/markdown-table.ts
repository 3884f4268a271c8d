import {shorten} from './escape.ts'
import {escapeMarkdown, markdownCode} from './escape-markdown.ts'
import type {Piece} from './page.ts'
import type {Report, ReportImage} from './report.ts'
import {markOf, type RowMark, rowText} from './row-text.ts'
import type {Row} from './rows.ts'
import {plural} from './tally.ts'

const NAME_LIMIT = 200
const TEXT_LIMIT = 1000
/** Rows of one table, and rows that match and are shown without opening anything. */
const TABLE_LIMIT = 100
const OPEN_LIMIT = 12

const MARKS: Readonly<Record<RowMark, string>> = {bad: '❌', doubtful: '⚠️', good: '✅'}

/** A row for each image that could not be read and each platform, what fails first; those that match are folded. */
export function platformTables(report: Report, rows: readonly Row[]): Piece[] {
  const withImage = report.images.length > 1
  const byMark = Map.groupBy(rows, row => markOf(report, row))
  const of = (mark: RowMark): string[] => (byMark.get(mark) ?? []).map(row => formatRow(report, row, withImage))
  const unread = report.images.filter(({problem}) => problem !== undefined).map(image => unreadRow(image, withImage))
  const shown = [...unread, ...of('bad'), ...of('doubtful')]
  const good = of('good')
  if (shown.length === 0 && good.length <= OPEN_LIMIT) return tableOf(good, withImage, '').map(text => ({text}))
  return [
    ...tableOf(shown, withImage, 'more row').map(text => ({text})),
    ...(good.length === 0
      ? []
      : [
          {
            text: `\n<details><summary>✅ ${plural(good.length, 'platform')} ${good.length === 1 ? 'matches' : 'match'}</summary>\n`,
            within: {
              pieces: tableOf(good, withImage, 'more platform').map(text => ({text})),
              close: '\n</details>\n',
            },
          },
        ]),
  ]
}

function tableOf(lines: readonly string[], withImage: boolean, more: string): string[] {
  if (lines.length === 0) return []
  const header = ['', ...(withImage ? ['Image'] : []), 'Platform', 'What starts']
  const left = lines.length - TABLE_LIMIT
  return [
    cellsOf(header),
    cellsOf(header.map(() => '---')),
    ...lines.slice(0, TABLE_LIMIT),
    ...(left > 0 ? [`\n${plural(left, more)} not shown here.`] : []),
  ]
}

function formatRow(report: Report, row: Row, withImage: boolean): string {
  const {mark, what, path, beside} = rowText(report, row)
  const words = escapeMarkdown(shorten(what, NAME_LIMIT))
  const told = mark === 'good' ? words : `**${words}**`
  const file = path === undefined ? '' : `: ${markdownCode(shorten(path, NAME_LIMIT))}`
  const more = beside.length === 0 ? '' : ` (${escapeMarkdown(beside.join(', '))})`
  return cellsOf([
    MARKS[mark],
    ...(withImage ? [markdownCode(shorten(row.image.reference, NAME_LIMIT))] : []),
    markdownCode(shorten(row.name, NAME_LIMIT)),
    `${told}${file}${more}`,
  ])
}

function unreadRow({reference, problem}: ReportImage, withImage: boolean): string {
  const why = [problem?.message, problem?.hint]
    .flatMap(text => (text === undefined ? [] : text.split('\n')))
    .map(line => escapeMarkdown(shorten(line, TEXT_LIMIT)))
    .join('<br>')
  return cellsOf([
    MARKS.bad,
    ...(withImage ? [markdownCode(shorten(reference, NAME_LIMIT))] : []),
    '–',
    `**could not be checked**: ${why}`,
  ])
}

function cellsOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
