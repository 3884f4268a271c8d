import type {Random} from '../kernel/random.ts'
import type {Manual} from './manual.ts'

const PROGRAMS: readonly (readonly string[])[] = [
  ['app'],
  ['app', 'one', 'two'],
  ['/opt/bin/app', 'one'],
  ['./here'],
  ['svc-only'],
  ['root-only'],
  ['group-only'],
  ['foreign'],
  ['text'],
  ['/opt/bin/text', 'x'],
  ['shebang'],
  ['plain'],
  ['missing'],
  ['/opt/bin/missing'],
  ['cat'],
  ['sh', '-c', 'exec $HOME/own'],
  ['sh', '-c', 'exec app from sh'],
  ['sh', '-c', 'exec app "$A" "$COLOUR"'],
  ['env', 'app'],
]

export interface CommandLine {
  readonly argv: readonly string[]
}

/** Command lines without a program, or without what must stand before one: most wrappers end with their usage. */
export function bareCommandLines(random: Random, {name, options = [], operands = []}: Manual): readonly CommandLine[] {
  const pick = (list: readonly (readonly string[])[]) => list[random.below(list.length)] ?? []
  return [[], pick(options), operands[0] ?? [], [...pick(options), ...(operands[0] ?? [])], ['--']].map(words => ({
    argv: [name, ...words],
  }))
}

/** A command line for a wrapper: its options, sometimes wrong ones or none, `--`, and a program with arguments. */
export function makeCommandLine(random: Random, manual: Manual): CommandLine {
  const {name, options = [], wrong = [], operands = []} = manual
  const chosen: string[] = []
  const pick = (list: readonly (readonly string[])[]) => list[random.below(list.length)] ?? []
  for (let left = random.below(3); left > 0 && options.length > 0; left--) chosen.push(...pick(options))
  if (wrong.length > 0 && random.oneIn(8)) chosen.push(...pick(wrong))
  const flags = options.filter(([word = '', ...rest]) => rest.length === 0 && /^--[a-z][\w-]+$/.test(word))
  if (flags.length > 0 && random.oneIn(16)) chosen.push(`${pick(flags)}=${random.oneIn(2) ? '' : 'x'}`)
  const dashes = random.oneIn(8) ? ['--'] : []
  const own = operands.length > 0 && !random.oneIn(12) ? pick(operands) : []
  const more = random.oneIn(16) ? ['--'] : []
  const program = [...pick(PROGRAMS)]
  // Options that come late: some programs take them for their own.
  if (options.length > 0 && random.oneIn(7)) program.push(...pick(options))
  if (wrong.length > 0 && random.oneIn(25)) program.push(...pick(wrong))
  if (random.oneIn(12)) program.length = 0
  const takesText = /(^|\s)(-c|-lc|-ec|-S)$/.test([...chosen, ...own].join(' '))
  const last = takesText && !random.oneIn(5) ? [program.join(' ')] : program
  return {argv: [name, ...chosen, ...dashes, ...own, ...more, ...last]}
}
