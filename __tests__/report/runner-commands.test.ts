import {describe, expect, test} from '@jest/globals'
import {parseRunnerCommands, REGISTERED_COMMANDS, withoutIgnorables} from '../support/runner-commands.ts'

const command = (name: string, data: string, properties: Record<string, string> = {}, syntax = 'current') => ({
  name,
  properties,
  data,
  syntax,
})

describe('what the runner takes for a command', () => {
  test.each([
    ['a command', '::error::broken', [command('error', 'broken')]],
    ['without data', '::endgroup::', [command('endgroup', '')]],
    ['properties', '::error file=a.ts,line=3::x', [command('error', 'x', {file: 'a.ts', line: '3'})]],
    ['after white space', ' \t\u00a0\u2003\u0085::debug::x', [command('debug', 'x')]],
    ['any case', '::Set-Output NAME=a::b', [command('set-output', 'b', {NAME: 'a'})]],
    ['escapes of data, %25 last', '::debug::%250A%0D%0A%3A', [command('debug', '%0A\r\n%3A')]],
    ['escapes of properties', '::error title=a%2Cb%3Ac%250A::x', [command('error', 'x', {title: 'a,b:c%0A'})]],
    ['a repeated key keeps its first spelling', '::error Title=a,title=b::x', [command('error', 'x', {Title: 'b'})]],
    ['an equals sign in a value', '::error title=a=b::x', [command('error', 'x', {title: 'a=b'})]],
    ['empty keys and values are passed over', '::error title=,=x,,file==y::z', [command('error', 'z', {file: 'y'})]],
    ['legacy', '##[error]broken', [command('error', 'broken', {}, 'legacy')]],
    [
      'legacy anywhere in a line',
      'a name ##[set-output name=v]true',
      [command('set-output', 'true', {name: 'v'}, 'legacy')],
    ],
    ['legacy escapes', '##[error a=1%3B%5D;b=2]%0A%25', [command('error', '\n%', {a: '1;]', b: '2'}, 'legacy')]],
    ['legacy in a line that only begins like a command', '::nope:: ##[error]x', [command('error', 'x', {}, 'legacy')]],
    [
      'lines end with LF, CR or both',
      'a\r::debug::1\n::debug::2\r\n::debug::3',
      ['1', '2', '3'].map(data => command('debug', data)),
    ],
    [
      'between stop-commands and its token nothing counts',
      '::stop-commands::T0k\n::error::x\n::T0K::\n::debug::y',
      [command('stop-commands', 'T0k'), command('debug', 'y')],
    ],
  ])('%s', (_, output, expected) => {
    expect(parseRunnerCommands(output)).toEqual(expected)
  })

  test.each(REGISTERED_COMMANDS)('%s in both grammars', name => {
    expect(parseRunnerCommands(`::${name}::a\n`).map(({syntax}) => syntax)).toEqual(['current'])
    expect(parseRunnerCommands(`x##[${name}]a\n`).map(({syntax}) => syntax)).toEqual(['legacy'])
  })
})

describe('what the runner takes for text', () => {
  test.each([
    ['text', 'hello'],
    ['not at the start', 'x ::error::y'],
    ['no second separator', '::error'],
    ['no such command', '::nope::x'],
    ['a space before the name', ':: error::x'],
    ['legacy without an end', '##[error'],
    ['legacy, no such command', '##[nope]x'],
    ['legacy after another that is none: only the first is looked at', '##[x]##[error]y'],
    ['line separators are no line ends', 'x\u2028::error::y\u0085::error::z\v::error::\f::error::'],
    ['a zero-width space is no white space', '\u200b::error::x'],
    ['U+FEFF is white space in JavaScript only', '\ufeff::error::x'],
  ])('%s', (_, output) => {
    expect(parseRunnerCommands(output)).toEqual([])
  })
})

test('withoutIgnorables shows what a search by culture may see', () => {
  expect(withoutIgnorables('#\u200d#\0[\u00adx\n\t\ufeff::')).toBe('##[x\n\t::')
})
