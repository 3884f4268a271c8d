// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are execline scripts
import {describe, expect, test} from '@jest/globals'
import {executable} from '../../support/memory-rootfs.ts'
import {native, start, TREE} from './follow-execline.ts'

/*
 * Conditions, loops and files of execline, by https://skarnet.org/software/execline.
 */

const REFUSED = ' ! refused-arguments'
const LOST = 'none ! not-in-path'

describe('conditions', () => {
  test.each<[what: string, script: string, started: readonly string[]]>([
    ['if of success', 'if { true } app', ['true', 'app']],
    ['if -n of failure', 'if -n { false } app', ['false', 'app']],
    ['if -n of what cannot be started', 'if -n { none } app', [LOST]],
    ['if -x 0 of failure', 'if -x 0 { false } app', ['false']],
    ['if -x of what may fail', 'if -x 3 { one } app', ['one', 'app']],
    ['if -t of what may fail', 'if -t { one } app', ['one', '? app']],
    ['if -x 255', 'if -x 255 { true } app', ['true', 'app']],
    ['if -x 256', 'if -x 256 { true } app', [REFUSED]],
    ['if -x of no number', 'if -x a { true } app', [REFUSED]],
    ['ifelse -n', 'ifelse -n { true } { one } app', ['true', 'app']],
    ['ifelse of one block', 'ifelse { true }', [REFUSED]],
    ['ifelse -n of what only the run knows', 'ifelse -n { one } { app } app', ['one', '? app', '? app']],
    ['ifte -n', 'ifte -n { one } { app } false', ['false', 'one']],
    ['ifte of success', 'ifte { one } { app } true', ['true', 'one']],
    ['ifte of what cannot be started', 'ifte { one } { app } none', [LOST]],
    ['ifte of one block', 'ifte { one } true', [REFUSED]],
    ['ifthenelse of failure', 'ifthenelse { false } { one } { none } app', ['false', 'app']],
    ['the exit code of what ran', 'foreground { true } importas x ? app $x', ['? true', 'app|0']],
    ['is not known of others', 'foreground { one } importas x ? app a $x', ['? one', 'app|a']],
    ['of what failed', 'foreground { false } importas x ? app a $x', ['? false', 'app|a']],
    ['tryexec -n', 'tryexec -n { one } app', ['app']],
    ['tryexec -n of what is missing', 'tryexec -n { one } none', ['one']],
    ['tryexec -n without a program', 'tryexec -n { one }', [REFUSED]],
    ['tryexec -c', 'tryexec -c { importas -D no x FOO app $x } one', ['app|no']],
    ['tryexec keeps variables', 'tryexec { importas -D no x FOO app $x } one', ['app|foo']],
  ])('%s', async (_, script, started) => expect(await start(script)).toEqual(started))
})

describe('loops', () => {
  const many = Array.from({length: 65}, (_, at) => at).join(' ')
  test.each<[what: string, script: string, started: readonly string[]]>([
    ['forx of nothing', 'forx x { } none', []],
    ['forx without a command', 'forx x { a }', []],
    ['forx -e', 'forx -e x { a } importas y x app $y', ['? app|a']],
    ['the last of -e and -E', 'forx -E -e x { a } importas y x app $y', ['? app|a']],
    ['forx -x: codes that end it', 'forx -x 1,2 x { a b } importas y x app $y', ['? app|a', '? app|b']],
    ['forx -x of no codes', 'forx -x a x { a } app', [REFUSED]],
    ['forx -o of no codes', 'forx -o 1x x { a } app', [REFUSED]],
    ['forx of more rounds than are followed', `forx x { ${many} } importas y x app a $y`, ['? app|a']],
    ['forstdin', 'heredoc 0 "a\nb\n" forstdin -E x app $x', ['? app|a', '? app|b']],
    ['forstdin -N', 'heredoc 0 "a\nb" forstdin -N -E x app $x', ['? app|a\n', '? app|b']],
    ['of a last line without an end', 'heredoc 0 "a\nb" forstdin -E x app $x', ['? app|a']],
    ['forstdin -C', 'heredoc 0 "a\n\nb\n" forstdin -C -E x app $x', ['? app|a', '? app|b']],
    ['forstdin -c', 'heredoc 0 "a\n\nb\n" forstdin -E x app $x', ['? app|a', '? app|', '? app|b']],
    ['forstdin -d', 'heredoc 0 "a:b\n:" forstdin -d : -E x app $x', ['? app|a', '? app|b\n']],
    ['forstdin of nothing', 'heredoc 0 "" forstdin -E x app $x', []],
    ['forstdin of what is not known', 'forstdin -E x app a $x', ['? app|a']],
    ['forstdin -0', 'heredoc 0 "a\n" forstdin -0 -E x app a $x', ['? app|a']],
    ['forbacktickx of nothing', 'forbacktickx -E x { printf "" } app $x', ['printf|']],
    ['of what cannot be started', 'forbacktickx -E x { none } app $x', [LOST]],
    ['of what is not known', 'forbacktickx -E x { one } app a $x', ['one', '? app|a']],
    ['loopwhilex', 'loopwhilex one', ['one']],
    ['loopwhilex of what cannot be started', 'loopwhilex none', [LOST]],
  ])('%s', async (_, script, started) => expect(await start(script)).toEqual(started))
})

