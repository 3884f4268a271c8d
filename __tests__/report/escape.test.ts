import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {escapeLog, escapeLogLines, escapeText, formatJson, shorten} from '../../src/report/escape.ts'
import {hostileText} from '../support/hostile-text.ts'
import {escapeCommandData, escapeCommandProperty} from '../support/printed-annotation.ts'
import {parseRunnerCommands, withoutIgnorables} from '../support/runner-commands.ts'

/** Said in another way than in the code: by ranges, not by properties. */
const UNSEEN =
  /[\0-\x1f\x7f-\xa0\u00ad\u061c\u115f\u1160\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff]|[\u{e0000}-\u{e0fff}]|\u034f|\u17b4|\u17b5|[\u180b-\u180f]|[\ufe00-\ufe0f]|\p{Cs}/u

describe('escapeText', () => {
  test.each([
    ['nothing to do', '/usr/bin/app --flag=1', '/usr/bin/app --flag=1'],
    ['letters of every script', 'Größe 漢字 файл عربي 😀', 'Größe 漢字 файл عربي 😀'],
    ['named controls', 'a\nb\rc\td', 'a\\nb\\rc\\td'],
    ['an escape sequence', '\x1b[2Jx\x9b31m', '\\x1b[2Jx\\x9b31m'],
    ['NUL and DEL', '\0\x7f', '\\x00\\x7f'],
    ['bidirectional overrides', '\u202egnp.exe\u2069', '\\u{202e}gnp.exe\\u{2069}'],
    ['zero-width characters', 'a\u200b\u200d\u2060\ufeffb\u00ad', 'a\\u{200b}\\u{200d}\\u{2060}\\u{feff}b\\xad'],
    ['line separators', '\u0085\u2028\u2029', '\\x85\\u{2028}\\u{2029}'],
    ['spaces that are no space', '\u00a0\u3000\u2800', '\\xa0\\u{3000}\\u{2800}'],
    ['tags and variation selectors', '\u{e0041}\ufe0f', '\\u{e0041}\\u{fe0f}'],
    ['half a pair', '\ud800x\udc00', '\\u{d800}x\\u{dc00}'],
    ['a backslash is a backslash', '\\n', '\\n'],
  ])('%s', (_, text, expected) => {
    expect(escapeText(text)).toBe(expected)
  })

  test('leaves nothing that cannot be seen', () => {
    fc.assert(fc.property(hostileText, text => !UNSEEN.test(escapeText(text))))
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code)
      if (UNSEEN.test(character) && escapeText(character) === character) throw new Error(`U+${code.toString(16)}`)
    }
  })
})

describe('escapeLog', () => {
  test.each([
    ['legacy command', 'x ##[set-output name=v]true', 'x ##\\[set-output name=v]true'],
    ['more number signs', '###[error]', '###\\[error]'],
    ['at the start', '::error::x', '\\::error::x'],
    ['after spaces', '  ::error::x', '  \\::error::x'],
    ['after white space that is escaped', '\u2003::error::x', '\\u{2003}::error::x'],
    ['in the middle it is harmless', 'a::b', 'a::b'],
    ['a second line', 'a\n::error::x', 'a\\n::error::x'],
  ])('%s', (_, text, expected) => {
    expect(escapeLog(text)).toBe(expected)
  })

  test('no text is a command, alone, indented or after another', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (a, b) => {
        const output = `${escapeLog(a)}\n  ${escapeLog(b)}\n${escapeLog(a)} ${escapeLog(b)}\n${escapeLog(a + b)}\n`
        expect(parseRunnerCommands(output)).toEqual([])
        expect(parseRunnerCommands(withoutIgnorables(output))).toEqual([])
        expect(output.split(/\r\n|[\r\n\u2028\u2029\x85]/)).toHaveLength(5)
      }),
      {numRuns: 2000},
    )
  })

  test('a safe text stays as it is', () => {
    fc.assert(fc.property(hostileText, text => escapeLog(escapeLog(text)) === escapeLog(text)))
  })
})

test('escapeLogLines keeps the lines and makes each of them safe', () => {
  expect(escapeLogLines('a\n::error::b\n\tc')).toBe('a\n\\::error::b\n\\tc')
})

describe('workflow commands', () => {
  test('data and properties come back as they were', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (data, title) => {
        // A value that is empty or begins with an equals sign is not carried by the runner's own grammar.
        fc.pre(title !== '' && !title.startsWith('=') && title.trim() === title && !/[\x85]$/.test(title))
        const line = `::error title=${escapeCommandProperty(title)}::${escapeCommandData(data)}`
        expect(parseRunnerCommands(line)).toEqual([{name: 'error', properties: {title}, data, syntax: 'current'}])
      }),
    )
  })
})

describe('formatJson', () => {
  test('says the same, in characters that are seen, and holds no command', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (key, text) => {
        const value = {[key]: [text, {deep: text}]}
        const json = formatJson(value)
        expect(JSON.parse(json)).toEqual(value)
        expect(json.endsWith('}\n')).toBe(true)
        expect(UNSEEN.test(json.replaceAll('\n', ''))).toBe(false)
        expect(parseRunnerCommands(json)).toEqual([])
        expect(parseRunnerCommands(withoutIgnorables(json))).toEqual([])
      }),
      {numRuns: 2000},
    )
  })

  test.each([
    ['##[error]', '"##\\u005berror]"\n'],
    ['\u{e0041}\u202e\x7f', '"\\udb40\\udc41\\u202e\\u007f"\n'],
    ['\\##[', '"\\\\##\\u005b"\n'],
  ])('%j', (text, expected) => {
    expect(formatJson(text)).toBe(expected)
  })
})

describe('shorten', () => {
  test.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['a😀bc', 3, 'a…'],
    ['a😀bc', 4, 'a😀…'],
    ['abc', 0, '…'],
  ])('%s to %d', (text, limit, expected) => {
    expect(shorten(text, limit)).toBe(expected)
  })

  test('with a mark of its own', () => {
    expect(shorten('abcdefgh', 6, ' (cut)')).toBe(' (cut)')
  })
})
