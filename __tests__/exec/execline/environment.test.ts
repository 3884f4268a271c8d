// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are execline scripts
import {describe, expect, test} from '@jest/globals'
import {start, TREE} from './follow-execline.ts'

/*
 * What programs of execline do to variables and positional parameters, by https://skarnet.org/software/execline: of the
 * container FOO is `foo` and LIST `a b`.
 */

const ARGS = ['a', 'b c']
const REFUSED = ' ! refused-arguments'

test.each<[what: string, script: string, started: readonly string[]]>([
  ['exec', 'exec app a', ['app|a']],
  ['exec -c: no variables', 'exec -c importas -D none x FOO app $x', ['app|none']],
  ['exec keeps variables', 'exec importas x FOO app $x', ['app|foo']],
  ['exec -a', 'exec -a name app a', ['app|a']],
  ['emptyenv: PATH is what it is by default', 'emptyenv importas -D none x FOO app $x', ['app|none']],
  ['emptyenv -p keeps PATH', 'emptyenv -p importas -D none x FOO app $x', ['app|none']],
  [
    'emptyenv -l keeps another',
    'export LD_LIBRARY_PATH /l emptyenv -p -l importas x LD_LIBRARY_PATH app $x',
    ['app|/l'],
  ],
  ['emptyenv -p does not', 'export LD_LIBRARY_PATH /l emptyenv -p importas -D no x LD_LIBRARY_PATH app $x', ['app|no']],
  ['emptyenv -c keeps what is not of execline', 'emptyenv -c importas x FOO app $x', ['app|foo']],
  ['emptyenv -c: EXECLINE_', 'export EXECLINE_X 1 emptyenv -c importas -D no x EXECLINE_X app $x', ['app|no']],
  ['emptyenv -c: ELGETOPT_', 'export ELGETOPT_v 1 emptyenv -c importas -D no x ELGETOPT_v app $x', ['app|no']],
  ['emptyenv -c: descriptors', 'export FD3 1 emptyenv -c importas -D no x FD3 app $x', ['app|no']],
  ['emptyenv -c: not a name like it', 'export FDx 1 emptyenv -c importas -D no x FDx app $x', ['app|1']],
  ['emptyenv -c: not with more before it', 'export xFD3 1 emptyenv -c importas -D no x xFD3 app $x', ['app|1']],
  ['emptyenv -c: the last status', 'export ? 1 emptyenv -c importas -D no x ? app $x', ['app|no']],
  ['emptyenv -c: not a name that begins so', 'export ?x 1 emptyenv -c importas -D no x ?x app $x', ['app|1']],
  [
    'emptyenv -o',
    'export ELGETOPT_v 1 export ELGETOPT_v:1 0 emptyenv -o importas -D no x ELGETOPT_v app $x',
    ['app|0'],
  ],
  ['emptyenv -o, nothing before', 'export ELGETOPT_v 1 emptyenv -o importas -D no x ELGETOPT_v app $x', ['app|no']],
  [
    'emptyenv -o is of options alone',
    'export xELGETOPT_v 1 emptyenv -o importas -D no x xELGETOPT_v app $x',
    ['app|1'],
  ],
  ['envfile', 'envfile /etc/env importas x A importas y B app $x $y', ['app|1|two']],
  [
    'envfile of odd lines: it may set anything',
    'envfile /etc/odd importas x FOO app $x',
    ['unknown: app is looked for in a PATH that only the run knows'],
  ],
  ['envfile of what is not there', 'envfile /etc/none app a', ['? app|a']],
  ['export a list of words', 'export A "" importas -D no x A app $x', ['app|']],
  ['unexport', 'unexport FOO importas -D no x FOO app $x', ['app|no']],
])('%s', async (_, script, started) => {
  const tree = {...TREE, '/etc/env': '# a comment\nA=1\n\nB=two\n', '/etc/odd': 'A="1"\n'}
  expect(await start(script, '-P', [], tree)).toEqual(started)
})

test.each<[what: string, script: string, started: readonly string[]]>([
  ['shift', 'shift elgetpositionals app $@ $#', ['app|b c|1']],
  ['shift -n', 'shift -n 2 elgetpositionals app $@ $#', ['app|0']],
  ['shift -n 0', 'shift -n 0 elgetpositionals app $@ $#', ['app|a|b c|2']],
  ['more than there are', 'shift -n 3 elgetpositionals app $@ $#', ['app|0']],
  ['shift -n of no number', 'shift -n x app', [REFUSED]],
  ['shift -b of no number', 'shift -b x app', [REFUSED]],
  ['shift -b without a block', 'shift -b 1 app', [REFUSED]],
  ['emptyenv -P brings back what was pushed', 'emptyenv -P importas -D no x 1 app $x', ['app|no']],
  ['elgetopt without options', 'elgetopt x elgetpositionals app $@ $#', ['app|a|b c|2']],
  ['$0', 'elgetpositionals app $0', ['app|execlineb']],
  ['elgetpositionals -P', 'elgetpositionals -P 3 app $3 x', ['app||x']],
  ['elgetpositionals -P of no number', 'elgetpositionals -P x app', [REFUSED]],
  ['without #', 'unexport "#" shift app', [REFUSED]],
])('of the arguments "a" and "b c": %s', async (_, script, started) => {
  expect(await start(script, '-p', ARGS)).toEqual(started)
})