describe('files of scripts', () => {
  const tree = {
    ...TREE,
    '/srv/script': executable('#!/command/execlineb -P\napp a\n'),
    '/srv/plain': 'app b\n',
    '/srv/private': {content: 'app c\n', mode: 0o600},
    '/srv/odd': 'app {\n',
    '/usr/bin/execlineb': native,
  }
  test.each<[what: string, script: string, started: readonly string[]]>([
    ['by its first line', './script', ['./script', '', 'app|a']],
    ['by its name', 'execlineb /srv/plain', ['', 'app|b']],
    ['by its name in the working directory', 'execlineb plain', ['', 'app|b']],
    ['that nobody else may read', 'execlineb private', ['', 'app|c']],
    ['that makes no sense', 'execlineb odd', ['', REFUSED]],
  ])('%s', async (_, script, started) => expect(await start(script, '-P', [], tree)).toEqual(started))

  const shells = {
    ...TREE,
    '/bin/sh': native,
    '/bin/busybox': native,
    '/srv/sh': executable('#!/bin/sh\nexec app "$1" "$2"\n'),
    '/srv/applet': executable('#!/bin/busybox sh\nexec app "$1" "$2"\n'),
    '/srv/execline': executable('#!/command/execlineb -S2\napp $1 $2\n'),
    '/srv/open': executable('#!/command/execlineb -S2\napp $1 x $2\n'),
  }
  test.each<[what: string, script: string, started: string]>([
    ['a script of a shell', './sh a b', 'app|a|b'],
    ['a script of an applet', './applet a b', 'app|a|b'],
    ['a script of execline', './execline a b', 'app|a|b'],
    ['one of them behind another', 'foreground { true } ./execline a b', 'app|a|b'],
    ['with a word that only the run knows', 'importas h HOSTNAME ./open a $h', 'app|a|x'],
  ])('a chain becomes %s, with its words', async (_, script, started) => {
    expect((await start(script, '-P', [], shells)).at(-1)).toBe(started)
  })

  test('a directory, and nothing, are no scripts', async () => {
    expect((await start('execlineb /srv', '-P', [], tree)).at(-1)).not.toMatch(/^app/)
    expect((await start('execlineb none', '-P', [], tree)).at(-1)).not.toMatch(/^app/)
  })
})

describe('what is printed', () => {
  test.each<[what: string, script: string, started: readonly string[]]>([
    ['dollarat', 'backtick -E -N x { dollarat } app $x', ['app|a\nb c\n']],
    ['dollarat -n', 'backtick -E -N x { dollarat -n } app $x', ['app|a\nb c']],
    ['dollarat -d', 'backtick -E -N x { dollarat -d : } app $x', ['app|a:b c:']],
    ['dollarat -d of several', 'backtick -E -N x { dollarat -d :; } app $x', ['app|a:b c:']],
    ['dollarat -d -n', 'backtick -E -N x { dollarat -n -d : } app $x', ['app|a:b c']],
    ['dollarat of nothing', 'shift -n 2 backtick -E -N x { dollarat } app a$x', ['app|a']],
    ['homeof nobody', 'backtick -E x { homeof nobody } app a$x', ['app']],
    ['homeof -E', 'backtick -E x { homeof root } app $x', ['app|/root']],
    ['homeof of a number', 'backtick -E x { homeof 0 } app b $x', ['app|b']],
    ['getcwd', 'getcwd x importas y x app $y', ['app|/srv']],
    ['getcwd -E', 'getcwd -E x app $x', ['app|/srv']],
    ['the last of -E and -e', 'getcwd -E -e x importas -D no y x app $x $y', ['app|$x|/srv']],
    ['getcwd elsewhere', 'cd /bin getcwd -E x app $x', ['app|/bin']],
  ])('%s', async (_, script, started) => expect(await start(script, '-p', ['a', 'b c'])).toEqual(started))
})

describe('what is looked up', () => {
  test.each<[what: string, script: string, started: readonly string[]]>([
    ['homeof', 'backtick -E x { homeof svc } app $x', ['app|/home/svc']],
    ['umask', 'umask 022 app', ['app']],
    ['fdmove', 'fdmove 1 2 app', ['app']],
    ['fdmove of no descriptor', 'fdmove 1 a app', [REFUSED]],
    ['numbers of more than 32 bits', 'fdmove 1 4294967296 app', [REFUSED]],
    // A volume may be there.
    ['cd to what is not there', 'cd /nowhere app', ['app']],
  ])('%s', async (_, script, started) => expect(await start(script)).toEqual(started))
})
