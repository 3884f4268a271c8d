import {expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {ExplainedFinding} from '../../src/explain/index.ts'
import {describeReview, suggestionsOf} from '../../src/report/suggestions.ts'
import {hostileText} from '../support/hostile-text.ts'
import {ALL_MATCH, DOCKERFILES, FOREIGN_PROGRAM} from '../support/sample-reports.ts'

const HELP = 'https://github.com/org/verify-image-arch/blob/main/docs/rules/hardcoded-platform.md'

function finding(line: number, text: string, change: Partial<ExplainedFinding> = {}): ExplainedFinding {
  return {
    ...{rule: 'hardcoded-platform', level: 'warning', file: 'Dockerfile', line, endLine: line, help: HELP},
    ...{message: 'GOARCH=amd64 makes programs for amd64', evidence: {}, fix: text},
    edit: {line, endLine: line, text},
    ...change,
  }
}

const of = (...findings: ExplainedFinding[]) => suggestionsOf({...ALL_MATCH, findings})

test('an edit is a block that GitHub can accept', () => {
  expect(of(finding(7, 'ARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build'))).toEqual([
    {
      ...{file: 'Dockerfile', line: 7, endLine: 7},
      body: `GOARCH=amd64 makes programs for amd64.\n\n\`\`\`suggestion\nARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build\n\`\`\`\n\n[hardcoded-platform](${HELP})`,
    },
  ])
})

test('the lines of a suggestion end as those of the file do', () => {
  const edit = {line: 7, endLine: 7, text: 'ARG TARGETARCH\r\nRUN x', crlf: true} as const
  expect(of(finding(7, 'RUN x', {edit}))[0]?.body).toContain(
    '```suggestion\r\nARG TARGETARCH\r\nRUN x\r\n```\n\n[hardcoded-platform]',
  )
})

test('a line that is the cause of what is in an image', () => {
  const {file: _, line: __, endLine: ___, ...onImage} = finding(3, 'RUN x')
  const cause = {kind: 'line', message: 'GOARCH is amd64', file: 'build/Dockerfile', line: 3} as const
  expect(of({...onImage, image: 'app:1', cause})).toMatchObject([{file: 'build/Dockerfile', line: 3}])
  // What only the provenance has, nobody can change here.
  expect(of({...onImage, image: 'app:1', cause: {...cause, from: 'provenance'}})).toEqual([])
})

test('of edits of the same lines the gravest stays', () => {
  const error = finding(4, 'b', {level: 'error', edit: {line: 3, endLine: 5, text: 'b'}})
  expect(of(finding(5, 'a'), error, finding(6, 'c')).map(({line, endLine}) => [line, endLine])).toEqual([
    [3, 5],
    [6, 6],
  ])
  expect(of(finding(5, 'a'), finding(5, 'b', {file: 'other/Dockerfile'}))).toHaveLength(2)
})

test('the fence is longer than any in the text', () => {
  expect(of(finding(1, 'RUN echo ````'))[0]?.body).toContain('`````suggestion\nRUN echo ````\n`````')
})

test.each([['\u202eRUN x'], ['RUN\u0000'], ['RUN \u200bx'], ['a\rb']])('nothing that is not seen: %j', text => {
  expect(of(finding(1, text))).toEqual([])
})

test('without an edit there is none', () => {
  expect(suggestionsOf(FOREIGN_PROGRAM)).toEqual([])
  expect(suggestionsOf(DOCKERFILES).map(({line}) => line)).toEqual([2])
})

test('whatever a Dockerfile says, the block ends where it should', () => {
  fc.assert(
    fc.property(fc.array(hostileText, {minLength: 1, maxLength: 3}), hostileText, (lines, message) => {
      for (const {body} of of(finding(1, lines.join('\n'), {message}))) {
        const [, fence = '', text] =
          /^(`{3,})suggestion\n(.*)\n\1\n\n\[hardcoded-platform\]\([^)]*\)$/ms.exec(body) ?? []
        expect(text).toBe(lines.join('\n'))
        expect(text?.includes(fence)).toBe(false)
      }
    }),
  )
})

test.each([
  [0, 'verify-image-arch suggests no change any more.'],
  [1, 'verify-image-arch suggests 1 change: accept what is right, and run the check again.'],
  [2, 'verify-image-arch suggests 2 changes: accept what is right, and run the check again.'],
])('the review of %d', (count, text) => {
  expect(describeReview(count)).toBe(text)
})
