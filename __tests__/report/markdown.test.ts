import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {withDigest} from '../../src/report/configuration.ts'
import {renderMarkdown, SUMMARY_BUDGET} from '../../src/report/markdown.ts'
import type {Report} from '../../src/report/report.ts'
import {goldenText} from '../support/golden.ts'
import {hostileText} from '../support/hostile-text.ts'
import {parseRunnerCommands} from '../support/runner-commands.ts'
import {
  ALL_MATCH,
  DOCKERFILES,
  FOREIGN_PROGRAM,
  hostileReport,
  MANY_FINDINGS,
  SAMPLE_REPORTS,
  SEVERAL_IMAGES,
} from '../support/sample-reports.ts'

test.each([
  'all match',
  'foreign program',
  'several images',
  'dockerfiles',
  'nothing',
  'tolerated',
  'not checked',
  'one unread',
])('golden: %s', name => {
  const report = SAMPLE_REPORTS[name] ?? FOREIGN_PROGRAM
  const markdown = renderMarkdown(report)
  expect(markdown).toBe(goldenText(`report/golden/${name.replaceAll(' ', '-')}.md.txt`, markdown))
})

test('golden: many findings and little room', () => {
  const markdown = renderMarkdown(MANY_FINDINGS, {budget: 8 * 1024})
  expect(markdown).toBe(goldenText('report/golden/many-findings.md.txt', markdown))
})

describe('the headline', () => {
  const [first, ...others] = FOREIGN_PROGRAM.findings
  const {digest: _, ...usual} = ALL_MATCH.configuration
  const WITH_RULE_OFF = {configuration: withDigest({...usual, rules: {'wrong-machine': 'off'}})}
  const warning = first === undefined ? [] : [{...first, level: 'warning' as const}]
  test.each<[string, Partial<Report>, string]>([
    ['nothing found', {}, '✅ Verified: all 3 platforms are what the manifest says'],
    ['a warning', {findings: warning}, '⚠️ Passed, with 1 warning'],
    [
      'notes only',
      {findings: others.filter(({level}) => level === 'note')},
      '✅ Verified: all 3 platforms are what the manifest says',
    ],
    ['a warning that fails', {verdict: 'fail', findings: warning}, '❌ Not verified: 1 warning'],
    ['errors', FOREIGN_PROGRAM, '❌ linux/arm64 would not start: /app is x86-64; linux/riscv64 is missing'],
    [
      'an undetermined platform',
      SEVERAL_IMAGES,
      '⚠️ Passed, but linux/amd64 and linux/arm64 of ghcr.io/org/worker:2 are not known to start',
    ],
    [
      'nothing but tolerance',
      {...ALL_MATCH, ...WITH_RULE_OFF},
      '✅ Verified: all 3 platforms are what the manifest says',
    ],
    [
      'a warning that is switched off',
      {...WITH_RULE_OFF, switchedOff: warning},
      '⚠️ Passed: 3 of 3 platforms match, 1 of them with warnings (wrong-machine is off: 1 warning)',
    ],
    ['no platform', {images: []}, '⚠️ Not checked: there is no platform'],
  ])('%s', (_, change, headline) => {
    expect(renderMarkdown({...ALL_MATCH, ...change}).split('\n')[0]).toBe(`## ${headline}`)
  })
})

