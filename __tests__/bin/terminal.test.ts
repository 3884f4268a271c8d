import {expect, test} from '@jest/globals'
import {createProgress, wantsColor, widthOf} from '../../src/bin/terminal.ts'

const TTY = {isTTY: true, columns: 80}

test.each([
  [{}, TTY, true],
  [{}, {isTTY: false}, false],
  [{}, {}, false],
  [{NO_COLOR: '1'}, TTY, false],
  [{NO_COLOR: ''}, TTY, true],
  [{TERM: 'dumb'}, TTY, false],
  [{FORCE_COLOR: '1'}, {}, true],
  [{FORCE_COLOR: 'true', NO_COLOR: '1'}, {}, true],
  [{FORCE_COLOR: '0'}, TTY, false],
  [{FORCE_COLOR: '', NO_COLOR: '1'}, TTY, false],
])('wantsColor(%j, %j) is %j', (env, terminal, expected) => {
  expect(wantsColor(env, terminal)).toBe(expected)
})

test.each([
  [TTY, 80],
  [{isTTY: true, columns: 20}, undefined],
  [{isTTY: true}, undefined],
  [{columns: 80}, undefined],
])('widthOf(%j) is %j', (terminal, expected) => {
  expect(widthOf(terminal)).toBe(expected)
})

test.each<[string, {isTTY?: boolean; columns?: number}, boolean, string]>([
  ['a terminal', TTY, false, '… a 1\r\x1b[K… a 2\r\x1b[K'],
  ['a narrow terminal', {isTTY: true, columns: 4}, false, '… a\r\x1b[K… a\r\x1b[K'],
  ['a file', {}, false, 'verify-image-arch: a 1\nverify-image-arch: a 2\n'],
  ['quiet', TTY, true, ''],
])('progress on %s', (_, terminal, quiet, expected) => {
  let written = ''
  const progress = createProgress(text => {
    written += text
  }, terminal)
  if (quiet) progress.end(true)
  progress.show('a 1')
  progress.show('a 2')
  progress.end(false)
  progress.end(false)
  expect(written).toBe(expected)
})
