import {expect, test} from '@jest/globals'
import {FORMATS, isFormat, render} from '../../src/report/render.ts'
import {FOREIGN_PROGRAM, SAMPLE_REPORTS} from '../support/sample-reports.ts'

test.each(FORMATS)('%s: the same report gives the same text, which ends with a newline', format => {
  for (const report of Object.values(SAMPLE_REPORTS)) {
    const text = render(report, format)
    expect(text).toBe(render(structuredClone(report), format))
    if (format !== 'images' || text !== '') expect(text).toMatch(/[^\n]\n$/)
  }
})

test('only text has colours', () => {
  const colored = FORMATS.filter(format => render(FOREIGN_PROGRAM, format, {color: true}).includes('\x1b'))
  expect(colored).toEqual(['text'])
})

test.each([
  ['text', true],
  ['sarif', true],
  ['TEXT', false],
  ['', false],
])('isFormat(%j) is %j', (text, expected) => {
  expect(isFormat(text)).toBe(expected)
})
