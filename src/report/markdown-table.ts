import {shorten} from './escape.ts'
import {escapeMarkdown, markdownCell} from './escape-markdown.ts'
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

/**
 * A row for each image that could not be read and each platform, what fails first; those that match are folded. There
 * are two columns, so that a phone shows both: of several images the second one says which it is.
 */
export function platformTables(report: Report, rows: readonly Row[]): Piece[] {
  const withImage = report.images.length > 1
  const byMark = Map.groupBy(rows, row => markOf(report, row))
  const of = (mark: RowMark): string[] => (byMark.get(mark) ?? []).map(row => formatRow(report, row, withImage))
  const unread = report.images.filter(({problem}) => problem !== undefined).map(image => unreadRow(image, withImage))
  const shown = [...unread, ...of('bad'), ...of('doubtful')]
  const good = of('good')
  if (shown.length === 0 && good.length <= OPEN_LIMIT) return tableOf(good, '').map(text => ({text}))
  return [
    ...tableOf(shown, 'more row').map(text => ({text})),
    ...(good.length === 0
      ? []
      : [
          {
            text: `\n<details><summary>✅ ${plural(good.length, 'platform')} ${good.length === 1 ? 'matches' : 'match'}</summary>\n`,
            within: {
              pieces: tableOf(good, 'more platform').map(text => ({text})),
              close: '\n</details>\n',
            },
          },
        ]),
  ]
}

function tableOf(lines: readonly string[], more: string): string[] {
  if (lines.length === 0) return []
  const left = lines.length - TABLE_LIMIT
  return [
    cellsOf(['Platform', 'What starts']),
    cellsOf([':--', ':--']),
    ...lines.slice(0, TABLE_LIMIT),
    ...(left > 0 ? [`\n${plural(left, more)} not shown here.`] : []),
  ]
}

function formatRow(report: Report, row: Row, withImage: boolean): string {
  const {mark, what, path, beside} = rowText(report, row)
  const words = escapeMarkdown(shorten(what, NAME_LIMIT))
  const told = mark === 'good' ? words : `**${words}**`
  const file = path === undefined ? '' : `: ${markdownCell(shorten(path, NAME_LIMIT))}`
  const more = beside.length === 0 ? '' : ` (${escapeMarkdown(beside.join(', '))})`
  const of = withImage ? `<br>${imageCell(row.image)}` : ''
  // The mark stays beside the name.
  return cellsOf([`${MARKS[mark]}&nbsp;${markdownCell(shorten(row.name, NAME_LIMIT))}`, `${told}${file}${more}${of}`])
}

function unreadRow(image: ReportImage, withImage: boolean): string {
  const {problem} = image
  const why = [problem?.message, problem?.hint]
    .flatMap(text => (text === undefined ? [] : text.split('\n')))
    .map(line => escapeMarkdown(shorten(line, TEXT_LIMIT)))
    .join('<br>')
  const of = withImage ? `<br>${imageCell(image)}` : ''
  return cellsOf([`${MARKS.bad}&nbsp;all`, `**could not be checked**: ${why}${of}`])
}

/** An image named by its digest has the first part of it here: the whole digest comes last. */
function imageCell({reference}: ReportImage): string {
  return markdownCell(shorten(reference.replace(/(@sha\d+:[0-9a-f]{12})[0-9a-f]{52,}$/, '$1…'), NAME_LIMIT))
}

function cellsOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
