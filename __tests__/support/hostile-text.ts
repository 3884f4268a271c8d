import fc from 'fast-check'
import {HOSTILE_TEXTS} from './sample-reports.ts'

const PIECES = [
  ...[
    '::',
    ':',
    '##[',
    '#',
    '##',
    '[',
    ']',
    ' ',
    '  ',
    '\t',
    '\n',
    '\r',
    '\r\n',
    '\v',
    '\f',
    '\0',
    '\x1b[31m',
    '\x85',
    '\u2028',
  ],
  ...[
    'set-output name=verified',
    'stop-commands',
    'add-mask',
    'error',
    'group',
    '::true',
    ']true',
    '%0A',
    '%25',
    '%',
    ',',
  ],
  ...[
    '\u200b',
    '\u200d',
    '\u00ad',
    '\ufeff',
    '\u202e',
    '\u2066',
    '\ud800',
    '\udc00',
    '\u{e0041}',
    '\u00a0',
    '\u3000',
    '\u2800',
  ],
  ...[
    '|',
    '`',
    '```',
    '\\',
    '*',
    '_',
    '~~',
    '<',
    '>',
    '&',
    '&lt;',
    '&#64;',
    '"',
    "'",
    '(',
    ')',
    '!',
    '-',
    '+',
    '=',
    '1. ',
    '$',
    '{',
    '}',
  ],
  ...[
    '@org',
    'https://',
    'www.',
    'a@b.example',
    ':tada:',
    '#1',
    'GH-1',
    '<b>',
    '</details>',
    '<!--',
    '-->',
    'x',
    'ß',
    '漢',
    '\u{1f600}',
  ],
]

/**
 * Any characters. What fast-check has for it makes a table of all of Unicode first, in each test file: a second and
 * more.
 */
export const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.integer({min: 0, max: 0xd7ff}), fc.integer({min: 0xe000, max: 0x10ffff})), {maxLength})
    .map(points => String.fromCodePoint(...points))

/** Texts made of whatever means something to a log, a terminal, Markdown, HTML or JSON. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      {weight: 5, arbitrary: fc.constantFrom(...PIECES)},
      {weight: 2, arbitrary: fc.constantFrom(...HOSTILE_TEXTS)},
      {weight: 1, arbitrary: anyText(5)},
    ),
    {maxLength: 12},
  )
  .map(pieces => pieces.join(''))
