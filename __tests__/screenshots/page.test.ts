import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {pageOf, renderHtml, tagsOf} from '../../scripts/screenshots/page.ts'
import {renderMarkdown} from '../../src/report/markdown.ts'
import type {Report} from '../../src/report/report.ts'
import {EVERY_REPORT} from '../support/every-report.ts'
import {hostileText} from '../support/hostile-text.ts'
import {hostileReport, SAMPLE_REPORTS} from '../support/sample-reports.ts'

/** The elements that a summary is made of. */
const OURS = [
  ...['h2', 'h3', 'p', 'ul', 'li', 'blockquote', 'strong', 'code', 'a', 'sub', 'span', 'br', 'wbr'],
  ...['table', 'thead', 'tbody', 'tr', 'th', 'td', 'details', 'summary'],
]

/** As GitHub shows it, no element, link or picture is an image's: all of them are those of our own words. */
function expectOurs(report: Report): void {
  const tags = tagsOf(renderHtml(renderMarkdown(report)))
  expect(tags.filter(({name}) => !OURS.includes(name))).toEqual([])
  const ours = report.findings.map(({help}) => `href="${help}"`)
  for (const {name, attributes} of tags) {
    if (name === 'a') expect(ours).toContain(attributes)
    else if (attributes !== '') expect(attributes).toBe('align="left"')
  }
}

test('a table, a fold and what GitHub filters', () => {
  const html = renderHtml('| a |\n| :-- |\n| `b` |\n\n<details><summary>c</summary>\n\n- d\n\n</details>\n\n<script>e')
  expect(tagsOf(html).map(({name}) => name)).toEqual([
    ...['table', 'thead', 'tr', 'th', 'tbody', 'tr', 'td', 'code', 'details', 'summary', 'ul', 'li'],
  ])
})

test('a page brings its style sheet', () => {
  const page = pageOf('<p>a</p>', '.markdown-body { color: red; }')
  expect(page).toContain('.markdown-body { color: red; }')
  expect(page).toMatch(/<body class="markdown-body">\n<p>a<\/p>\n<\/body>/)
  expect(tagsOf(page).filter(({name}) => /^(?:script|link|img)$/.test(name))).toEqual([])
})

describe('nothing in a summary is what an image made', () => {
  test.each([...EVERY_REPORT, ...Object.entries(SAMPLE_REPORTS)])('%s', (_, report) => {
    expectOurs(report)
  })

  test('whatever an image says', () => {
    fc.assert(
      fc.property(fc.array(hostileText, {minLength: 1, maxLength: 6}), texts => {
        const report = hostileReport(texts)
        expectOurs({...report, findings: report.findings.filter(({help}) => /^https:\S+\.md$/.test(help))})
      }),
      {numRuns: 50},
    )
  })
})
