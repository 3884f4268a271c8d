// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are execline scripts
import {describe, expect, test} from '@jest/globals'
import {numberOf, readOptions} from '../../../src/exec/execline/options.ts'
import {popPositionals, positionalsOf, pushPositionals, withPositionals} from '../../../src/exec/execline/variables.ts'
import {unknownVariable, variableOf, withoutVariables, withVariable} from '../../../src/exec/process-variables.ts'
import type {Process} from '../../../src/exec/resolved-path.ts'
import {imageConfig} from '../../support/image-config.ts'
import {memoryRootfs} from '../../support/memory-rootfs.ts'
import {readStartup} from '../../support/told-startup.ts'
import {AMD64, start, TREE} from './follow-execline.ts'

/** Why a script ends, or cannot be followed, and what the last step is to the one before. */
async function why(script: string, args: readonly string[] = []): Promise<string | undefined> {
  const config = imageConfig({
    entrypoint: ['execlineb', '-p', '-c', script, '--', ...args],
    env: ['PATH=/command:/bin', 'FOO=foo'],
    workingDir: '/srv',
  })
  const {steps, unknowns} = await readStartup({config, rootfs: memoryRootfs(TREE), platform: AMD64})
  const [obstacle] = steps.flatMap(step => step.obstacle ?? [])
  return obstacle && 'reason' in obstacle ? obstacle.reason : unknowns[0]?.reason
}

test.each<[script: string, reason: string]>([
  ['tryexec -n { one }', 'its option -n wants a program behind the block'],
  ['fdmove a 1 app', 'it does not take "a" for a descriptor'],
  ['unexport "#" shift app', 'the variable # is not set'],
  ['importas h HOSTNAME export "#" $h shift app', 'shift reads positional parameters that only the run knows'],
  ['runblock 0', 'it wants the number of a block'],
  ['runblock x', 'it wants the number of a block'],
  ['runblock -n x 1', 'it wants the number of a block'],
  ['runblock 1', 'there is no such block'],
  ['runblock 2', 'there is no such block'],
  ['runblock -r 1', 'there is no such block'],
  ['shift -b 1 app', 'there are fewer blocks than it shifts'],
  ['shift -n x app', 'it wants a number'],
  ['if -x a { true } app', 'its option -x wants an exit code'],
  ['if -x 256 { true } app', '256 is not an exit code'],
  ['ifelse { true }', 'it wants a second block'],
  ['define "" x app', 'it defines a variable without a name'],
  ['multidefine "a b" { x x } app', '"x" is defined twice'],
  ['multisubstitute { define x y define x z } app', '"x" is defined twice'],
  ['multisubstitute { app } app', 'multisubstitute has a directive that is not understood'],
  ['elgetpositionals -P x app', 'its option -P wants a number'],
  ['unexport "#" elgetpositionals app', 'elgetpositionals reads positional parameters that are not set'],
  ['define -s -d "" x "1:ab" app', '"1:ab" is not a netstring'],
  ['define -s -d "" x "x1:a," app', '"x1:a," is not a netstring'],
  ['forx -x a x { a } app', 'it does not take "a" for exit codes'],
  ['heredoc 0 "a\n" forstdin -x a x app', 'it does not take "a" for exit codes'],
  ['forbacktickx -x a x { echo a } app', 'it does not take "a" for exit codes'],
  ['export a=b c app', 'it does not take "a=b" for a variable'],
  ['unexport a=b app', 'it does not take "a=b" for a variable'],
  ['importas h HOSTNAME unexport $h app', 'unexport takes away a variable that only the run knows'],
  ['importas h HOSTNAME execlineb $h', 'execlineb runs a script that only the run knows'],
  ['execlineb', 'it wants a script'],
  ['background { } app', 'its block is empty'],
  ['pipeline { } app', 'pipeline has an empty block, which not each version takes'],
  ['pipeline -d { } app', 'pipeline has an empty block, which not each version takes'],
  ['backtick x { one }', 'backtick has nothing behind its block, which not each version takes'],
  ['ifte { one } { app }', 'it wants more arguments'],
  ['ifte { one }', 'it wants a second block'],
  ['homeof', 'it wants a user'],
  ['unexport "#" dollarat', 'the variable # is not set'],
  ['importas h HOSTNAME define $h x app', 'define defines a variable that only the run knows'],
  ['importas h HOSTNAME export $h x app', 'export sets a variable that only the run knows'],
  ['trap { SIGTERM } app', 'a block does not end'],
])('%s: %s', async (script, reason) => {
  expect(await why(script)).toBe(reason)
})

describe('netstrings', () => {
  test.each([
    ['12:abcdefghijkl,', ['app|abcdefghijkl']],
    ['0:,1:a,', ['app||a']],
  ])('%s', async (text, started) => {
    expect(await start(`define -s -d "" x "${text}" app $x`)).toEqual(started)
  })
})

