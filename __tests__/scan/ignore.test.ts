import {describe, expect, test} from '@jest/globals'
import {parseReasonedList} from '../../src/pipeline/options.ts'
import {ignoreMatcher, parseIgnore} from '../../src/scan/ignore.ts'

test.each([
  ['/opt/sdk/**', {glob: '/opt/sdk/**'}],
  ['/opt/sdk # for builds', {glob: '/opt/sdk', reason: 'for builds'}],
  ['**/testdata/** #', {glob: '**/testdata/**'}],
  ['/opt/c#/x', {glob: '/opt/c#/x'}],
])('%j', (text, entry) => {
  expect(parseIgnore(text)).toEqual({ok: true, value: entry})
})

test.each(['opt/sdk', './x', '', '# nothing', '!/opt/**', '*'])('%j is no absolute glob', text => {
  expect(parseIgnore(text)).toMatchObject({ok: false})
})

test('a glob that is longer than any path is refused', () => {
  expect(parseIgnore(`/${'a'.repeat(8191)}`)).toMatchObject({ok: true})
  expect(parseIgnore(`/${'a'.repeat(8192)}`)).toEqual({
    ok: false,
    problem: 'expected a glob of at most 8192 characters, got 8193',
  })
})

describe('a glob', () => {
  test.each([
    ['/opt/sdk', ['/opt/sdk', '/opt/sdk/a', '/opt/sdk/a/.b'], ['/opt/sdk2', '/x/opt/sdk']],
    ['/opt/sdk/', ['/opt/sdk/a'], ['/opt/sdkx']],
    // Found by fuzzing: both ended the program with an error of picomatch.
    ['/', ['/opt', '/opt/a/.b'], []],
    ['//', ['/opt', '/opt/a/.b'], []],
    ['/opt/*', ['/opt/a', '/opt/a/b', '/opt/.hidden'], ['/optx/a', '/a']],
    ['/opt/**', ['/opt/a/b/c'], ['/usr/a']],
    ['**/testdata', ['/a/testdata/x', '/testdata/x'], ['/a/testdatax/x']],
    ['**/*.dll', ['/a/b.dll', '/b.dll'], ['/a/b.so']],
    ['/opt/{a,b}', ['/opt/a/x', '/opt/b'], ['/opt/c']],
    ['/a/[x]', ['/a/x'], ['/a/y']],
  ])('%s', (glob, covered, others) => {
    const matches = ignoreMatcher([{glob}])
    expect(covered.filter(path => matches(path) === undefined)).toEqual([])
    expect(others.filter(path => matches(path) !== undefined)).toEqual([])
  })

  test('the first that covers a file counts', () => {
    expect(ignoreMatcher([{glob: '/a'}, {glob: '/a/b', reason: 'later'}])('/a/b')).toEqual({glob: '/a'})
  })
})

test.each([
  ['', []],
  ['/a\n/b # why\n', ['/a', '/b # why']],
  ['/a, /b # both', ['/a # both', '/b # both']],
  ['# a comment\n/a', ['/a']],
  ['/opt/{a,b}/**', ['/opt/{a,b}/**']],
])('the list %j', (text, entries) => {
  expect(parseReasonedList(text)).toEqual(entries)
})
