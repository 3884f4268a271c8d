import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {
  COMMENT_LIMIT,
  COMMENT_MODES,
  type CommentKey,
  type CommentSubject,
  commentMarker,
  hideSecrets,
  isCommentWanted,
  renderComment,
} from '../../src/report/comment.ts'
import {escapeMarkdown} from '../../src/report/escape-markdown.ts'
import {goldenText} from '../support/golden.ts'
import {hostileText} from '../support/hostile-text.ts'
import {ALL_MATCH, FOREIGN_PROGRAM, hostileReport, MANY_FINDINGS} from '../support/sample-reports.ts'

const KEY: CommentKey = {
  workflow: 'release',
  job: 'image',
  step: 'verify',
  images: ['ghcr.io/org/app', 'ghcr.io/org/tool'],
  platforms: ['linux/amd64'],
}
const MARKER = commentMarker(KEY)
const ORIGIN = {commit: '1f2e3d4c', runUrl: 'https://github.com/org/app/actions/runs/42'}
const FAILS: CommentSubject = {kind: 'report', report: FOREIGN_PROGRAM}
const PASSES: CommentSubject = {kind: 'report', report: ALL_MATCH}
const UNCHECKED: CommentSubject = {kind: 'unchecked'}

describe('the marker', () => {
  test('is one that nobody sees, and the same for every run', () => {
    expect(MARKER).toMatch(/^<!-- verify-image-arch:[0-9a-f]{24} -->$/)
    expect(commentMarker({...KEY, images: [...KEY.images].reverse()})).toBe(MARKER)
  })

  test.each<[string, Partial<CommentKey>]>([
    ['workflow', {workflow: 'other'}],
    ['job', {job: 'other'}],
    ['step', {step: 'verify_2'}],
    ['images', {images: ['ghcr.io/org/app']}],
    ['platforms', {platforms: []}],
    ['what runs together when joined', {workflow: 'release,image', job: ''}],
  ])('tells apart by %s', (_, change) => expect(commentMarker({...KEY, ...change})).not.toBe(MARKER))
})

test.each([
  ['never', [false, false, false]],
  ['on-failure', [true, false, true]],
  ['always', [true, true, true]],
] as const)('%s: made on failure, on success, and where the check could not be made: %j', (mode, wanted) => {
  expect([FAILS, PASSES, UNCHECKED].map(subject => isCommentWanted(mode, subject))).toEqual(wanted)
})

test.each<[string, CommentSubject, 'on-failure' | 'always']>([
  ['fails', FAILS, 'on-failure'],
  ['passes-now', PASSES, 'on-failure'],
  ['unchecked', UNCHECKED, 'always'],
])('golden: %s', (name, subject, mode) => {
  const markdown = renderComment(MARKER, mode, subject, ORIGIN)
  expect(markdown).toBe(goldenText(`report/golden/comment-${name}.md.txt`, markdown))
})

test('a commit that nobody knows is not told', () => {
  const text = renderComment(MARKER, 'always', PASSES, {...ORIGIN, commit: undefined})
  expect(text).toMatch(/<sub>From \[this run\]\(https:\/\/github\.com\/org\/app\/actions\/runs\/42\)\.<\/sub>\n$/)
})

describe('is never longer than GitHub takes', () => {
  test('of many findings, with a word on what is missing', () => {
    const text = renderComment(MARKER, 'always', {kind: 'report', report: MANY_FINDINGS}, ORIGIN)
    expect(text.length).toBeLessThanOrEqual(COMMENT_LIMIT)
    const larger = {...MANY_FINDINGS, findings: Array.from({length: 8}, () => MANY_FINDINGS.findings).flat()}
    const cut = renderComment(MARKER, 'always', {kind: 'report', report: larger}, ORIGIN)
    expect(cut.length).toBeLessThanOrEqual(COMMENT_LIMIT)
    expect(cut).toMatch(/\d+ more findings did not fit here/)
    expect(cut).toMatch(/From \[this run\]/)
  })

  test('of endless names', () => {
    const report = hostileReport(Array.from({length: 120}, () => '\u{e0041}'.repeat(5000)))
    const origin = {commit: 'x'.repeat(9999), runUrl: `https://github.com/${'o'.repeat(500)}`}
    for (const mode of COMMENT_MODES) {
      expect(renderComment(MARKER, mode, {kind: 'report', report}, origin).length).toBeLessThanOrEqual(COMMENT_LIMIT)
    }
  })
})

test('what an image says makes no comment of markup, and no second marker', () => {
  fc.assert(
    fc.property(fc.array(hostileText, {minLength: 1, maxLength: 8}), texts => {
      const report = hostileReport([...texts, MARKER, '-->'])
      const text = renderComment(MARKER, 'always', {kind: 'report', report}, ORIGIN)
      expect(text.startsWith(`${MARKER}\n`)).toBe(true)
      expect(text.slice(MARKER.length)).not.toMatch(/<!--|-->/)
    }),
  )
})

describe('secrets', () => {
  test.each(['pass*word_1', 'a<b>&c', 'plain-secret', '$ecret|x`y'])('%s is hidden, however it is spelled', secret => {
    const text = `${secret}, ${escapeMarkdown(secret)}`
    expect(hideSecrets(text, [secret])).toBe('***, ***')
  })

  test('the longer one first, and none is none', () => {
    expect(hideSecrets('abcdef abc', ['abc', 'abcdef', ''])).toBe('*** ***')
  })
})
