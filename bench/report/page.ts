import {wrapMarkdown} from '../../scripts/support/wrap-markdown.ts'
import {AIMS} from './aims.ts'
import {type AimRow, aimRows, formatMeasured, formatMet, isRowMet} from './aims-table.ts'
import {formatBound, type Table} from './figures.ts'
import type {Machine, Part, Results} from './results.ts'
import {WHY_NOT_MET} from './why-not-met.ts'

/** How a Markdown table is written. */
export type WriteTable = (head: readonly string[], rows: readonly (readonly string[])[]) => string

/** The parts of docs/benchmarks.md that are made from the results: by the names of their places. */
export function benchmarksPage(
  results: Results,
  table: WriteTable,
  why = WHY_NOT_MET,
): Readonly<Record<string, string>> {
  const rows = aimRows(results)
  return {
    machine: machines(results),
    aims: table(
      ['path', 'aim', 'measured', 'met', 'how'],
      rows.map(row => [AIMS[row.aim].path, formatBound(row.aim), formatMeasured(row), formatMet(row), how(row)]),
    ),
    limits: limits(rows, why),
    tables: results.parts.map(part => figuresOf(part, table)).join('\n\n'),
  }
}

/** Which figure is of which state. */
function how({figure, part}: AimRow): string {
  if (figure === undefined || part === undefined) return ''
  const rounds = `${figure.rounds} round${figure.rounds === 1 ? '' : 's'}`
  return [figure.detail, rounds, ...(part.quick ? [QUICK] : []), state(part)].join('; ')
}

const QUICK = 'tiny sizes'

function state({version, date}: Part): string {
  return `version ${version} on ${date}`
}

function machines({parts}: Results): string {
  const byMachine = Map.groupBy(parts, ({machine}) => describeMachine(machine))
  const lines = [...byMachine].map(([machine, measured]) => {
    const names = byMachine.size === 1 ? 'All' : measured.map(({bench}) => bench).join(', ')
    return `- ${names}: ${machine}.`
  })
  return wrapMarkdown(lines.join('\n'))
}

function describeMachine({processor, processors, memory, system, node, programs}: Machine): string {
  const versions = Object.entries(programs).map(([name, version]) => `${name} ${version}`)
  return `${processors} × ${processor}, ${memory} GiB of memory, ${system}, node ${node}; ${versions.join(', ')}`
}

function limits(rows: readonly AimRow[], why: typeof WHY_NOT_MET): string {
  const missed = rows.filter(row => isRowMet(row) === false)
  if (rows.every(row => isRowMet(row) === undefined)) return 'Nothing was measured with full sizes yet.'
  if (missed.length === 0) return 'No aim that was measured is missed.'
  const lines = missed.map(({aim}) => `- ${AIMS[aim].path}: ${why[aim] ?? 'not looked at yet.'}`)
  return wrapMarkdown(lines.join('\n'))
}

function figuresOf(part: Part, table: WriteTable): string {
  const {bench, arguments: args, quick, seconds, failed} = part
  const command = `\`npm run bench -- ${[bench, ...args].join(' ')}\``
  const head = `${command}: ${state(part)}, ${seconds} s${quick ? `, ${QUICK}` : ''}`
  const text = failed === undefined ? `${head}.` : `${head}. It failed: ${failed}.`
  const shown = part.tables.map(one => `${wrapMarkdown(`${one.title}:`)}\n\n${markdownTable(one, table)}`)
  return [`### ${bench}`, wrapMarkdown(text), ...shown].join('\n\n')
}

function markdownTable({lines}: Table, table: WriteTable): string {
  const heads = [...new Set(lines.flatMap(line => Object.keys(line)))]
  return table(
    heads,
    lines.map(line => heads.map(head => String(line[head] ?? ''))),
  )
}
