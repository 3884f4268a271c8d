import {expect, test} from '@jest/globals'
import type {Report} from '../../src/report/report.ts'
import {rowsOf} from '../../src/report/rows.ts'
import {wrongOf} from '../../src/report/wrong.ts'
import {ALL_MATCH, FOREIGN_PROGRAM} from '../support/sample-reports.ts'

function unread(message: string): Report {
  const problem = {code: 'not-found' as const, message}
  return {...ALL_MATCH, verdict: 'fail', images: [{reference: 'oci:app', problem, platforms: []}]}
}

test.each([
  ['oci:app: not found', 'oci:app could not be checked: not found'],
  ['oci:app is not a layout', 'oci:app could not be checked: it is not a layout'],
  ['oci:apple is not a layout', 'oci:app could not be checked: oci:apple is not a layout'],
  ['the registry is down', 'oci:app could not be checked: the registry is down'],
])('the name stands once: %s', (message, sentence) => {
  const report = unread(message)
  expect(wrongOf(report, rowsOf(report))).toEqual([sentence])
})

test('what is wrong with platforms, the gravest first', () => {
  expect(wrongOf(FOREIGN_PROGRAM, rowsOf(FOREIGN_PROGRAM))).toEqual([
    'linux/arm64 would not start: /app is x86-64',
    'linux/riscv64 is missing',
  ])
})
