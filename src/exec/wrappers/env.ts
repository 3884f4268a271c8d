import {becomes, type Caller, type Handover, lacksProgram, refuse} from './handover.ts'
import {parseOptions} from './options.ts'
import {wrongSignals} from './signals.ts'
import {splitString} from './split-string.ts'

const GRAMMAR = {
  short: 'iu:C:S:0va:',
  long: [
    'ignore-environment',
    'unset=',
    'chdir=',
    'split-string=',
    'null',
    'debug',
    'argv0=',
    'default-signal[=]',
    'ignore-signal[=]',
    'block-signal[=]',
    'list-signal-handling',
    'help',
    'version',
  ],
} as const

/** env(1), with what GNU coreutils added: `-S` splits its argument into words, which then stand in its place. */
export async function env(caller: Caller): Promise<readonly Handover[]> {
  const {process} = caller
  const argv = expandSplits(process.argv, process.env)
  if (!argv) return [{kind: 'unknown', reason: 'the -S argument of env is not understood'}]
  const {options, operands, unknown, lacking: bare} = parseOptions(argv, GRAMMAR)
  if (bare !== undefined && process.unknownWord === undefined)
    return refuse(caller, `its option ${bare} wants an argument`)
  if (unknown !== undefined && unknown !== '-') {
    return [{kind: 'unknown', reason: `the option ${unknown} of env is not understood`}]
  }
  if (options.some(([name]) => name === 'help' || name === 'version')) return []
  const wrong = wrongSignals(options)
  if (wrong !== undefined) return refuse(caller, wrong)
  const variables = new Map(process.env)
  let cwd = process.cwd
  let at = operands
  const clears = options.some(([name]) => name === 'i' || name === 'ignore-environment') || argv[at] === '-'
  if (clears) variables.clear()
  if (argv[at] === '-') at++
  for (const [name, value] of options) {
    if ((name === 'u' || name === 'unset') && value !== undefined) variables.delete(value)
    if ((name === 'C' || name === 'chdir') && value !== undefined)
      cwd = value.startsWith('/') ? value : `${cwd}/${value}`
  }
  for (; at < argv.length; at++) {
    const word = argv[at] ?? ''
    const equals = word.indexOf('=')
    if (equals < 0) break
    variables.set(word.slice(0, equals), word.slice(equals + 1))
  }
  if (at < argv.length && options.some(([name]) => name === '0' || name === 'null')) {
    return refuse(caller, 'its option -0 does not go with a program')
  }
  const rest = argv.slice(at)
  // Without a program it prints its variables, unless an option is only for one: env.c, "must specify command with".
  const wantsProgram = options.some(([name]) => ['C', 'chdir', 'a', 'argv0'].includes(name))
  const lacking = wantsProgram ? lacksProgram(caller, rest) : undefined
  return lacking ?? becomes({...caller, process: {...process, env: variables, cwd}}, rest)
}

/** Each `-S TEXT`, also attached or after `-v` and `-i`, replaced by the words of its text. */
function expandSplits(argv: readonly string[], variables: ReadonlyMap<string, string>): readonly string[] | undefined {
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '--' || !word.startsWith('-')) return argv
    const attached = /^-[iv0]*S(.*)$/s.exec(word)?.[1] ?? /^--split-string=(.*)$/s.exec(word)?.[1]
    const separate = attached === '' || word === '--split-string'
    const text = separate ? argv[at + 1] : attached
    if (attached === undefined && !separate) {
      if (['-u', '-C', '-a', '--unset', '--chdir', '--argv0'].includes(word)) at++
      continue
    }
    if (text === undefined) return argv
    const words = splitString(text, variables)
    if (!words) return undefined
    const flags = /^-([iv0]+)S/.exec(word)?.[1]
    const kept = flags === undefined ? [] : [`-${flags}`]
    const expanded: readonly string[] = [
      ...argv.slice(0, at),
      ...kept,
      ...words,
      ...argv.slice(at + (separate ? 2 : 1)),
    ]
    return expandSplits(expanded, variables)
  }
  return argv
}