test.each<[what: string, args: readonly string[], script: string, started: readonly string[]]>([
  ['a flag', ['-v', 'x'], 'elgetopt v elgetpositionals importas o ELGETOPT_v app $o $@', ['app|1|x']],
  ['a value', ['-v', 'x', 'y'], 'elgetopt v: elgetpositionals importas o ELGETOPT_v app $o $@', ['app|x|y']],
  ['another value of flags', ['-v'], 'elgetopt -D yes v importas o ELGETOPT_v app $o', ['app|yes']],
  ['a colon at the start', ['-v'], 'elgetopt :v importas o ELGETOPT_v app $o', ['app|1']],
  ['none of them', ['x'], 'elgetopt v importas -D no o ELGETOPT_v app $o', ['app|no']],
  ['another', ['-z'], 'elgetopt v app', [REFUSED]],
  ['a value that is lacking', ['-v'], 'elgetopt v: app', [REFUSED]],
  ['older ones are kept', ['-v'], 'export ELGETOPT_v 0 elgetopt v importas o ELGETOPT_v:1 app $o', ['app|0']],
  ['and those before', ['-v'], 'export ELGETOPT_v:1 0 elgetopt v importas o ELGETOPT_v:2 app $o', ['app|0']],
])('elgetopt: %s', async (_, args, script, started) => {
  expect(await start(script, '-p', ['--', ...args])).toEqual(started)
})

/** Blocks among the positional parameters are words behind a blank each, and an empty word at the end. */
const BLOCKS = [' app', ' one', '', ' app', ' two', '', 'app', 'rest']
test.each<[what: string, script: string, started: readonly string[]]>([
  ['the first', 'runblock 1', ['app|one']],
  ['the second', 'runblock 2', ['app|two']],
  ['the rest', 'runblock -r 2', ['app|rest']],
  ['all of it', 'runblock -r 0', [' app| one|| app| two||app|rest ! not-in-path']],
  ['behind words of its own', 'runblock app 1', [REFUSED]],
  ['those behind some words', 'runblock -n 3 1', ['app|two']],
  ['block 0', 'runblock 0', [REFUSED]],
  ['one that is not there', 'runblock 3', [REFUSED]],
  ['of no number', 'runblock x', [REFUSED]],
  ['the rest of more than there are', 'runblock -r 3', [REFUSED]],
  ['what is behind blocks', 'shift -b 2 elgetpositionals app $@', ['app|app|rest']],
  ['behind one of them', 'shift -b 1 runblock 1', ['app|two']],
  ['behind words and a block', 'shift -n 1 -b 1 runblock 1', ['app|two']],
])('blocks: %s', async (_, script, started) => {
  expect(await start(script, '-p', BLOCKS)).toEqual(started)
})

describe('jobs', () => {
  test.each<[what: string, script: string, started: readonly string[]]>([
    ['background', 'background { one } app', ['one', 'app']],
    ['background -d', 'background -d { one } app', ['? one', 'app']],
    ['its number is not known', 'background { one } importas p ! app x $p y', ['one', 'app|x']],
    ['a pipeline', 'pipeline { echo a } withstdinas -E x app $x', ['echo|a', 'app|a']],
    ['of what cannot be started', 'pipeline { none } app', ['none ! not-in-path']],
    ['pipeline -d', 'pipeline -d { none } app', ['? none ! not-in-path', 'app']],
    ['pipeline -w', 'pipeline -w { app } echo a', ['app', 'echo|a']],
    ['pipeline -w, and what cannot be started', 'pipeline -w { none } app', ['none ! not-in-path']],
    ['the last of -w and -r', 'pipeline -w -r { echo a } withstdinas -E x app $x', ['echo|a', 'app|a']],
    ['wait', 'background { one } wait { } app', ['one', 'app']],
    ['wait -o: the status is not known', 'wait -o { } importas s ? app x $s', ['app|x']],
    ['wait without a block', 'wait app', []],
    ['trap', 'trap { SIGTERM { one } } app', ['app', '? one']],
    ['trap of two signals', 'trap { SIGTERM { one } SIGINT { none } } app', ['app', '? one']],
    ['trap of no block', 'trap { SIGTERM } app', [REFUSED]],
    ['trap of an empty block', 'trap { SIGTERM { } } app', ['app']],
  ])('%s', async (_, script, started) => expect(await start(script)).toEqual(started))
})

