import {describe, expect, test} from '@jest/globals'
import {formatPercent, UNKNOWN} from '../../../src/exec/services/supervisord/percent-format.ts'
import {parsePairs, splitCommand} from '../../../src/exec/services/supervisord/shlex.ts'
import {
  checkExitCodes,
  checkLevel,
  checkSignal,
  checkSize,
  toBoolean,
  toInteger,
  toList,
  toName,
  toOctal,
} from '../../../src/exec/services/supervisord/values.ts'

/*
 * Values as supervisor 4 converts them by Python: the rows are what `int`, `%` and shlex of 3.11 and 3.13 make of them.
 */

/** Undefined where it is refused. */
const tried = <T>(convert: () => T): T | 'refused' => {
  try {
    return convert()
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown.name !== 'ConfigError') throw thrown
    return 'refused'
  }
}

type Converted = number | undefined | 'refused'
const refused = (...texts: readonly string[]): [string, Converted][] => texts.map(text => [text, 'refused'])

describe('numbers', () => {
  test.each<[text: string, value: Converted]>([
    ['1', 1],
    [' +10 ', 10],
    ['-2_00', -200],
    ['007', 7],
    ['\t3\n', 3],
    [`1${UNKNOWN}`, undefined],
    ...refused('1__0', '_1', '1_', '1.5', '', '0x1', 'many', '1 0', '1x', 'x1'),
  ])('%j is %j', (text, value) => {
    expect(tried(() => toInteger(text))).toBe(value)
  })

  test.each<[text: string, value: Converted]>([
    ['022', 0o22],
    ['0o27', 0o27],
    ['0O_7', 7],
    ['0o_7', 7],
    ['-7', -7],
    ['+22', 0o22],
    ['1_7', 0o17],
    [' 7 ', 7],
    ['00', 0],
    [UNKNOWN, undefined],
    ...refused('8', '1__7', '_7', '7_', '7 7', '0x7', '', '0o', 'rwx', '7x', 'x7'),
  ])('octal, %j is %j', (text, value) => {
    expect(tried(() => toOctal(text))).toBe(value)
  })

  test.each(['1', '50MB', '1gb', '2Kb', '50 mb', '-1KB', `${UNKNOWN}MB`])('%j is a size', text => {
    expect(tried(() => checkSize(text))).toBeUndefined()
  })

  test.each(['50TB', 'MB', '', 'mb50', '50MBs', '5MB0'])('%j is not a size', text => {
    expect(tried(() => checkSize(text))).toBe('refused')
  })

  test.each(['', '0', '0,2', '255', ' 1 , 2 ', UNKNOWN])('%j are exit codes', text => {
    expect(tried(() => checkExitCodes(text))).toBeUndefined()
  })

  test.each(['256', '-1', '0,', '1,x', '0 2'])('%j are not exit codes', text => {
    expect(tried(() => checkExitCodes(text))).toBe('refused')
  })
})

describe('words', () => {
  test.each(['yes', 'TRUE', 'on', '1'])('%j is true', text => {
    expect(tried(() => toBoolean(text))).toBe(true)
  })

  test.each(['no', 'False', 'off', '0', 'unexpected'])('%j is false, with another word for it', text => {
    expect(tried(() => toBoolean(text, ['unexpected']))).toBe(false)
  })

  test.each(['unexpected', '', ' yes', 'y'])('%j is neither', text => {
    expect(tried(() => toBoolean(text))).toBe('refused')
    expect(tried(() => toBoolean(UNKNOWN))).toBeUndefined()
  })

  test.each(['TERM', 'term', 'SIGTERM', '15', ' HUP ', 'RTMIN', '64', '0', 'CLD', UNKNOWN])('%j is a signal', text => {
    expect(tried(() => checkSignal(text))).toBeUndefined()
  })

  test.each(['65', '-1', 'NOSUCH', '', '1.5'])('%j is not a signal', text => {
    expect(tried(() => checkSignal(text))).toBe('refused')
  })

  test('levels, names and lists', () => {
    for (const text of ['info', 'BLATHER', UNKNOWN]) expect(tried(() => checkLevel(text))).toBeUndefined()
    for (const text of ['verbose', '', 'info ']) expect(tried(() => checkLevel(text))).toBe('refused')
    expect(toName(' a-b ')).toBe('a-b')
    for (const text of ['a b', 'a:b', 'a/b']) expect(tried(() => toName(text))).toBe('refused')
    expect([toList(undefined), toList(''), toList(' a, b ,c')]).toEqual([[], [], ['a', 'b', 'c']])
  })
})

