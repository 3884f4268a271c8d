import {describe, expect, test} from '@jest/globals'
import {Budget} from '../../../src/exec/budget.ts'
import {parseScript} from '../../../src/exec/execline/parse.ts'

const parse = (text: string | Uint8Array) => {
  const parsed = parseScript(typeof text === 'string' ? new TextEncoder().encode(text) : text)
  return parsed.ok ? parsed.words : parsed.problem
}

/* What execlineb 2.9.3 and 2.9.9 make of the same texts (npm run test:inits -- --only execline). */
describe('words', () => {
  test.each<[what: string, script: string, words: readonly string[]]>([
    ['blanks of all kinds', ' a\tb\r\nc\u0001d ', ['a', 'b', 'c', 'd']],
    ['comments begin a word', 'a # b\nc#d', ['a', 'c#d']],
    ['quotes join', 'a"b c"d""', ['ab cd']],
    ['an empty word', 'a "" b', ['a', '', 'b']],
    ['a backslash before anything', '\\#a b\\ c \\"', ['#a', 'b c', '"']],
    ['an escaped end of line begins nothing', 'a \\\n b', ['a', 'b']],
    ['within a word it is an end of line', 'a\\\nb', ['a\nb']],
    ['in quotes it is left out', '"a\\\nb"', ['ab']],
    ['escapes in quotes', '"\\a\\b\\t\\n\\v\\f\\r\\\\\\"\\q"', ['\u0007\b\t\n\v\f\r\\"q']],
    ['not out of quotes', 'a\\nb', ['anb']],
    ['numbers', '"\\65\\0101\\0x41\\0x4g"', ['AAA\u0004g']],
    ['an end behind a number', '"a\\65', ['aA']],
    ['braces in words', '{a b} {"" }"" \\{', ['{a', 'b}', '{', '}', '{']],
    ['nothing', ' # only\n', []],
    ['a backslash at the end', 'a \\', ['a']],
    ['UTF-8', 'é "\\0xc3\\0xa9"', ['é', 'é']],
  ])('%s', (_, script, words) => expect(parse(script)).toEqual(words))
})

describe('blocks', () => {
  test.each<[what: string, script: string, words: readonly string[]]>([
    ['a space before each word, and an empty word', 'if { a b } c', ['if', ' a', ' b', '', 'c']],
    ['within each other', 'a { b { c } d } e', ['a', ' b', '  c', ' ', ' d', '', 'e']],
    ['empty ones', 'a { } { { } }', ['a', '', ' ', '']],
    ['quoted words', 'a { "b c" \\d "" }', ['a', ' b c', ' d', ' ', '']],
    ['a brace that ends the script', 'a { b }', ['a', ' b', '']],
  ])('%s', (_, script, words) => expect(parse(script)).toEqual(words))
})

describe('what it refuses', () => {
  test.each<[what: string, script: string, problem: string]>([
    ['a block that does not end', 'a { b', 'its script has an unmatched {'],
    ['an end of no block', 'a } b', 'its script has an unmatched }'],
    ['an end of no block at the end', 'a }', 'its script has an unmatched }'],
    ['quotes that do not end', 'a "b', 'its script has a syntax error'],
    ['a backslash at the end of a word', 'a\\', 'its script has a syntax error'],
    ['a brace at the end', 'a {', 'its script has a syntax error'],
    ['NUL by its number', '"\\0x0"', 'its script has a syntax error'],
    ['a number without digits', '"\\0x"', 'its script has a syntax error'],
    ['a number of more than a byte', '"\\256"', 'its script has a syntax error'],
  ])('%s', (_, script, problem) => expect(parse(script)).toBe(problem))
})

test('NUL ends a script', () => expect(parse(Uint8Array.of(97, 0, 98))).toEqual(['a']))

test('every part of a script is words or a problem', () => {
  const script = 'a { "b\\0x41\\65" { c } } \\" d{ # e\n}'
  for (let length = 0; length <= script.length; length++) expect(parse(script.slice(0, length))).toBeDefined()
})

test('costs of hostile scripts are bounded', () => {
  const parsed = (text: string) => () => parseScript(new TextEncoder().encode(text), new Budget())
  expect(parsed('{ '.repeat(100_000))).toThrow('commands within each other')
  expect(parsed('a '.repeat(5000))).toThrow('words of one command')
  expect(parsed(`"${'a'.repeat(300_000)}"`)).toThrow('characters of one value')
  expect(parsed('a'.repeat(2 ** 20 + 1))).toThrow('bytes of one script')
})
