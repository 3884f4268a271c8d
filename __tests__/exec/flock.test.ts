import {describe, expect, test} from '@jest/globals'
import {type Given, start, words} from './start-util-linux.ts'

/*
 * flock of util-linux 2.38.1 and 2.42.2, and of busybox: what was seen of them, and what their sources say.
 */

describe('flock', () => {
  const times = (value: string) => `it does not take ${JSON.stringify(value)} as -w`
  const codes = (value: string) => `it does not take ${JSON.stringify(value)} as -E`
  test.each<readonly [argv: readonly string[], expected: string]>([
    [words('flock -V app'), 'flock -V app'],
    [words('flock --help /l app'), 'flock --help /l app'],
    [words('flock --verbose /l app'), 'app'],
    [words('flock -o -F /l app'), '--no-fork does not go with --close'],
    [words('flock --close --no-fork /l app'), '--no-fork does not go with --close'],
    [words('flock -o /l app'), 'app'],
    [words('flock -F /l app'), 'app'],
    [words('flock 12'), 'flock 12'],
    [words('flock 12a'), 'it is given no program to start'],
    [words('flock a12'), 'it is given no program to start'],
    [['flock', ''], 'it is given no program to start'],
    [['flock', '/l', '--command', 'exec app x'], 'app x'],
    [['flock', '/l', '-c', 'exec app x'], 'app x'],
    [['flock', '/l', '-c'], 'its option -c takes one text'],
    [['flock', '/l', '-c', 'app', 'x'], 'its option -c takes one text'],
    [['flock', '/l', '-x', 'app'], 'not-in-path'],
    [['flock', '/l', '/text'], 'app'],
    [['flock', '-w'], 'its option -w wants an argument'],
    ...['1.5', '.5', '0', '1e1', ' 5', '+5', '0x10', '-0'].map(
      time => [['flock', '-w', time, '/l', 'app'], 'app'] as const,
    ),
    ...['x', '', '5s', '1,5', '-1', 'inf', '5 5'].map(
      time => [['flock', '-w', time, '/l', 'app'], times(time)] as const,
    ),
    ...['0', '9', '99', '199', '249', '255', '007'].map(code => [['flock', '-E', code, '/l', 'app'], 'app'] as const),
    ...['256', '260', '-1', 'x', '', '0x10', '1000'].map(
      code => [['flock', '-E', code, '/l', 'app'], codes(code)] as const,
    ),
  ])('%j', async (argv, expected) => {
    expect(await start(argv)).toBe(expected)
  })

  test.each<readonly [given: Given, expected: string]>([
    [{env: ['SHELL=echo']}, 'echo -c app'],
    [{env: ['SHELL=/none']}, 'missing'],
    [{env: ['SHELL=']}, 'app'],
    // Since 2.42 it is the user's own.
    [{user: 'svc'}, 'app'],
    [{user: 'svc', version: '2.41.9'}, 'app'],
    [{user: 'svc', version: '2.42'}, '/bin/own-shell -c app'],
    [{user: 'svc', version: '2.42', env: ['SHELL=']}, '/bin/own-shell -c app'],
    [{user: 'none', version: '2.42'}, 'app'],
  ])('the shell of -c: %j', async (given, expected) => {
    expect(await start(['flock', '/l', '-c', 'app'], given)).toBe(expected)
  })

  test('of busybox has no time to wait', async () => {
    expect(await start(words('busybox flock -n /l app'))).toBe('app')
    expect(await start(words('busybox flock -w 5 /l app'))).toBe('unknown: the option -w of flock is not understood')
  })
})
