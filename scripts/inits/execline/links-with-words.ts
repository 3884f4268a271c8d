// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are words of execline scripts
import type {Link} from './link.ts'
import {DELIMITERS, KEYS, options, PATTERNS, someWords, TRANSFORMS, VALUES, VARIABLES} from './words.ts'

/** Programs of execline that have words alone. */
export const LINKS_WITH_WORDS: readonly Link[] = [
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
  random => {
    const key = random.pick(KEYS)
    const flags = options(random, ['-s', '-s', '-m', '-0', '-e', '-v', '-w'])
    return {parts: ['elglob', ...flags, key, random.pick(PATTERNS)], knows: [key], mayEnd: true}
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
  random => ({parts: ['wait', ...options(random, ['-i', '-a']), []], mayEnd: true}),
  random => ({parts: ['shift', ...options(random, ['-n1', '-n2', '-b0'])], mayEnd: true}),
  random => ({parts: ['elgetopt', random.pick(['ab:', 'x'])], mayEnd: true}),
  random => ({parts: ['withstdinas', ...options(random, ['-n', '-N', '-E']), 'IN'], knows: ['IN'], mayEnd: true}),
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
