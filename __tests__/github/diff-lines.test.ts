import {expect, test} from '@jest/globals'
import {hunksOf, isChanged} from '../../src/github/diff-lines.ts'

const PATCH = [
  '@@ -1,4 +1,5 @@ FROM x',
  ' FROM a',
  '-RUN b',
  '+RUN c',
  '+@@ -9 +9 @@',
  ' ',
  ' RUN d',
  '@@ -20,2 +21,1 @@',
  ' RUN e',
  '-RUN f',
  '\\ No newline at end of file',
].join('\n')

test('the lines of each hunk as the file has them now', () => {
  expect(hunksOf(PATCH).map(({line, endLine, added}) => [line, endLine, [...added]])).toEqual([
    [1, 5, [2, 3]],
    [21, 21, []],
  ])
})

test.each([
  ['a line that was added', 2, 2, true],
  ['lines around one', 1, 4, true],
  ['a line beside it', 5, 5, false],
  ['a line of a hunk that only takes away', 21, 21, false],
  ['lines beyond the hunk', 3, 6, false],
  ['lines of two hunks', 3, 21, false],
  ['a line that is not shown', 10, 10, false],
])('%s', (_, line, endLine, expected) => {
  expect(isChanged(hunksOf(PATCH), line, endLine)).toBe(expected)
})

test.each([
  ['nothing', '', []],
  ['a new file', '@@ -0,0 +1,2 @@\n+FROM a\n+RUN b', [[1, 2]]],
  ['a file of one line', '@@ -1 +1 @@\n-FROM a\n+FROM b', [[1, 1]]],
  ['a file that is empty now', '@@ -1,2 +0,0 @@\n-FROM a\n-RUN b', []],
  ['what is no patch', 'Binary files differ\n@@ x', []],
])('%s', (_, patch, expected) => {
  expect(hunksOf(patch).map(({line, endLine}) => [line, endLine])).toEqual(expected)
})
