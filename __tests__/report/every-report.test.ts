import {expect, test} from '@jest/globals'
import {annotationsOf} from '../../src/report/annotations.ts'
import {headlineOf} from '../../src/report/headline.ts'
import {FORMATS, render} from '../../src/report/render.ts'
import {failsAt, type Report} from '../../src/report/report.ts'
import {rowText} from '../../src/report/row-text.ts'
import {rowsOf, stateOf} from '../../src/report/rows.ts'
import {renderSarif} from '../../src/report/sarif.ts'
import {EVERY_REPORT} from '../support/every-report.ts'
import {goldenText} from '../support/golden.ts'
import {parseRunnerCommands} from '../support/runner-commands.ts'

/** Of a long text the beginning, and how much more there is. */
const SHOWN = 60

function shown(text: string): string {
  const lines = text.split('\n')
  return lines.length <= SHOWN ? text : `${lines.slice(0, SHOWN).join('\n')}\n(${lines.length - SHOWN} more lines)\n`
}

const RENDERERS: Readonly<Record<string, (report: Report) => string>> = {
  ...Object.fromEntries(FORMATS.map(format => [format, (report: Report) => render(report, format)])),
  // Without the list of all rules, which is the same in each.
  sarif: report => renderSarif(report, []),
  annotations: report => `${JSON.stringify(annotationsOf(report), null, 1)}\n`,
}

test('there are at least forty reports, one for each rule among them', () => {
  expect(EVERY_REPORT.length).toBeGreaterThanOrEqual(40)
  expect(new Set(EVERY_REPORT.map(([name]) => name)).size).toBe(EVERY_REPORT.length)
})

test.each(Object.entries(RENDERERS))('golden of every report: %s', (format, renderOne) => {
  const all = EVERY_REPORT.map(([name, report]) => `===== ${name}\n${shown(renderOne(report))}`).join('\n')
  expect(all).toBe(goldenText(`report/golden/every/${format}.txt`, all))
})

test.each(EVERY_REPORT)('%s: nothing in it is a command, and no row contradicts the headline', (_, report) => {
  for (const renderOne of Object.values(RENDERERS)) {
    const text = renderOne(report)
    expect(parseRunnerCommands(text)).toEqual([])
    expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f\u202e]/)
  }
  const rows = rowsOf(report)
  const {outcome, wrong} = headlineOf(report, rows)
  const marks = rows.map(row => rowText(report, row).mark)
  expect(outcome === 'failed').toBe(report.verdict === 'fail')
  if (outcome === 'verified') expect(marks).not.toContain('bad')
  if (marks.includes('bad')) expect([outcome, wrong.length > 0]).toEqual(['failed', true])
  for (const [at, row] of rows.entries()) {
    if (marks[at] !== 'good') continue
    expect(stateOf(row)).toBe('match')
    expect(row.findings.some(({level}) => failsAt(level, 'warning'))).toBe(false)
  }
})
