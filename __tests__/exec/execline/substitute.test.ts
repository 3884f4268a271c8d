// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are words of execline scripts
import {describe, expect, test} from '@jest/globals'
import {Budget} from '../../../src/exec/budget.ts'
import {type Substitution, substitute} from '../../../src/exec/execline/substitute.ts'
import {PLAIN, type Transform, transform} from '../../../src/exec/execline/transform.ts'
import {takeBlock, type Words} from '../../../src/exec/execline/words.ts'

const KEYS = new Map<string, Substitution>([
  ['one', ['1']],
  ['two', ['a', 'b']],
  ['none', []],
  ['x y', ['z']],
  ['unknown', [{unknown: '${unknown}'}]],
  ['either', [{unknown: '${either}', oneOf: ['l', 'r']}]],
  ['any', undefined],
])

describe('substitution', () => {
  test.each<[what: string, word: string, words: Words]>([
    ['a whole word', '$one', ['1']],
    ['only a whole one', '$one/x', ['$one/x']],
    ['in braces anywhere', 'a${one}b', ['a1b']],
    ['up to the next reference', '$one$one', ['11']],
    ['a key with a blank', '${x y}$x y', ['zz']],
    ['several words', 'a${two}b', ['aab', 'abb']],
    ['all with all, the first slowest', '${two}${two}', ['aa', 'ab', 'ba', 'bb']],
    ['no word', 'a${none}b', []],
    ['no word with several', '${two}${none}', []],
    ['no key', '${other}$other', ['${other}$other']],
    ['a quoted one', '\\$one \\${one}', ['\\$one ${one}']],
    ['two backslashes are one', '\\\\${one}', ['\\1']],
    ['three are one, and quote', '\\\\\\${one}', ['\\${one}']],
    ['not before what is no key', '\\\\${other}', ['\\\\${other}']],
    ['what only the run knows', ' a${unknown}', [{unknown: ' a${unknown}'}]],
    ['one of several', '-${either}', [{unknown: '-${either}', oneOf: ['-l', '-r']}]],
    ['any number of words', ' ${any}', [{unknown: ' ${any}', isWords: true}]],
  ])('%s', (_, word, words) => expect(substitute([word], KEYS)).toEqual(words))

  test('words of a hostile script are bounded', () => {
    const many = new Map([['x', Array.from({length: 1000}, String)]])
    expect(() => substitute(['${x}${x}${x}'], many, new Budget())).toThrow('steps of work')
  })
})

describe('transformation', () => {
  test.each<[what: string, value: string, how: Partial<Transform>, words: readonly string[] | undefined]>([
    ['none', ' a b\n', {}, [' a b\n']],
    ['chomping takes one off', 'a\n\n', {chomps: true}, ['a\n']],
    ['crunching', ' a  b \n', {crunches: true}, [' a b ']],
    ['splitting: each delimiter ends a word', ' a  b ', {splits: true}, ['', 'a', '', 'b']],
    ['a last word without an end', 'a b', {splits: true}, ['a', 'b']],
    ['which chomping takes off', 'a b', {splits: true, chomps: true}, ['a']],
    ['and not where it has an end', 'a b ', {splits: true, chomps: true}, ['a', 'b']],
    ['nothing is no word', '', {splits: true}, []],
    ['other delimiters', 'a:b c', {splits: true, delimiters: ':'}, ['a', 'b c']],
    ['netstrings', '3:a b,0:,', {splits: true, delimiters: ''}, ['a b', '']],
    ['none such', '3:ab,', {splits: true, delimiters: ''}, undefined],
  ])('%s', (_, value, how, words) => expect(transform(value, {...PLAIN, ...how})).toEqual(words))
})

describe('blocks', () => {
  test.each<[what: string, words: Words, block: Words | undefined, rest: Words]>([
    ['one', [' a', '  b', '', 'c'], ['a', ' b'], ['c']],
    ['an empty one', ['', 'c'], [], ['c']],
    ['one that does not end', [' a', ' '], undefined, []],
    ['what only the run knows', [{unknown: ' ${x}', oneOf: [' a']}, ''], [{unknown: '${x}', oneOf: ['a']}], []],
  ])('%s', (_, words, block, rest) => {
    const taken = takeBlock(words)
    expect(taken?.block).toEqual(block)
    expect(taken?.rest ?? []).toEqual(rest)
  })
})
