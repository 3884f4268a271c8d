import {describe, expect, test} from '@jest/globals'
import {findAppletNames} from '../../src/exec/wrappers/applets.ts'

/** Names in their order, so many of them. */
const others = (count: number) => Array.from({length: count}, (_, at) => `c${at.toString(36).padStart(5, '0')}`)
/** As they stand in a file. */
const table = (...names: readonly string[]) => `\0${names.join('\0')}\0`

/** Whether a busybox with so many names more, all in order, has `echo`. */
function ask(more: number): boolean | undefined {
  const names = ['ash', 'cat', ...others(more).map(name => `cb${name}`), 'cp', 'echo', 'ls', 'mv', 'rm', 'sh', 'true']
  return findAppletNames(`\0${names.join('\0')}\0`)?.includes('echo')
}

test.each([0, 400, 4000])('a table of %d names more is read', more => {
  expect(ask(more)).toBe(true)
})

test('a table of more names than any build has is not one, and takes no time', () => {
  expect(ask(1_000_000)).toBeUndefined()
})

describe('where a table begins and ends', () => {
  const EIGHT = ['[', '[[', 'ash', 'cat', 'echo', 'ls', 'sh', 'true']
  test.each<[text: string, what: readonly string[] | undefined]>([
    [table(...EIGHT), EIGHT],
    // Between the strings of a program: one with a blank, one that is not in order.
    [`GLIBC_2.34\0not a name${table(...EIGHT)}a\0b\0`, EIGHT],
    [`x\0z${table(...EIGHT)}true\0x\0`, EIGHT],
    [`${table(...EIGHT)}Usage: true\0`, EIGHT],
    // Without a NUL at an end a string may be a part of another one.
    [`[${table('[[', ...EIGHT.slice(2), 'uname')}`, ['[[', ...EIGHT.slice(2), 'uname']],
    [`${table(...EIGHT)}uname`, EIGHT],
    // Fewer names stand together by chance.
    [table(...EIGHT.slice(1)), undefined],
    ['\0cat\0', undefined],
    ['', undefined],
    // Without a name that every build has it is not seen.
    [table('aa', 'ab', 'ac', 'ad', 'ae', 'af', 'ag', 'ah'), undefined],
    // A name alone, before or behind the table: the longest run is it.
    [`\0cat\0usage${table(...EIGHT)}`, EIGHT],
    [`${table(...EIGHT)}Usage\0ash\0`, EIGHT],
    [
      `\0sh\0x y${table('cat', 'echo', 'ls', 'mv', 'rm', 'true', 'tty', 'uname')}`,
      'cat echo ls mv rm true tty uname'.split(' '),
    ],
    // By each of the common names alone.
    ...['ash', 'cat', 'ls', 'sh', 'true'].map<[string, readonly string[]]>(name => {
      const names = [...['a0', 'b0', 'd0', 'm0', 'q0', 'u0', 'v0'], name].sort()
      return [table(...names), names]
    }),
  ])('%j', (text, what) => {
    expect(findAppletNames(text)).toEqual(what)
  })

  test.each([
    ['ubi_update_volume.31_characters', true],
    ['ubi_update_volume.32_characters_', false],
    ['run-parts', true],
    ['rtc+wake', true],
    ['[[', true],
    ['-sh', false],
    ['.', false],
    ['a b', false],
    ['a/b', false],
  ])('%s is a name: %s', (name, isName) => {
    const before = [...new Set([...EIGHT, name])].sort()
    expect(findAppletNames(table(...before))?.includes(name) ?? false).toBe(isName)
  })

  test.each([
    [4096, true],
    [4097, false],
  ])('%d names: %s', (count, isTable) => {
    const names = ['ash', ...others(count - 2), 'cat']
    const behind = ['ash', ...others(count - 1)]
    const before = [...others(count - 1), 'sh']
    for (const all of [names, behind, before]) {
      expect(findAppletNames(table(...all))?.length).toBe(isTable ? count : undefined)
    }
  })
})