describe('many findings', () => {
  const markdown = renderMarkdown(MANY_FINDINGS)

  test('all are there, the gravest first, the many folded', () => {
    expect(markdown.match(/^### /gm)?.length).toBeLessThanOrEqual(20)
    expect(new Set(markdown.match(/plugin-\d+/g)).size).toBe(497)
    expect(markdown.match(/<details>/g)).toHaveLength(markdown.match(/<\/details>/g)?.length ?? 0)
    expect(markdown.indexOf('❌ 12 more errors')).toBeLessThan(markdown.indexOf('⚠️ 168 more warnings'))
  })

  test.each([2, 4, 8, 16, 64, 256])('fit into %d KiB, with a word on what is missing', kibibytes => {
    const short = renderMarkdown(MANY_FINDINGS, {budget: kibibytes * 1024})
    expect(Buffer.byteLength(short)).toBeLessThanOrEqual(kibibytes * 1024)
    expect(short.match(/<details>/g)?.length ?? 0).toBe(short.match(/<\/details>/g)?.length ?? 0)
    // The headline and the table name files, too.
    const told = short.replace(/^(?:\||## ).*$/gm, '')
    const shown = new Set(told.match(/plugin-\d+/g)).size + (told.match(/^### .*(?:\/app|riscv64)/gm)?.length ?? 0)
    const said = Number(/> (\d+) more findings? did not fit here/.exec(short)?.[1] ?? 0)
    expect(shown + said + (short.includes('hello-amd64') ? 1 : 0)).toBe(500)
  })

  test('of many platforms those that match are left out', () => {
    const [image] = ALL_MATCH.images
    const [first] = image?.platforms ?? []
    if (image === undefined || first === undefined) throw new Error('the sample has a platform')
    const platforms = Array.from({length: 300}, (_, index) => ({...first, platform: `linux/p${index}`}))
    const failing = {...first, platform: 'linux/last', verdict: 'mismatch' as const}
    const report = {...ALL_MATCH, images: [{...image, platforms: [...platforms, failing]}]}
    expect(renderMarkdown(report)).toContain('`linux/last` |')
    expect(renderMarkdown(report)).toContain('200 more platforms not shown here')
  })
})

describe('what an image says', () => {
  test('is no command to the runner, and never more than the budget', () => {
    fc.assert(
      fc.property(fc.array(hostileText, {minLength: 1, maxLength: 8}), texts => {
        const markdown = renderMarkdown(hostileReport(texts))
        expect(parseRunnerCommands(markdown)).toEqual([])
        expect(markdown).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}\r\t]/u)
      }),
    )
    const endless = renderMarkdown(hostileReport(Array.from({length: 120}, () => '\u{e0041}'.repeat(5000))))
    expect(Buffer.byteLength(endless)).toBeLessThanOrEqual(SUMMARY_BUDGET)
  })

  test('brings no element and no link of its own', () => {
    fc.assert(
      fc.property(fc.array(hostileText, {minLength: 1, maxLength: 8}), texts => {
        const report = hostileReport(texts)
        const markdown = renderMarkdown(report).replace(/`[^`\n]+`/g, '')
        const tags = markdown.match(/<[^>]*>?/g) ?? []
        expect(tags.filter(tag => !/^<\/?(?:code|span|details|summary|sub)>$|^<w?br>$/.test(tag))).toEqual([])
        // `help` is an address of ours, and the only one that is linked.
        const ours = report.findings.map(({help}) => `](${help})`)
        expect((markdown.match(/\]\([^)]*\)?/g) ?? []).filter(link => !ours.includes(link))).toEqual([])
      }),
    )
  })

  test('does not add rows or lines', () => {
    const lines = (text: string) => renderMarkdown(hostileReport([text])).split('\n').length
    expect(lines('a\n\n| b |\r\nc')).toBe(lines('a'))
  })
})

test.each([
  ['ARG TARGETARCH above line 6, and there: RUN x', '`ARG TARGETARCH above line 6, and there: RUN x`'],
  ['curl -o x. -fsS https://x.org/t-$TARGETARCH', null],
  ['Use a base that has linux/arm64.', 'Use a base that has linux/arm64.'],
])('the fix of a Dockerfile is code, and a sentence is text: %s', (fix, shown) => {
  const [finding] = DOCKERFILES.findings
  if (finding === undefined) throw new Error('the sample has no finding')
  const markdown = renderMarkdown({...DOCKERFILES, findings: [{...finding, fix}]})
  const line = markdown.split('\n').find(text => text.startsWith('- **Fix:** ')) ?? ''
  if (shown === null) expect(line).toMatch(/`|<code>/)
  else expect(line).toBe(`- **Fix:** ${shown}`)
})
