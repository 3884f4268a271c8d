import {describe, expect, test} from '@jest/globals'
import {expand, parseEnvironment, splitCommand} from '../../../src/exec/services/go-supervisord/expressions.ts'
import {readIni} from '../../../src/exec/services/go-supervisord/read-ini.ts'
import type {MemoryTree} from '../../support/memory-rootfs.ts'
import {followDaemons, foreign, native} from './follow-daemons.ts'

const BASE: MemoryTree = {
  '/bin/supervisord': native,
  '/bin/app': native,
  '/bin/arm': foreign,
  '/opt/plain': 'no execute bit',
  '/srv/own': native,
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\n',
}

const follow = (text: string, words: readonly string[] = [], files: MemoryTree = {}) =>
  followDaemons({entrypoint: ['supervisord', ...words]}, {...BASE, '/etc/supervisord.conf': text, ...files})

describe('a compiled supervisord', () => {
  test.each<[string, string, readonly string[]]>([
    ['a good program', '[program:a]\ncommand=app -x\n', ['/bin/app -x | a']],
    ['one of another machine', '[program:a]\ncommand = arm\n', ['/bin/arm | a | foreign']],
    [
      'one without an execute bit',
      '[program:a]\ncommand: /opt/plain\n',
      ['/opt/plain | a | not-executable: no-execute-permission'],
    ],
    ['a missing one', '[program:a]\ncommand=none\n', ['none | a | not-in-path']],
    ['one that is not started', '[program:a]\ncommand=arm\nautostart=false\n', []],
    ['nor is one that is otherwise than true', '[program:a]\ncommand=arm\nautostart=yes\n', []],
    ['an event listener', '[eventlistener:a]\ncommand=arm\n', ['/bin/arm | a | foreign']],
    ['what all programs have', '[program-default]\ndirectory=/srv\n[program:a]\ncommand=./own\n', ['./own | a']],
    [
      'several',
      '[program:a]\ncommand=app %(process_num)02d\nnumprocs=2\n',
      ['/bin/app 01 | a | likely', '/bin/app 02 | a | likely'],
    ],
    ['quotes', '[program:a]\ncommand=app "a b" c\n', ['/bin/app a b c | a | likely']],
    ['a variable', '[program:a]\ncommand=%(ENV_X)s\nenvironment=X="arm"\n', ['/bin/arm | a | likely | foreign']],
    ['one that is not set', '[program:a]\ncommand=%(ENV_NONE)s/arm\n', []],
    ['a user', '[program:a]\ncommand=/bin/arm\nuser=svc\n', ['/bin/arm | a | foreign']],
    ['nobody', '[program:a]\ncommand=/bin/arm\nuser=none\n', []],
  ])('%s', async (_, text, lines) => {
    expect(await follow(text)).toEqual(lines)
  })

  test('includes', async () => {
    const files = {
      '/etc/conf.d/a.conf': '[program:a]\ncommand=arm\n',
      '/etc/conf.d/b.ini': '[program:b]\ncommand=arm\n',
      '/own/c.conf': '[program:c]\ncommand=arm c\n',
    }
    const text = '[include]\nfiles = conf.d/*.conf %(here)s/../own/?.conf %(none)s\n'
    expect(await follow(text, [], files)).toEqual(['/bin/arm | a | foreign', '/bin/arm c | c | foreign'])
  })

  test.each<[pattern: string, included: readonly string[]]>([
    ['*.conf', ['.conf', 'a.conf', 'axb.conf', 'b.conf.old']],
    ['?.conf', ['a.conf', 'axb.conf', 'b.conf.old']],
    ['a*b.conf', ['axb.conf']],
    ['a?b.conf', ['axb.conf']],
    ['ab.conf', []],
    ['a.*', ['a.conf']],
    ['a', ['a.conf', 'axb.conf', 'axconf']],
    ['(a).conf', []],
    ['*', ['.conf', 'a.conf', 'axb.conf', 'axconf', 'b.conf.old']],
  ])('of a directory, %s includes %j', async (pattern, included) => {
    const names = ['.conf', 'a.conf', 'axb.conf', 'axconf', 'b.conf.old']
    const files = Object.fromEntries(names.map(name => [`/etc/d/${name}`, `[program:${name}]\ncommand=app ${name}\n`]))
    expect(await follow(`[include]\nfiles=d/${pattern}\n`, [], files)).toEqual(
      included.map(name => `/bin/app ${name} | ${name}`),
    )
  })

  test.each([
    ['its configuration', ['-c', '/own.conf'], ['/bin/arm | own | foreign']],
    ['one that is not there', ['-c', '/none'], ['unknown: supervisord has no configuration that is surely there']],
    ['an option of the one of Python', ['-n'], ['unknown: the option -n of supervisord is not understood']],
    ['another command', ['ctl', 'status'], ['unknown: supervisord ctl is not followed']],
  ])('%s', async (_, words, lines) => {
    expect(await follow('[x]\n', words, {'/own.conf': '[program:own]\ncommand=arm\n'})).toEqual(lines)
  })

  test.each([
    ['a text that is not one', 'nothing\n', 'supervisord: /etc/supervisord.conf has no section'],
    ['three quotes', '[a]\nx="""\n', '/etc/supervisord.conf, or what it includes, is not read as a text'],
  ])('%s', async (_, text, reason) => {
    expect((await follow(text)).join()).toContain(reason.replace('supervisord: ', ''))
  })
})

test.each<[string, string, boolean]>([
  ['a', 'a', true],
  ['a ; b', 'a', false],
  ['a;b', 'a;b', true],
  ['a\\tb', 'a\tb', false],
  ['a\\\n b', 'a b', false],
  ['a\n  b', 'a\nb', false],
  ['%(x)s', '%(x)s', false],
  ['a\\101', 'aA', false],
  ['', '', true],
])('the value %j', (value, text, isPlain) => {
  const said = readIni(`[s]\nkey = ${value}\n`, new Map())?.get('s')?.get('key')
  expect(said).toEqual({text, isPlain})
})

test.each([
  ['a  b', ['a', 'b']],
  ['"a b" c', ['a b', 'c']],
  ["'a' b", ['a', 'b']],
  ['--x="a b" c', ['--x="a b"', 'c']],
  ['a\\ b', ['a\\ b']],
  ['"a', ['']],
  ['', []],
])('the command %j', (command, words) => {
  expect(splitCommand(command)).toEqual(words)
})

test.each([
  ['A=1,B="x, y",C', {A: '1', B: 'x, y'}],
  ['A="1" ,B=2', {}],
  ['', {}],
  [' A = b c ,D=', {A: 'b c', D: ''}],
])('the environment %j', (text, expected) => {
  expect(Object.fromEntries(parseEnvironment(text))).toEqual(expected)
})

test.each([
  ['%(a)s-%(n)d', 'x-7'],
  ['%(n)03d', '007'],
  ['%(n)3d', '  7'],
  ['%(none)s', undefined],
  ['%(a)d', undefined],
  ['%(a)x', undefined],
  ['%(a', undefined],
  ['100%', '100%'],
])('the expression %j', (text, expected) => {
  expect(expand(text, new Map(Object.entries({a: 'x', n: '7'})))).toBe(expected)
})