describe('how a loop, and what it waits for, ends', () => {
  test.each<[what: string, script: string, started: readonly string[]]>([
    ['forstdin of nothing fails', 'ifelse { heredoc 0 "" forstdin -E x true } { one } app', ['app']],
    [
      'forbacktickx of nothing fails',
      'ifelse { forbacktickx -E x { printf "" } true } { one } app',
      ['? printf|', 'app'],
    ],
    ['forx of nothing succeeds', 'ifelse { forx x { } true } { one } app', ['one']],
    ['of rounds that are not known', 'ifelse { forstdin -E x true } { one } app', ['? true', '? one', '? app']],
    ['of codes that may end it', 'ifelse { forx -x 1 -E x { a } true } { one } app', ['? true', '? one', '? app']],
    ['wait alone', 'ifelse { wait } { one } app', ['? one', '? app']],
  ])('%s', async (_, script, started) => expect(await start(script)).toEqual(started))

  test('runblock -P keeps the parameters, and without it those before come back', async () => {
    const blocks = [' importas', ' -D', ' no', ' x', ' 1', ' app', ' $x', '']
    expect(await start('runblock -P 1', '-p', ['--', ...blocks])).toEqual(['app| importas'])
    expect(await start('runblock 1', '-p', ['--', ...blocks])).toEqual(['app|no'])
  })
})

describe('who starts what', () => {
  const vias = async (script: string, args: readonly string[] = []) => {
    const entrypoint = ['execlineb', '-p', '-c', script, '--', ...args]
    const config = imageConfig({entrypoint, env: ['PATH=/command:/bin'], workingDir: '/srv'})
    const {steps} = await readStartup({config, rootfs: memoryRootfs(TREE), platform: AMD64})
    const told = steps.filter(({path}) => path.startsWith('/bin/') || path === 'none')
    return told.map(({path, via, certainty}) => `${path} ${certainty === 'likely' ? '? ' : ''}${via}`)
  }
  test.each<[script: string, expected: readonly string[]]>([
    ['app', ['/bin/app argument of execlineb']],
    ['if { one } app', ['/bin/one block of if', '/bin/app argument of if']],
    ['background { one } app', ['/bin/one block of background', '/bin/app argument of background']],
    ['wait { } app', ['/bin/app argument of wait']],
    [
      'ifelse { one } { app } app',
      ['/bin/one block of ifelse', '/bin/app ? block of ifelse', '/bin/app ? argument of ifelse'],
    ],
    ['ifte { app } { app } one', ['/bin/one argument of ifte', '/bin/app block of ifte']],
    ['ifte { app } { none } none', ['none argument of ifte']],
    ['pipeline { one } app', ['/bin/one block of pipeline', '/bin/app argument of pipeline']],
    ['umask 022 app', ['/bin/app argument of umask']],
    ['emptyenv -p app', ['/bin/app argument of emptyenv']],
    ['trap { SIGTERM { one } } app', ['/bin/app argument of trap', '/bin/one ? block of trap']],
    ['forbacktickx x { none } app', ['none block of forbacktickx']],
    ['forbacktickx x { printf "a" } app', ['/bin/printf block of forbacktickx']],
    [
      'forbacktickx x { printf "a\\n" } app',
      ['/bin/printf block of forbacktickx', '/bin/app ? argument of forbacktickx'],
    ],
  ])('%s', async (script, expected) => {
    expect(await vias(script)).toEqual(expected)
  })

  test('a block of the parameters', async () => {
    expect(await vias('runblock 1', [' app', ''])).toEqual(['/bin/app block of runblock'])
  })
})

describe('what is left open', () => {
  const many = (count: number) => Array.from({length: count}, (_, at) => `${at}\n`).join('')
  test.each<[what: string, script: string, started: readonly string[]]>([
    ['the status that wait does not give', 'wait { } importas -D no s ? app $s', ['app|no']],
    ['more lines than are followed', `heredoc 0 "${many(65)}" forstdin -E x app a $x`, ['? app|a']],
    [
      'lines of an output that is as long',
      `forbacktickx -E x { heredoc 0 "${many(65)}" cat } app a $x`,
      ['? cat', '? app|a'],
    ],
    ['dollarat without parameters', 'dollarat', [' ! refused-arguments']],
    [
      'a round of a loop of lines that cannot be started',
      'if { forbacktickx x { echo a } none } app',
      ['echo|a', 'app'],
    ],
  ])('%s', async (_, script, started) => expect(await start(script)).toEqual(started))

  test('as many lines as are followed', async () => {
    expect(await start(`heredoc 0 "${many(64)}" forstdin -E x app a $x`)).toHaveLength(64)
  })
})

