import {expect, test} from '@jest/globals'
import {wrapLine} from '../../src/report/wrap-line.ts'

test.each([
  ['short', 20, 'short'],
  ['one two three four', 10, 'one two\n  three\n  four'],
  ['  fix:    Build the app for arm64', 24, '  fix:    Build the app\n          for arm64'],
  ['  /a/path/that/is/wider/than/all of it', 12, '  /a/path/that/is/wider/than/all\n  of it'],
  ['\x1b[31mnot verified\x1b[0m: a b', 17, '\x1b[31mnot verified\x1b[0m: a b'],
  ['漢字 漢字 漢字', 9, '漢字 漢字\n  漢字'],
  ['', 10, ''],
])('%j in %d columns', (line, width, expected) => {
  expect(wrapLine(line, width)).toBe(expected)
})
