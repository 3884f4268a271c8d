// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {expand, type Scope} from '../../src/dockerfile/scope.ts'

const value = (text: string) => ({text, sources: [], names: []})
const SCOPE: Scope = new Map(
  Object.entries({A: 'one', EMPTY: '', P: '/usr/local/lib/x.so.1', S: 'a b', D: '$A', T: 'aXbXc'}).map(
    ([name, text]) => [name, value(text)],
  ),
)

/** What e2e/dockerfile.e2e.ts puts before the real builder, too. */
describe('a word', () => {
  test.each([
    ['plain', 'plain'],
    ['$A', 'one'],
    ['${A}', 'one'],
    ['$A-$A.$A', 'one-one.one'],
    ['$AB', ''],
    ['x$', 'x$'],
    ['$1', ''],
    ['${A:-d}', 'one'],
    ['${U:-d}', 'd'],
    ['${U-d}', 'd'],
    ['${EMPTY:-d}', 'd'],
    ['${EMPTY-d}', ''],
    ['${A:+y}', 'y'],
    ['${A+y}', 'y'],
    ['${U:+y}', ''],
    ['${EMPTY:+y}', ''],
    ['${EMPTY+y}', 'y'],
    ['${A:?no}', 'one'],
    ['${U:-${A}}', 'one'],
    ['${U:-$A/b}', 'one/b'],
    ['${P#*/}', 'usr/local/lib/x.so.1'],
    ['${P##*/}', 'x.so.1'],
    ['${P%.*}', '/usr/local/lib/x.so'],
    ['${P%%.*}', '/usr/local/lib/x'],
    ['${P#/u?r}', '/local/lib/x.so.1'],
    ['${P/local/share}', '/usr/share/lib/x.so.1'],
    ['${T/X/-}', 'a-bXc'],
    ['${T//X/-}', 'a-b-c'],
    ['${P//\\//_}', '_usr_local_lib_x.so.1'],
    ["'$A'", '$A'],
    ['"$A"', 'one'],
    ['"a b"', 'a b'],
    ['"\'$A\'"', "'one'"],
    ['\\$A', '$A'],
    ['"\\$A"', '$A'],
    ['"\\a"', '\\a'],
    ['a\\ b', 'a b'],
    ['$D', '$A'],
    ['$S', 'a b'],
  ])('%s is %s', (word, text) => {
    expect(expand(word, SCOPE, '\\')).toMatchObject({ok: true, value: {text}})
  })

  test.each([
    ['${A', 'unsupported modifier ()'],
    ['${', "missing '}'"],
    ['${}', 'bad substitution'],
    ['${:x}', 'bad substitution'],
    ['${{A}}', 'bad substitution'],
    ['${A:=x}', 'unsupported modifier (:=)'],
    ['${A^^}', 'unsupported modifier (^)'],
    ['${A:#x}', 'unsupported modifier (:#)'],
    ["'a", 'single-quote'],
    ['"a', 'double-quote'],
  ])('%s is refused', (word, problem) => {
    expect(expand(word, SCOPE, '\\')).toEqual({ok: false, problem: expect.stringContaining(problem)})
  })

  test('another escape', () => {
    expect(expand('`$A\\$A', SCOPE, '`')).toMatchObject({ok: true, value: {text: '$A\\one'}})
  })

  test('says what it hangs on', () => {
    const scope: Scope = new Map([
      ['TARGETARCH', {text: 'arm64', sources: ['target'], names: ['TARGETARCH']}],
      ['V', {text: '1', sources: ['default'], names: ['W']}],
    ])
    expect(expand('a-$TARGETARCH-$V-$U', scope, '\\')).toEqual({
      ok: true,
      value: {text: 'a-arm64-1-', sources: ['target', 'default', 'unknown'], names: ['TARGETARCH', 'V', 'U']},
    })
    expect(expand('constant', scope, '\\')).toEqual({ok: true, value: {text: 'constant', sources: [], names: []}})
  })

  test('of any characters is read or refused, and never takes long', () => {
    const soup = fc.array(
      fc.constantFrom('$', '{', '}', ':', '-', '+', '?', '#', '%', '/', '*', '\\', "'", '"', '<', 'A', 'P', ' '),
      {maxLength: 40},
    )
    fc.assert(
      fc.property(soup, characters => {
        expect(typeof expand(characters.join(''), SCOPE, '\\').ok).toBe('boolean')
      }),
      {numRuns: 3000},
    )
    const many = `\${P${'/*a*a*a*a*a*a/x'.repeat(1)}}`
    expect(expand(many, new Map([['P', value('a'.repeat(100_000))]]), '\\').ok).toBe(false)
    expect(expand('${A:-'.repeat(5000), SCOPE, '\\').ok).toBe(false)
  })
})
