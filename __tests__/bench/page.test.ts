import {describe, expect, test} from '@jest/globals'
import {AIM_NAMES} from '../../bench/report/aims.ts'
import {aimRows, aimsText} from '../../bench/report/aims-table.ts'
import type {Figure} from '../../bench/report/figures.ts'
import {benchmarksPage} from '../../bench/report/page.ts'
import {MACHINE, part} from './part.ts'

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, ...rows].map(cells => cells.join(' | ')).join('\n')

const action = (measured: number): Figure => ({
  ...{aim: 'action-start', measured, rounds: 20, detail: 'bare node 31 ms'},
})
const held: Figure = {aim: 'docker-held-2', measured: 0.75, rounds: 1, detail: 'classic store'}

const known: Figure = {aim: 'known-base', measured: 2.5, rounds: 1, detail: '5 s against 2 s'}

describe('the table of a terminal', () => {
  const lines = aimsText({
    parts: [
      part('start', {figures: [action(63)]}),
      part('held', {figures: [held]}),
      part('known-base', {quick: true, figures: [known]}),
      part('scan', {failed: 'it ended with 1'}),
    ],
  }).split('\n')
  const line = (start: string): string | undefined =>
    lines.find(one => one.startsWith(start))?.replaceAll(/ {2,}/g, ' | ')

  test('has a row for every aim, in their order', () => {
    expect(lines).toHaveLength(1 + AIM_NAMES.length + 2)
    expect(line('path')).toBe('path | aim | measured | met')
  })

  test.each([
    ['start of the action', 'start of the action | ≤ 50 ms | 63 ms | no'],
    ['docker, nothing to pull, 2', 'docker, nothing to pull, 2 platforms | ≤ 0.8 s | 0.75 s | yes'],
    ['cache, ', 'cache, a new top layer on a known base: faster than the first run | ≥ 20 × | 2.5 × | –'],
    ['docker, nothing to pull, 10', 'docker, nothing to pull, 10 platforms | ≤ 1.6 s | not measured | –'],
  ])('%s', (start, expected) => expect(line(start)).toBe(expected))

  test('ends with how many are met, and what failed', () => {
    expect(lines.slice(-2)).toEqual([
      `1 of ${AIM_NAMES.length} aims met, ${AIM_NAMES.length - 2} not measured, or with tiny sizes only`,
      'failed: scan: it ended with 1',
    ])
  })
})

describe('docs/benchmarks.md', () => {
  const results = {
    parts: [
      part('start', {figures: [action(63)], tables: [{title: 'starts', lines: [{name: 'a', ms: 63}, {name: 'b'}]}]}),
      part('held', {quick: true, date: '2026-02-01', figures: [held], arguments: []}),
      part('known-base', {quick: true, figures: [known]}),
      part('scan', {failed: 'it ended with 1'}),
    ],
  }
  const page = benchmarksPage(results, table, {})

  test('a row says how and when it was measured', () => {
    const rows = page.aims?.split('\n') ?? []
    expect(rows).toHaveLength(1 + AIM_NAMES.length)
    expect(rows).toContain(
      'start of the action | ≤ 50 ms | 63 ms | no | bare node 31 ms; 20 rounds; version 1.0.0 on 2026-01-31',
    )
    expect(rows).toContain(
      'docker, nothing to pull, 2 platforms | ≤ 0.8 s | 0.75 s | – | classic store; 1 round; tiny sizes; version 1.0.0 on 2026-02-01',
    )
    expect(rows).toContain('docker, nothing to pull, 10 platforms | ≤ 1.6 s | not measured | – | ')
  })

  test('one machine is told of once, several with what was measured on each', () => {
    const shown = '2 × A Processor, 8 GiB of memory, Linux 6.1, node 24.1.0; docker 28.2.2, crane absent'
    expect(page.machine).toBe(`- All: ${shown}.`)
    const other = {parts: [part('start'), part('held', {machine: {...MACHINE, node: '24.2.0'}}), part('scan')]}
    expect(benchmarksPage(other, table, {}).machine?.replaceAll(/\s+/g, ' ')).toBe(
      `- start, scan: ${shown}. - held: ${shown.replace('24.1.0', '24.2.0')}.`,
    )
  })

  test.each([
    ['nobody has looked at', {}, '- start of the action: not looked at yet.'],
    [
      'somebody has looked at',
      {'action-start': 'node loads 90 modules.'},
      '- start of the action: node loads 90 modules.',
    ],
  ])('an aim that is not met and that %s', (_, why, expected) =>
    expect(benchmarksPage(results, table, why).limits).toBe(expected),
  )

  test('where all are met there is no limit to tell of', () => {
    const met = {parts: [part('start', {figures: [action(50)]})]}
    expect(benchmarksPage(met, table, {'action-start': 'node loads 90 modules.'}).limits).toBe(
      'No aim that was measured is missed.',
    )
  })

  test('where nothing was measured that counts, that is said', () => {
    expect(benchmarksPage({parts: [part('held', {quick: true, figures: [held]})]}, table, {}).limits).toBe(
      'Nothing was measured with full sizes yet.',
    )
  })

  test('the tables of each benchmark, with the command that made them', () => {
    expect(page.tables).toBe(`### start

\`npm run bench -- start --rounds 3\`: version 1.0.0 on 2026-01-31, 12 s.

starts:

name | ms
a | 63
b | 

### held

\`npm run bench -- held\`: version 1.0.0 on 2026-02-01, 12 s, tiny sizes.

### known-base

\`npm run bench -- known-base --rounds 3\`: version 1.0.0 on 2026-01-31, 12 s, tiny sizes.

### scan

\`npm run bench -- scan --rounds 3\`: version 1.0.0 on 2026-01-31, 12 s. It failed: it ended with 1.`)
  })

  test('is the same of the same results', () => {
    expect(benchmarksPage(results, table, {})).toEqual(page)
    expect(aimRows(results).map(({aim}) => aim)).toEqual(AIM_NAMES)
  })
})
