// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are words of execline scripts
import type {Random} from '../../kernel/random.ts'
import type {Part} from './text.ts'

/** Where a command line stands. */
export interface Place {
  /** Keys that are likely to be replaced in it. */
  readonly known: readonly string[]
  readonly depth: number
}

const NAMES = [
  'app',
  'app',
  'one',
  '/opt/bin/two',
  'echo',
  'true',
  'fails',
  'missing',
  'foreign',
  'text',
  '/opt/bin/plain',
  './here',
  'sh',
]
const LITERALS = [
  'x',
  'two words',
  '',
  '{',
  '#',
  'a"b',
  'back\\slash',
  '$',
  '$FOO',
  '${FOO}',
  '\\$FOO',
  '-n',
  '--',
  '\ttab',
  'line\n',
  'é',
]

/** What a command line ends with. */
export function finalProgram(random: Random, place: Place): readonly Part[] {
  if (random.oneIn(40)) return []
  const name = random.pick(NAMES)
  const words = someWords(random, place, 3)
  if (name === 'sh')
    return [name, '-c', random.pick(['exec app from sh', 'echo "$FOO"', 'app "$1"; one', 'exit 3']), ...words]
  return [name, ...words]
}

/** Words that may be replaced. */
export function someWords(random: Random, place: Place, most: number): readonly string[] {
  return Array.from({length: random.below(most + 1)}, () => word(random, place))
}

/** One that may be replaced. */
export function word(random: Random, {known}: Place): string {
  if (random.oneIn(2) && known.length > 0) {
    const key = random.pick(known)
    return random.pick([
      `$${key}`,
      `\${${key}}`,
      `a\${${key}}b`,
      `\${${key}}/\${${random.pick(known)}}`,
      `\\\${${key}}`,
      `\\\\$${key}`,
      `$${key} x`,
    ])
  }
  return random.pick(LITERALS)
}

export const KEYS = ['A', 'B', 'x y', 'FOO', 'LIST', 'k-1']
export const VALUES = ['v', 'a b c', ' lead', 'trail ', 'a  b', 'x:y:', '', 'a\nb\n', '3:abc,0:,']
export const VARIABLES = ['FOO', 'LIST', 'EMPTY', 'NEWLINE', 'COLONS', 'PATH', 'HOME', '?', '#', '1']

/** Some of the options, now and then with one that has an argument. */
export function options(
  random: Random,
  choices: readonly string[],
  arguments_: readonly (readonly string[])[] = [],
): readonly string[] {
  const flags = Array.from({length: random.below(3)}, () => random.pick(choices))
  return [
    ...flags,
    ...(random.oneIn(3) && arguments_.length > 0 ? random.pick(arguments_) : []),
    ...(random.oneIn(12) ? ['--'] : []),
  ]
}

export const TRANSFORMS = ['-s', '-s', '-n', '-N', '-C', '-c', '-sn', '-Cs', '-sCn'] as const
export const DELIMITERS = [['-d', ':'], ['-d:'], ['-d', ' \n'], ['-d', ''], ['-d', 'b']] as const

/** In /srv/glob are the files a, b and .h, and d/x. */
export const PATTERNS = [
  ...['/srv/glob/*', 'glob/*', 'glob/[ab]', 'glob/[!ab]', 'glob/a*', 'glob/?', 'glob/*/x', 'glob/*/'],
  ...[
    'glob/a',
    'glob/zz',
    'glob/none*',
    '/nowhere/*',
    'glob/.*',
    'glob/\\a',
    'glob/\\*',
    'glob/[a',
    '',
    '*/a',
    '/opt/bin/ap?',
  ],
]
