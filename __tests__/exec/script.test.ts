import {describe, expect, test} from '@jest/globals'
import {executable} from '../support/memory-rootfs.ts'
import {type Given, start, words} from './start-util-linux.ts'

/*
 * script of util-linux 2.38.1 and 2.42.2: what was seen of them, and what their sources say.
 */

describe('script', () => {
  test.each<readonly [argv: string, expected: string, given?: Given]>([
    ['script -q -c app /o', 'app'],
    ['script -q --command app /o', 'app'],
    ['script -q /o -c app', 'app'],
    ['script -q /o', '/bin/sh -i'],
    ['script -q', '/bin/sh -i'],
    ['script -q -- /o', '/bin/sh -i'],
    ['script -q -- /o /p', 'it takes one file'],
    ['script -q /o /p', 'it takes one file'],
    ['script -O /a -c app /b', 'it takes one file, which an option names'],
    ['script --log-in /a -c app', 'app'],
    ['script -V x y z', 'script -V x y z'],
    ['script --help', 'script --help'],
    ['script -x', 'unknown: the option -x of script is not understood'],
    ['script -m none -c app', 'it does not take "none" as -m'],
    ['script -m Classic -c app', 'app'],
    ['script -E none -c app', 'it does not take "none" as -E'],
    ['script --echo=never -c app', 'app'],
    ['script -o abc -c app', 'it does not take "abc" as -o'],
    ['script -o 1MiB -c app', 'app'],
    ['script -c app', '/bin/echo -c app', {env: ['SHELL=/bin/echo']}],
    ['script -q', '/bin/echo -i', {env: ['SHELL=/bin/echo']}],
    // Of a path that is not there the last name is looked for in PATH, and may be a text.
    ['script -c app', 'echo -c app', {env: ['SHELL=echo']}],
    ['script -c app', 'echo -c app', {env: ['SHELL=/none/echo']}],
    ['script -c app', 'not-in-path', {env: ['SHELL=/none/none']}],
    ['script -c app', 'text without #!', {env: ['SHELL=/text']}],
    ['script -c app', 'app', {env: ['SHELL=/none/text'], files: {'/bin/text': executable('exec app\n')}}],
    ['script -c app', 'not-in-path', {env: ['SHELL=']}],
    ['script -c app', 'app', {env: ['SHELL='], version: '2.42.4'}],
    ['script -c app', 'app', {user: 'svc'}],
    ['script -c app', '/bin/own-shell -c app', {user: 'svc', version: '2.42.4'}],
    ['script -q /o -- app x', '/bin/own-shell -c app x', {user: 'svc', version: '2.42.4'}],
  ])('%s: %s %j', async (argv, expected, given = {}) => {
    expect(await start(words(argv), given)).toBe(expected)
  })
})
