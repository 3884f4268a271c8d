import type {Random} from '../../kernel/random.ts'
import {makeChain} from './chain.ts'
import {scriptText} from './text.ts'

/** A script, how it is run, and with what. */
export interface ExeclineCase {
  readonly script: string
  /** What runs it: `-c`, or a file with this first line. */
  readonly start:
    | {readonly kind: 'text'; readonly options: readonly string[]}
    | {readonly kind: 'file'; readonly shebang: string}
  readonly args: readonly string[]
  readonly env: readonly string[]
  /** Something in it may end it before its time. */
  readonly mayEnd: boolean
  /** Parts of it run at the same time. */
  readonly isParallel: boolean
}

const OPTIONS: readonly (readonly string[])[] = [
  [],
  ['-P'],
  ['-p'],
  ['-S0'],
  ['-S2'],
  ['-s1'],
  ['-S', '1'],
  ['-W'],
  ['-wP'],
  ['-q'],
]
const ARGS: readonly (readonly string[])[] = [
  [],
  ['one'],
  ['one', 'two words'],
  ['one', '', 'three'],
  ['a', 'b', 'c', 'd'],
]
const INTERPRETERS = ['/usr/bin/execlineb', '/usr/lib/execline/bin/execlineb']

/** A random script. */
export function makeExeclineCase(random: Random): ExeclineCase {
  const options = random.pick(OPTIONS)
  const chain = makeChain(random, 3, {
    known: ['FOO', 'LIST', ...(options.some(option => /^-[Ss]/.test(option)) ? ['1', '2', '@', '#', '0'] : [])],
    depth: 0,
  })
  const script = scriptText(random, chain.parts)
  // A shebang has one argument.
  const single = options.length < 2 ? options : [options.join('')]
  const start = random.oneIn(3)
    ? ({kind: 'file', shebang: [random.pick(INTERPRETERS), ...single].join(' ')} as const)
    : ({kind: 'text', options} as const)
  const env = ['FOO=foo', 'LIST=a b  c ', 'EMPTY=', 'NEWLINE=x\n', 'COLONS=a:b::c:', 'NUMBER=0']
  const isCut = random.oneIn(60) && script.length > 0
  return {
    script: isCut ? script.slice(0, random.below(script.length)) : script,
    start,
    args: random.pick(ARGS),
    env: random.oneIn(12) ? [...env, `EXECLINE_STRICT=${random.below(3)}`] : env,
    mayEnd: chain.mayEnd || isCut,
    isParallel: chain.isParallel,
  }
}
