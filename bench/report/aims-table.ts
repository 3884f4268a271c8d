import {AIM_NAMES, AIMS, type AimName} from './aims.ts'
import {type Figure, formatAmount, formatBound, isMet} from './figures.ts'
import type {Part, Results} from './results.ts'

/** An aim, and what was measured of it: undefined where nothing was. */
export interface AimRow {
  readonly aim: AimName
  readonly figure: Figure | undefined
  readonly part: Part | undefined
}

/** A row for each aim, in the order of the aims. */
export function aimRows({parts}: Results): readonly AimRow[] {
  return AIM_NAMES.map(aim => {
    const part = parts.find(({figures}) => figures.some(figure => figure.aim === aim))
    return {aim, part, figure: part?.figures.find(figure => figure.aim === aim)}
  })
}

export function formatMeasured({aim, figure}: AimRow): string {
  return figure === undefined ? 'not measured' : formatAmount(figure.measured, AIMS[aim].unit)
}

/** Whether an aim is met; undefined where nothing was measured, or only with tiny sizes. */
export function isRowMet({figure, part}: AimRow): boolean | undefined {
  return figure === undefined || part?.quick === true ? undefined : isMet(figure)
}

export function formatMet(row: AimRow): string {
  const met = isRowMet(row)
  if (met === undefined) return '–'
  return met ? 'yes' : 'no'
}

/** The table aim · measured · met, as a terminal shows it, and how many aims are met. */
export function aimsText(results: Results): string {
  const rows = aimRows(results)
  const cells = [
    ['path', 'aim', 'measured', 'met'],
    ...rows.map(row => [
      AIMS[row.aim].path.replaceAll('`', ''),
      formatBound(row.aim),
      formatMeasured(row),
      formatMet(row),
    ]),
  ]
  const widths = [0, 1, 2, 3].map(column => Math.max(...cells.map(line => line[column]?.length ?? 0)))
  const lines = cells.map(line =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const judged = rows.flatMap(row => isRowMet(row) ?? [])
  const met = judged.filter(isTrue => isTrue).length
  const failed = results.parts.flatMap(({bench, failed: why}) =>
    why === undefined ? [] : [`failed: ${bench}: ${why}`],
  )
  return [
    ...lines,
    `${met} of ${rows.length} aims met, ${rows.length - judged.length} not measured, or with tiny sizes only`,
    ...failed,
  ].join('\n')
}