describe('options', () => {
  const unknown = {unknown: 'x'}
  test.each<[words: readonly (string | {readonly unknown: string})[], short: string, expected: object]>([
    [['-a', 'b'], 'a', {options: [['a', undefined]], rest: ['b']}],
    [
      ['-ab', 'c'],
      'ab',
      {
        options: [
          ['a', undefined],
          ['b', undefined],
        ],
        rest: ['c'],
      },
    ],
    [['-a', 'v', 'c'], 'a:', {options: [['a', 'v']], rest: ['c']}],
    [['-av', 'c'], 'a:', {options: [['a', 'v']], rest: ['c']}],
    [['-a', unknown, 'c'], 'a:', {options: [['a', unknown]], rest: ['c']}],
    [[unknown, '-a'], 'a', {options: [], rest: [unknown, '-a']}],
    [['-a', '--', '-b'], 'ab', {options: [['a', undefined]], rest: ['-b']}],
    [['-z'], 'a', {problem: 'is not understood', option: '-z'}],
    [['-a'], 'a:', {problem: 'lacks an argument', option: '-a'}],
    [[], 'a', {options: [], rest: []}],
  ])('%j of %s', (words, short, expected) => {
    expect(readOptions(words, short)).toEqual(expected)
  })

  test.each([
    ['0', 0],
    ['4294967295', 4294967295],
    ['4294967296', undefined],
    ['00000000001', undefined],
    ['x1', undefined],
    ['1x', undefined],
    ['-1', undefined],
    ['', undefined],
    [undefined, undefined],
    [unknown, undefined],
  ])('the number %j', (word, expected) => {
    expect(numberOf(word)).toBe(expected)
  })
})

describe('variables', () => {
  const USER = {uid: 0, gid: 0, groups: [], home: undefined}
  const process = (variables: Readonly<Record<string, string>>): Process => ({
    ...{argv: [], cwd: '/', user: USER},
    env: new Map(Object.entries(variables)),
  })
  const all = ({env}: Process) => Object.fromEntries(env)

  test('are set, taken away, and not known', () => {
    const some = withVariable(process({A: '1', PATH: '/'}), 'B', unknownVariable('B'))
    expect([variableOf(some, 'A'), variableOf(some, 'B'), variableOf(some, 'C')]).toEqual([
      '1',
      {unknown: '${B}'},
      undefined,
    ])
    expect(variableOf(some, 'HOSTNAME')).toEqual({unknown: '${HOSTNAME}'})
    expect(variableOf(withVariable(some, 'HOSTNAME', 'h'), 'HOSTNAME')).toBe('h')
    expect(variableOf(withVariable(some, 'B', '2'), 'B')).toBe('2')
    expect(variableOf(withVariable(some, 'A', undefined), 'A')).toBeUndefined()
    expect(
      variableOf(
        withoutVariables(some, name => name === 'B'),
        'B',
      ),
    ).toBeUndefined()
  })

  test('of a PATH that is not known', () => {
    const open = withVariable(process({}), 'PATH', unknownVariable('PATH'))
    expect(open.unknownPath).toBe(true)
    expect(withVariable(open, 'A', '1').unknownPath).toBe(true)
    expect(withVariable(open, 'PATH', '/bin').unknownPath).toBeUndefined()
    expect(withoutVariables(open, name => name === 'A').unknownPath).toBe(true)
    expect(withoutVariables(open, () => true).unknownPath).toBeUndefined()
  })

  test('positional parameters', () => {
    const two = withPositionals(process({X: 'y'}), ['a', 'b'], 'zero')
    expect(all(two)).toEqual({'#': '2', '0': 'zero', '1': 'a', '2': 'b', X: 'y'})
    expect(positionalsOf(two)).toEqual({zero: 'zero', words: ['a', 'b']})
    expect(all(withPositionals(two, ['c']))).toEqual({'#': '1', '0': 'zero', '1': 'c', X: 'y'})
    expect(positionalsOf(process({'#': '1'}))).toBeUndefined()
    expect(positionalsOf(process({'#': 'x'}))).toBeUndefined()
    expect(positionalsOf(process({'#': '1x', '1': 'a'}))).toBeUndefined()
    expect(positionalsOf(process({'#': '12345'}))).toBeUndefined()
    expect(positionalsOf(process({}))).toBeUndefined()
  })

  test('are pushed, and popped', () => {
    const before = process({'#': '1', '1': 'a', '1:1': 'older', '0x:y': 'odd', X: 'y', 'X:1': 'z'})
    const pushed = {'#:1': '1', '1:1': 'a', '1:2': 'older', '0x:y': 'odd', X: 'y', 'X:1': 'z'}
    expect(all(pushPositionals(before))).toEqual(pushed)
    expect(all(popPositionals(pushPositionals(before)))).toEqual(all(before))
    expect(all(popPositionals(before))).toEqual({'1': 'older', '0x:y': 'odd', X: 'y', 'X:1': 'z'})
    expect(all(popPositionals(process({'1:0': 'a', '1:12': 'b', '1:1x': 'c'})))).toEqual({
      '1:0': 'a',
      '1:11': 'b',
      '1:1x': 'c',
    })
    expect(all(pushPositionals(process({ELGETOPT_v: '1', '1': 'a'}), /^ELGETOPT_/))).toEqual({
      'ELGETOPT_v:1': '1',
      '1': 'a',
    })
  })
})