describe('substitutions', () => {
  test.each<[what: string, script: string, started: readonly string[]]>([
    ['define', 'define x y app $x ${x}z', ['app|y|yz']],
    ['define -s', 'define -s x "a b" app $x', ['app|a|b']],
    ['define -s -d', 'define -s -d : x "a:b c" app $x', ['app|a|b c']],
    ['define -s, two delimiters', 'define -s -d : x a::b app $x', ['app|a||b']],
    ['define -s -C', 'define -s -C -d : x a::b app $x', ['app|a|b']],
    ['define -s -C -c', 'define -s -C -c -d : x a::b app $x', ['app|a||b']],
    ['define -n', 'define -n x "a\n" app $x', ['app|a']],
    ['define -N', 'define -n -N x "a\n" app $x', ['app|a\n']],
    ['define of netstrings', 'define -s -d "" x "1:a,3:b c," app $x', ['app|a|b c']],
    ['of what is none', 'define -s -d "" x "1:ab" app $x', [REFUSED]],
    ['no name', 'define "" x app', [REFUSED]],
    ['importas -S', 'importas -S FOO app $FOO', ['app|foo']],
    ['importas -u', 'importas -u x FOO importas -D no y FOO app $x $y', ['app|foo|no']],
    ['importas -u of what is not set', 'importas -u x NONE app a $x', ['app|a']],
    ['importas -s', 'importas -s x LIST app $x', ['app|a|b']],
    ['importas -s -D', 'importas -s -D "c d" x NONE app $x', ['app|c|d']],
    ['the name of the container', 'importas x HOSTNAME app a $x b', ['app|a']],
    ['multidefine', 'multidefine -d : a:b:c { x y } app $y $x', ['app|b|a']],
    ['multidefine of less', 'multidefine "a" { x y } app $x $y', ['app|a|']],
    ['multidefine -0 of less', 'multidefine -0 "a" { x y } app $x $y', ['app|a']],
    ['multidefine -r', 'multidefine -r "a b c" { x y } app $x $y', ['app|a|b|c']],
    ['multidefine -r of less', 'multidefine -r "a" { x y } app $x $y', ['app|a|']],
    ['multidefine without a name', 'multidefine "a b" { "" y } app $y', ['app|b']],
    ['multidefine of a name twice', 'multidefine "a b" { x x } app', [REFUSED]],
    ['elglob of a name', 'elglob x /etc/words app $x', ['app|/etc/words']],
    [
      'multisubstitute',
      'multisubstitute { define x y importas -u z FOO } importas -D no w FOO app $x $z $w',
      ['app|y|foo|no'],
    ],
    ['it does not see what it defines', 'multisubstitute { define x y define z $x } app $z', ['app|$x']],
    ['a name twice', 'multisubstitute { define x y define x z } app', [REFUSED]],
  ])('%s', async (_, script, started) => expect(await start(script)).toEqual(started))

  test('a directive that nobody knows', async () => {
    const told = await start('multisubstitute { app } app')
    expect(told.at(-1)).toMatch(/^unknown: /)
  })
})

describe('elglob', () => {
  test.each<[what: string, script: string, started: readonly string[]]>([
    ['of a pattern', 'elglob x /glob/d/w* app a $x', ['app|a|/glob/d/words']],
    ['-m: not a directory', 'elglob -m x /glob/d/w* app a $x', ['app|a|/glob/d/words']],
    ['-m: a directory', 'elglob -m x /glob/[d] app a $x', ['app|a|/glob/d/']],
    ['in directories', 'elglob x /glob/*/w?rds app a $x', ['app|a|/glob/d/words']],
    ['-s sorts by bytes', 'elglob -s x /glob/* app $x', ['app|/glob/B|/glob/a|/glob/c|/glob/d']],
    ['without -s: in an order that nobody knows', 'elglob x /glob/* app n $x', ['app|n']],
    ['of hidden files', 'elglob -s x /glob/.h* app a $x', ['app|a']],
    ['of nothing, in no directory', 'elglob x /nowhere/* app $x', ['app|/nowhere/*']],
    ['-0 of nothing, in no directory', 'elglob -0 x /nowhere/* app a $x', ['app|a']],
    ['-0 of a name', 'elglob -0 x /nowhere/file app a $x', ['app|a']],
    ['of nothing: the run may put something there', 'elglob x /glob/none* app a $x', ['app|a']],
    ['with a backslash', 'elglob x /glob/\\\\w* app a $x', ['app|a']],
    ['-w in a directory', 'elglob -w x /glob/d/* app a $x', ['app|a|/glob/d/words']],
    [
      '-w in no directory: it ends',
      'elglob -w x /nowhere/* app a $x',
      ['unknown: elglob ends where a directory cannot be read'],
    ],
    ['starts what it finds', 'elglob x /bin/ap[p] $x b', ['/bin/app|b']],
    ['in a loop', 'elglob -s x /glob/d/* forx f { $x } app $x', ['app|/glob/d/words']],
    ['of a glob without -s, in a loop', 'elglob x /bin/ap[p] forx -E f { $x } $f a', ['? /bin/app|a']],
  ])('%s', async (_, script, started) => {
    const tree = {...TREE, '/glob/c': '', '/glob/a': '', '/glob/B': '', '/glob/.hidden': '', '/glob/d/words': ''}
    expect(await start(script, '-P', [], tree)).toEqual(started)
  })
})