describe('formats', () => {
  const names = (name: string) => ({text: 'web', number: 7, minus: -7, 'a(b)': 'c'})[name]
  test.each<[text: string, value: string]>([
    ['100%%', '100%'],
    ['%(text)s-%(text)s', 'web-web'],
    ['%(text)5s|%(text)-5s|%(text).2s|%(text).s', '  web|web  |we|'],
    ['%(number)d %(number)03d %(number)+d %(number)-3d|%(number) d', '7 007 +7 7  | 7'],
    ['%(number).3d %(number)i %(number)u %(number)ld %(number)s', '007 7 7 7 7'],
    ['%(number)5.3d|%(number)+04d', '  007|+007'],
    ['%(a(b))s', 'c'],
    ['%(minus)05d|%(minus).3d|%(minus)5.3d|%(minus)+05d|%(minus) d', '-0007|-007| -007|-0007|-7'],
    ['%(number)05.3d|%(number) 05d|%(number)-05d|%(number)+ d', '00007| 0007|7    |+7'],
    ['%(number)05s|%(number)+s|%(text)05s', '    7|7|  web'],
    ['x %s y', `x ${UNKNOWN} y`],
    ['%(text)r', UNKNOWN],
    ['%(number)x', UNKNOWN],
  ])('%j is %j', (text, value) => {
    expect(formatPercent(text, names)).toBe(value)
  })

  test.each([
    ...['%(none)s', '%(text)d', '%(text)x', '%(text', '%(text)', '%d', '%', '100%', '5% y', '%(text)k', '%(text)2000s'],
    // Only where nothing is between them do two signs stand for one.
    ...['%(text)%', 'a%5%b', '%-%', '%l%'],
    // All names there are are printed once.
    ...['%s %s', '%s %(text)s %s', '%(text)s %s', '%(text).1001s'],
  ])('%j is not one', text => {
    expect(tried(() => formatPercent(text, names))).toBe('refused')
  })
})

describe('a command, as shlex.split has it', () => {
  test.each<[text: string, words: readonly string[]]>([
    ['a  b\tc\n', ['a', 'b', 'c']],
    [`a "b c" 'd e'`, ['a', 'b c', 'd e']],
    [`a"b c"d''`, ['ab cd']],
    [`"" ''`, ['', '']],
    ['a\\ b \\\\ \\"', ['a b', '\\', '"']],
    [`"a\\"b\\\\c\\d" 'a\\b'`, ['a"b\\c\\d', 'a\\b']],
    ['# a # b', ['#', 'a', '#', 'b']],
    ['', []],
  ])('%j', (text, words) => {
    expect(splitCommand(text)).toEqual(words)
  })

  test.each(['a "b', "a 'b", 'a\\', '"a\\"'])('%j does not end', text => {
    expect(tried(() => splitCommand(text))).toBe('refused')
  })
})

describe('pairs', () => {
  test.each<[text: string, pairs: readonly (readonly [string, string])[]]>([
    ['A=b', [['A', 'b']]],
    [
      'A="b c",D=\'e\'',
      [
        ['A', 'b c'],
        ['D', 'e'],
      ],
    ],
    [
      ' A = b ,\n C = d ',
      [
        ['A', 'b'],
        ['C', 'd'],
      ],
    ],
    ['A=b,', [['A', 'b']]],
    ['A=/x/y.z:w+v-u(t)', [['A', '/x/y.z:w+v-u(t)']]],
    ['A=""', [['A', '']]],
    ['A==b', [['A', '=']]],
    [
      'A=b # c\n,D=e',
      [
        ['A', 'b'],
        ['D', 'e'],
      ],
    ],
    ['', []],
  ])('%j', (text, pairs) => {
    expect([...parsePairs(text)]).toEqual(pairs)
  })

  test.each(['A', 'A=', '=b', 'A="b', 'A b=c'])('%j are none', text => {
    expect(tried(() => [...parsePairs(text)])).toBe('refused')
  })
})
