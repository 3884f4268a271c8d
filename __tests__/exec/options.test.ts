import {describe, expect, test} from '@jest/globals'
import {type OptionGrammar, parseOptions} from '../../src/exec/wrappers/options.ts'

const GRAMMAR: OptionGrammar = {short: 'ab:c::', long: ['all', 'all-users', 'base=', 'colour[=]', 'verbose', 'version']}

/** The options, what stands behind them, and what is wrong. */
function read(line: string, grammar: OptionGrammar = GRAMMAR): string {
  const {options, words, unknown, lacking} = parseOptions(['program', ...line.split(' ')], grammar)
  const told = options.map(([name, value]) => (value === undefined ? name : `${name}=${value}`))
  if (unknown !== undefined) return `${told.join(' ')} unknown ${unknown}`.trim()
  return lacking === undefined ? `${told.join(' ')} | ${words.join(' ')}` : `lacking ${lacking}`
}

describe('long options, as getopt_long(3) takes them', () => {
  test.each([
    ['--all app', 'all | app'],
    ['--base x app', 'base=x | app'],
    ['--base=x app', 'base=x | app'],
    ['--base= app', 'base= | app'],
    ['--base', 'lacking --base'],
    ['--b x app', 'base=x | app'],
    ['--all-u app', 'all-users | app'],
    ['--ver app', 'unknown --ver'],
    ['--verb app', 'verbose | app'],
    ['--none app', 'unknown --none'],
    ['--all=yes app', 'unknown --all=yes'],
    ['--all= app', 'unknown --all='],
    ['--verb=yes app', 'unknown --verb=yes'],
    ['--colour app', 'colour | app'],
    ['--colour=red app', 'colour=red | app'],
    ['--colour= app', 'colour= | app'],
    ['--col=red app', 'colour=red | app'],
    ['--colour[=] app', 'unknown --colour[=]'],
  ])('%s: %s', (line, expected) => expect(read(line)).toBe(expected))
})

describe("options of Go's flag package", () => {
  const go: OptionGrammar = {single: true, long: ['quiet', 'port=', 'quit']}
  test.each([
    ['-quiet app', 'quiet | app'],
    ['--quiet app', 'quiet | app'],
    ['-quiet=true app', 'quiet | app'],
    ['-quiet=1 app', 'quiet | app'],
    ['-quiet=false app', '| app'],
    ['--quiet=F app', '| app'],
    ['-quiet -quit -quiet=false app', 'quit | app'],
    ['-quiet=false -quiet app', 'quiet | app'],
    ['-quiet=no app', 'unknown -quiet=no'],
    ['-quiet= app', 'unknown -quiet='],
    ['-quie app', 'unknown -quie'],
    ['-port 1 app', 'port=1 | app'],
    ['-port=1 app', 'port=1 | app'],
    ['-port', 'lacking -port'],
  ])('%s: %s', (line, expected) => expect(read(line, go).trim()).toBe(expected))
})

describe('short options', () => {
  test.each([
    ['-a app', 'a | app'],
    ['-ab x app', 'a b=x | app'],
    ['-bx app', 'b=x | app'],
    ['-b', 'lacking -b'],
    ['-c app', 'c= | app'],
    ['-cx app', 'c=x | app'],
    ['-a: app', 'unknown -a:'],
    ['-d app', 'unknown -d'],
    ['-- -a app', '| -a app'],
    ['- -a', '| - -a'],
  ])('%s: %s', (line, expected) => expect(read(line).trim()).toBe(expected))

  test('behind operands, where they are permuted', () => {
    expect(read('app -a one -b x -- -c', {...GRAMMAR, permutes: true})).toBe('a b=x | app one -c')
  })
})
