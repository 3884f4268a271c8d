// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are execline scripts
import {describe, expect, test} from '@jest/globals'
import {imageConfig} from '../../support/image-config.ts'
import {memoryRootfs} from '../../support/memory-rootfs.ts'
import {readStartup} from '../../support/told-startup.ts'
import {AMD64, native, start, TREE} from './follow-execline.ts'

/*
 * What was seen of the real programs (npm run test:inits -- --only execline), as literals.
 */

describe('what a script comes to', () => {
  test.each<[what: string, script: string, started: readonly string[]]>([
    ['a program', 'app "a b"', ['app|a b']],
    ['nothing', '', []],
    ['foreground: whatever it does', 'foreground { one } app', ['? one', 'app']],
    ['one that is missing there is passed over', 'foreground { none } app', ['app']],
    [
      'background -d: its failure depends on the version',
      'background -d { none } app',
      ['? none ! not-in-path', 'app'],
    ],
    ['if: it must succeed', 'if { none } app', ['none ! not-in-path']],
    ['if: what certainly fails', 'if { false } app', ['false']],
    ['if -n', 'if -n { true } app', ['true']],
    ['if -t', 'if -t { false } app', ['false']],
    ['ifelse by what is known', 'ifelse { true } { one } app', ['true', 'one']],
    ['ifelse by files', 'ifelse { eltest -e /etc/words } { one } app', ['one']],
    ['ifelse by what only the run knows', 'ifelse { cat } { one } app', ['cat', '? one', '? app']],
    ['what both ways come to', 'ifelse { cat } { app } app', ['cat', '? app', '? app']],
    ['the condition must start', 'ifelse { none } { one } app', ['none ! not-in-path']],
    ['and not what it comes to', 'ifelse { if { none } one } { one } app', ['app']],
    ['ifte', 'ifte { one } { app } false', ['false', 'app']],
    ['ifthenelse', 'ifthenelse { true } { one } { false } app', ['true', '? one', 'app']],
    ['background', 'background { one } app', ['one', 'app']],
    ['a job that cannot be started', 'background { none } app', ['none ! not-in-path']],
    ['pipeline', 'pipeline { echo a } forstdin -E x app ${x}', ['echo|a', '? app|a']],
    ['tryexec', 'tryexec { none } app', ['app']],
    ['tryexec of what is there', 'tryexec { one } app', ['one']],
    ['importas', 'importas F FOO app ${F}', ['app|foo']],
    ['a default', 'importas -D d X NONE app ${X}', ['app|d']],
    ['no value, no word', 'importas X NONE app ${X} b', ['app|b']],
    ['what must be given', 'importas -i X NONE app a', ['app|a']],
    ['multisubstitute', 'multisubstitute { importas -s L LIST define x y } app ${L}${x}', ['app|ay|by']],
    ['multidefine', 'multidefine "a b c" { x y } app $x $y', ['app|a|b']],
    ['backtick', 'backtick -E x { echo text } app $x', ['echo|text', 'app|text']],
    ['export and import', 'export A 1 importas A A app $A', ['app|1']],
    ['a program is found in the PATH before', 'export PATH /other app', ['app']],
    ['and the next in the new one', 'export PATH /other exec only', ['only']],
    ['forx', 'forx x { a b } app', ['app']],
    ['forx whose command cannot be started', 'forx x { a } none', ['none ! not-in-path']],
    ['with -E importas is what is started', 'forx -E x { a b } app $x', ['? app|a', '? app|b']],
    ['and what it becomes may be missing', 'if { forx -E x { a } none } app', ['app']],
    ['loops of lines', 'forbacktickx -E x { printf "a\\\\nb\\\\n" } app $x', ['printf|a\\nb\\n', '? app|a', '? app|b']],
    ['case', 'case foo { f|foo { one } } app', ['one']],
    ['case: all of the value', 'case foox { foo { one } } app', ['app']],
    ['before the first | its beginning', 'case foox { foo|y { one } } app', ['one']],
    ['behind the last | its end', 'case xfoo { y|foo { one } } app', ['one']],
    ['between them any part', 'case xfoox { y|foo|z { one } } app', ['one']],
    ['and else none', 'case xfoox { foo|z { one } x|foo { app } } one', ['app']],
    ['an empty part: libraries differ', 'case foo { x| { one } } app', ['? one', '? app']],
    ['case -N -n', 'case -N -n foo { foo { importas -D none n "#" app $n } } one', ['app|none']],
    ['case -N', 'case -N foo { f|g { elgetpositionals app $0 $# } } one', ['app|f|g|0']],
    ['a file that must not be there', 'redirfd -x 1 /etc/words app', [' ! refused-arguments']],
    ['a device that is there', 'ifte { app then } { app else } redirfd -x 0 /dev/null app', ['app|else']],
    ['a file that is not there', 'redirfd -x 1 /etc/none app', ['app']],
    ['a file to read', 'redirfd -r 0 /etc/words withstdinas -E x app $x', ['app|one\ntwo words']],
    ['heredoc', 'heredoc 0 text withstdinas -E x app $x', ['app|text']],
    ['a directory', 'cd /bin ./app', ['./app']],
    ['exit', 'foreground { app } exit 1', ['? app']],
    ['another machine', 'if { foreign } app', ['foreign ! refused']],
  ])('%s', async (_, script, started) => expect(await start(script)).toEqual(started))
})

describe('positional parameters', () => {
  test.each<[what: string, options: string, script: string, started: readonly string[]]>([
    ['-S', '-S1', 'app $1 $@ $#', ['app|a|a|b c|2']],
    ['-s', '-s1', 'app $1 $@', ['app|a|b c']],
    ['as variables', '-p', 'elgetpositionals app $2', ['app|b c']],
    ['none', '-P', 'app $1', ['app|$1']],
    ['shift', '-p', 'shift elgetpositionals app $@', ['app|b c']],
    ['importas', '-p', 'importas x 1 app $x', ['app|a']],
  ])('%s', async (_, options, script, started) => expect(await start(script, options, ['a', 'b c'])).toEqual(started))
})

describe('what is refused', () => {
  test.each<[what: string, script: string]>([
    ['a block that does not end', 'foreground { app'],
    ['no block', 'foreground app'],
    ['too few words', 'export A'],
    ['a script of braces', '}'],
    ['an exit code', 'if -x 300 { true } app'],
    ['a descriptor', 'fdmove x 1 app'],
  ])('%s', async (_, script) => {
    const [last] = (await start(script)).slice(-1)
    expect(last).toMatch(/! refused-arguments$/)
  })
})

test('each word is a program in PATH: without /command it is missing', async () => {
  const tree = {...TREE, '/usr/bin/execlineb': native}
  const config = imageConfig({entrypoint: ['/command/execlineb', '-P', '-c', 'if { true } app'], env: ['PATH=/bin']})
  const {steps} = await readStartup({config, rootfs: memoryRootfs(tree), platform: AMD64})
  expect(steps.at(-1)).toMatchObject({path: 'if', certainty: 'certain', obstacle: {kind: 'not-in-path'}})
})

test('costs of hostile scripts are bounded', async () => {
  const [reason] = (await start(`${'foreground { one } '.repeat(900)} app`)).slice(-1)
  expect(reason).toMatch(/app$|^unknown: /)
  expect((await start('loopwhilex execlineb -P -c "loopwhilex app"')).length).toBeGreaterThan(0)
})
