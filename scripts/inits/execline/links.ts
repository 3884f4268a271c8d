// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are words of execline scripts
import type {Random} from '../../kernel/random.ts'
import type {Part} from './text.ts'

/** A command line, and what is to be known of it. */
export interface MadeChain {
  readonly parts: readonly Part[]
  readonly mayEnd: boolean
  readonly isParallel: boolean
}

/** Where a command line stands. */
export interface Place {
  /** Keys that are likely to be replaced in it. */
  readonly known: readonly string[]
  readonly depth: number
}

type Link = (random: Random, place: Place) => Made
/** Words before the rest; the keys that the rest knows. */
interface Made {
  readonly parts: readonly Part[]
  readonly knows?: readonly string[]
  readonly mayEnd?: boolean
  readonly isParallel?: boolean
  /** Nothing stands behind it. */
  readonly isEnd?: boolean
}

/** So many programs one after the other, and one at last. */
export function makeChain(random: Random, most: number, place: Place): MadeChain {
  const parts: Part[] = []
  let {known} = place
  let [mayEnd, isParallel] = [false, false]
  for (let left = random.below(most + 1); left > 0; left--) {
    const link = random.pick(LINKS)(random, {...place, known})
    parts.push(...link.parts)
    known = [...known, ...(link.knows ?? [])]
    mayEnd ||= link.mayEnd === true
    isParallel ||= link.isParallel === true
    if (link.isEnd) return {parts, mayEnd, isParallel}
  }
  parts.push(...finalProgram(random, {...place, known}))
  return {parts, mayEnd, isParallel}
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

function finalProgram(random: Random, place: Place): readonly Part[] {
  if (random.oneIn(40)) return []
  const name = random.pick(NAMES)
  const words = someWords(random, place, 3)
  if (name === 'sh')
    return [name, '-c', random.pick(['exec app from sh', 'echo "$FOO"', 'app "$1"; one', 'exit 3']), ...words]
  return [name, ...words]
}

export function someWords(random: Random, place: Place, most: number): readonly string[] {
  return Array.from({length: random.below(most + 1)}, () => word(random, place))
}

function word(random: Random, {known}: Place): string {
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

const KEYS = ['A', 'B', 'x y', 'FOO', 'LIST', 'k-1']
const VALUES = ['v', 'a b c', ' lead', 'trail ', 'a  b', 'x:y:', '', 'a\nb\n', '3:abc,0:,']
const VARIABLES = ['FOO', 'LIST', 'EMPTY', 'NEWLINE', 'COLONS', 'PATH', 'HOME', '?', '#', '1']

function block(random: Random, place: Place, most = 1): {readonly part: Part; readonly made: MadeChain} {
  const made =
    place.depth > 2
      ? {parts: ['true'], mayEnd: false, isParallel: false}
      : makeChain(random, most, {...place, depth: place.depth + 1})
  return {part: made.parts, made}
}

function options(
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

const TRANSFORMS = ['-s', '-s', '-n', '-N', '-C', '-c', '-sn', '-Cs', '-sCn'] as const
const DELIMITERS = [['-d', ':'], ['-d:'], ['-d', ' \n'], ['-d', ''], ['-d', 'b']] as const

const LINKS: readonly Link[] = [
  (random, place) => {
    const {part, made} = block(random, place)
    return {parts: ['foreground', part], isParallel: made.isParallel, mayEnd: made.mayEnd, knows: []}
  },
  (random, place) => {
    const {part, made} = block(random, place)
    return {
      parts: [
        'if',
        ...options(
          random,
          ['-n', '-t', '-X'],
          [
            ['-x', '3'],
            ['-x', '0'],
            ['-x', '300'],
          ],
        ),
        part,
      ],
      mayEnd: true,
      isParallel: made.isParallel,
    }
  },
  (random, place) => {
    const [one, two] = [block(random, place), block(random, place)]
    return {
      parts: ['ifelse', ...options(random, ['-n', '-X']), one.part, two.part],
      mayEnd: one.made.mayEnd || two.made.mayEnd,
      isParallel: one.made.isParallel || two.made.isParallel,
    }
  },
  (random, place) => {
    const [one, two, three] = [block(random, place), block(random, place), block(random, place)]
    return {
      parts: ['ifthenelse', ...options(random, ['-s', '-X']), one.part, two.part, three.part],
      mayEnd: [one, two, three].some(({made}) => made.mayEnd),
      isParallel: [one, two, three].some(({made}) => made.isParallel),
    }
  },
  (random, place) => {
    const [one, two] = [block(random, place), block(random, place)]
    return {
      parts: ['ifte', ...options(random, ['-n', '-X']), one.part, two.part],
      mayEnd: one.made.mayEnd || two.made.mayEnd,
      isParallel: one.made.isParallel || two.made.isParallel,
    }
  },
  (random, place) => {
    const {part} = block(random, place)
    return {parts: ['background', ...options(random, ['-d']), part], isParallel: true, mayEnd: true}
  },
  (random, place) => {
    const {part} = block(random, place)
    return {parts: ['pipeline', ...options(random, ['-d', '-r', '-w']), part], isParallel: true, mayEnd: true}
  },
  (random, place) => {
    const {part} = block(random, place, 0)
    return {parts: ['tryexec', ...options(random, ['-n', '-c', '-l'], [['-a', 'other']]), part], mayEnd: true}
  },
  random => {
    const key = random.pick(KEYS)
    return {parts: ['define', ...options(random, TRANSFORMS, DELIMITERS), key, random.pick(VALUES)], knows: [key]}
  },
  random => {
    const key = random.pick(KEYS)
    const variable = random.pick(VARIABLES)
    return {
      parts: [
        'importas',
        ...options(random, [...TRANSFORMS, '-u', '-i'], [['-D', 'default'], ...DELIMITERS]),
        key,
        variable,
      ],
      knows: [key],
      mayEnd: true,
    }
  },
  random => {
    const keys = [random.pick(KEYS), `${random.pick(KEYS)}2`, random.pick(['', 'C'])]
    return {
      parts: ['multidefine', ...options(random, ['-0', '-r', '-n', '-C'], DELIMITERS), random.pick(VALUES), keys],
      knows: keys.filter(key => key !== ''),
      mayEnd: true,
    }
  },
  random => ({
    parts: [
      'multisubstitute',
      [
        'define',
        'A',
        random.pick(VALUES),
        'importas',
        ...options(random, ['-s', '-u']),
        'B',
        random.pick(VARIABLES),
        ...(random.oneIn(3) ? ['multidefine', 'p q', ['C', 'D']] : []),
      ],
    ],
    knows: ['A', 'B', 'C'],
    mayEnd: true,
  }),
  random => ({
    parts: ['elgetpositionals', ...(random.oneIn(2) ? [random.pick(['-P2', '-P0'])] : [])],
    knows: ['1', '2', '@', '#', '0'],
    mayEnd: true,
  }),
  (random, place) => {
    const imports = random.oneIn(2) ? ['-E'] : []
    const {part} = random.oneIn(2)
      ? block(random, place)
      : {part: random.pick([['echo', 'out put'], ['printf', 'a b\\n\\n'], ['true'], ['false']])}
    const key = random.pick(['A', 'B', 'FOO'])
    return {
      parts: ['backtick', ...options(random, ['-i', '-I', '-x', '-N', '-n'], [['-D', 'd']]), ...imports, key, part],
      knows: imports.length > 0 ? [key] : [],
      mayEnd: true,
    }
  },
  random => ({
    parts: [
      'export',
      random.pick(['A', 'FOO', 'PATH', '1']),
      random.pick(['v', '/opt/bin', '/nowhere', '/opt/bin:/usr/bin:/usr/lib/execline/bin']),
    ],
    mayEnd: true,
  }),
  random => ({parts: ['unexport', random.pick(VARIABLES)], mayEnd: true}),
  random => ({parts: ['emptyenv', ...options(random, ['-p', '-c', '-P', '-o'])], mayEnd: true}),
  random => ({parts: ['exec', ...options(random, ['-c', '-l'], [['-a', 'zero']])], mayEnd: true}),
  (random, place) => {
    const imports = random.oneIn(2) ? ['-E'] : []
    return {
      parts: [
        'forx',
        ...options(random, ['-p'], [['-x', '1,2'], ['-o0']]),
        ...imports,
        'V',
        [...someWords(random, place, 3)],
      ],
      knows: imports.length > 0 ? ['V'] : [],
      isParallel: true,
      mayEnd: true,
    }
  },
  (random, place) => {
    const imports = random.oneIn(2) ? ['-E'] : []
    const {part} = random.oneIn(3) ? block(random, place) : {part: ['printf', 'l1\\nl2\\n\\nl3']}
    return {
      parts: ['forbacktickx', ...options(random, ['-N', '-C', '-n'], [['-x', '1']]), ...imports, 'V', part],
      knows: imports.length > 0 ? ['V'] : [],
      mayEnd: true,
      isParallel: true,
    }
  },
  random => ({
    parts: [
      random.pick(['cd', 'execline-cd', 'posix-cd']),
      random.pick(['/', '/srv', '/opt/bin', '.', '..', 'missing', '/opt/bin/app']),
    ],
    mayEnd: true,
  }),
  random => ({parts: [random.pick(['umask', 'posix-umask']), random.pick(['022', '77', '000'])]}),
  random => ({
    parts: [
      'redirfd',
      random.pick(['-r', '-w', '-a', '-x', '-w -n'].map(one => one.split(' ')[0] ?? '-w')),
      random.pick(['0', '1', '2', '5']),
      random.pick(['/dev/null', '/tmp/made', '/etc/words', '/no/such']),
    ],
    mayEnd: true,
  }),
  random => ({parts: ['heredoc', random.pick(['0', '3']), random.pick(['text\n', 'a b', ''])], isParallel: true}),
  random => ({
    parts: [
      ...random.pick([
        ['fdmove', '3', '0'],
        ['fdmove', '-c', '2', '1'],
        ['fdclose', '5'],
        ['fdswap', '1', '2'],
        ['fdreserve', '2'],
        ['piperw', '5', '6'],
        ['fdblock', '-n', '0'],
        ['fdmove', 'x', '1'],
      ]),
    ],
    mayEnd: true,
  }),
  random => ({parts: ['getcwd', ...options(random, ['-E', '-e']), 'W'], knows: ['W']}),
  random => ({parts: ['getpid', ...options(random, ['-E', '-P']), 'P'], knows: ['P']}),
  (random, place) => {
    const {part} = block(random, place)
    return {parts: ['trap', ['term', part]], isParallel: true, mayEnd: true}
  },
  random => ({parts: ['wait', ...options(random, ['-i', '-a']), []], mayEnd: true}),
  random => ({parts: ['shift', ...options(random, ['-n1', '-n2', '-b0'])], mayEnd: true}),
  random => ({parts: ['elgetopt', random.pick(['ab:', 'x'])], mayEnd: true}),
  random => ({parts: ['withstdinas', ...options(random, ['-n', '-N', '-E']), 'IN'], knows: ['IN'], mayEnd: true}),
  (random, place) => {
    const [one, two] = [block(random, place), block(random, place)]
    return {
      parts: [
        'case',
        ...options(random, ['-n']),
        word(random, place),
        [random.pick(['foo', 'x', 'v|x', '.*']), one.part, random.pick(['y', 'one', '[a-z]+']), two.part],
      ],
      mayEnd: true,
    }
  },
  random => ({
    parts: [
      'if',
      [
        random.pick(['eltest', 'test']),
        ...random.pick([
          ['-f', '/etc/words'],
          ['a', '=', 'a'],
          ['-d', '/missing'],
          ['!', '-e', '/opt/bin/app'],
          ['-n', ''],
        ]),
      ],
    ],
    mayEnd: true,
  }),
  random => ({parts: ['exit', random.pick(['0', '3', '256', 'x'])], isEnd: true, mayEnd: true}),
  random => ({parts: ['homeof', random.pick(['root', 'nobody', 'nosuch'])], isEnd: true, mayEnd: true}),
  random => ({parts: ['dollarat', ...options(random, ['-n', '-0'], [['-d', ':']])], isEnd: true, mayEnd: true}),
  (random, place) => ({
    parts: [
      'execlineb',
      ...random.pick([['-P'], ['-S1'], []]),
      '-c',
      random.pick(['app inner $1 ${#}', 'foreground { one } app', 'elgetpositionals app $@']),
      ...someWords(random, place, 2),
    ],
    isEnd: true,
    mayEnd: true,
  }),
  random => ({parts: ['s6-setuidgid', random.pick(['nobody', 'nosuch', 'svc'])], mayEnd: true}),
  () => ({parts: ['env', 'A=env']}),
]
