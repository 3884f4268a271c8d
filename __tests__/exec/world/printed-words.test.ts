import {describe, expect, test} from '@jest/globals'
import {echoedWords} from '../../../src/exec/world/commands/echoed-words.ts'
import {readEdits} from '../../../src/exec/world/commands/sed-script.ts'
import {startScript} from '../../support/told-startup.ts'

/* As seen of GNU xargs 4.9, busybox 1.35 and GNU sed 4.9. */

describe('what xargs prints by itself', () => {
  test.each<[words: string, input: string, expected: string | undefined]>([
    ['', 'a b\nc', 'a b c\n'],
    ['-n1', 'a b\nc', 'a\nb\nc\n'],
    ['-n 2', 'a b\nc', 'a b\nc\n'],
    ['--max-args=2', 'a b c', 'a b\nc\n'],
    ['-n1', `"-Xmx1g"  '-Da=b c' d\\ e`, '-Xmx1g\n-Da=b c\nd e\n'],
    ['-n1', `a"b"'c'`, 'abc\n'],
    ['echo x', 'a', 'x a\n'],
    ['', '', '\n'],
    ['-r', ' \n', ''],
    // An error, something else, or what builds of echo print differently.
    ['-n1', `it's`, undefined],
    ['-n0', 'a', undefined],
    ['-n', 'a', undefined],
    ['-0', 'a', undefined],
    ['rm', 'a', undefined],
    ['echo -n', 'a', undefined],
    ['', '-n a', undefined],
    ['', 'a\\\\b', undefined],
  ])('xargs %s of %j', (words, input, expected) => {
    expect(echoedWords({words: words.split(' ').filter(word => word !== ''), input})).toBe(expected)
  })

  test('is not known of words or an input that are not', () => {
    expect(echoedWords({words: ['-n1']})).toBeUndefined()
    expect(echoedWords({words: [{unknown: '$X'}], input: 'a'})).toBeUndefined()
  })
})

describe('a bracket expression of sed', () => {
  test.each<[script: string, text: string, expected: string | undefined]>([
    ['s~[^-[:alnum:]+,./:=@_]~\\\\&~g', '-Xmx1g a$b', '-Xmx1g\\ a\\$b'],
    ['s/[]x]/y/g', 'a]x', 'ayy'],
    ['s/[^]x]/y/g', 'a]x', 'y]x'],
    ['s/[[:space:]]*$//', 'a \t', 'a'],
    ['s/[[:upper:][:digit:]]/_/g', 'aB1', 'a__'],
    ['s/[[:nosuch:]]/x/', 'a', undefined],
    ['s/[[=a=]]/x/', 'a', undefined],
    ['s/[[:constructor:]]/x/', 'a', undefined],
    ['s/[a/x/', 'a', undefined],
    ['s/[/x/', '[', undefined],
  ])('%s', (script, text, expected) => {
    const edits = readEdits(script, false)
    expect(edits?.reduce((line, {pattern, replacement}) => line.replace(pattern, replacement), text)).toBe(expected)
  })
})

/** What a command line comes to that is the last component of a program's path. */
async function answerOf(command: string): Promise<string> {
  const {steps, unknowns} = await startScript(`exec /x/$(${command})`)
  return unknowns[0] ? 'unknown' : (steps.at(-1)?.path.slice('/x/'.length) ?? '')
}

test.each<[command: string, expected: string]>([
  ['echo --sname | cut -c 3-', 'sname'],
  ['echo abcdef | cut -c2-3', 'bc'],
  ['echo abcdef | cut -c -2', 'ab'],
  ['echo abcdef | cut -c 4', 'd'],
  ['echo abcdef | cut -c 1,3', 'unknown'],
  ['echo abcdef | cut -c 3-2', 'unknown'],
  ['echo abcdef | cut -c 0-2', 'unknown'],
  ['echo abcdef | cut -c -', 'unknown'],
  ['echo é | cut -c 1', 'unknown'],
  ['readlink /app/server || echo none', 'none'],
  ["CDPATH='' cd /app && basename $(pwd)", 'app'],
  ['CDPATH= && cd app && basename $(pwd)', 'app'],
  ['CDPATH=/x; cd /app && basename $(pwd)', 'app'],
  ['CDPATH=/x; cd ./app && basename $(pwd)', 'app'],
  ['CDPATH=/x; cd app && basename $(pwd)', 'unknown'],
])('%s', async (command, expected) => {
  expect(await answerOf(command)).toBe(expected)
})
