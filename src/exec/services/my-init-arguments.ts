/** The command line of phusion's my_init, or why it is refused. */
export type MyInitArguments =
  | {readonly kind: 'run'; readonly options: ReadonlySet<Option>; readonly command: readonly string[]}
  | {readonly kind: 'help'}
  | {readonly kind: 'refused'; readonly reason: string}

const OPTIONS = [
  'enable-insecure-key',
  'skip-startup-files',
  'skip-runit',
  'no-kill-all-on-exit',
  'quiet',
  'help',
] as const
type Option = (typeof OPTIONS)[number]

/**
 * Reads it as python's argparse does: options stand before, between and behind the command up to `--`, may be
 * shortened, and what looks like a negative number or holds a blank is not an option.
 */
export function readMyInitArguments(argv: readonly string[]): MyInitArguments {
  const words = argv.slice(1)
  const dashes = words.indexOf('--')
  const before = dashes < 0 ? words : words.slice(0, dashes)
  const behind = dashes < 0 ? [] : words.slice(dashes + 1)
  const options = new Set<Option>()
  const command: string[] = []
  // The command ends with the next option: argparse takes all its words at once.
  let isEnded = false
  for (const word of before) {
    if (!isOption(word)) {
      if (isEnded) return refused(`unrecognized arguments: ${word}`)
      command.push(word)
      continue
    }
    isEnded = command.length > 0
    const found = word === '-h' ? ['help' as const] : findOptions(word)
    const [option] = found
    if (found.length > 1) return refused(`${word} stands for more than one option`)
    if (option === undefined) return refused(`unrecognized arguments: ${word}`)
    if (option === 'help') return {kind: 'help'}
    options.add(option)
  }
  const [more] = behind
  if (isEnded && more !== undefined) return refused(`unrecognized arguments: ${more}`)
  command.push(...behind)
  return options.has('skip-runit') && command.length === 0
    ? refused('with --skip-runit it wants a command')
    : {kind: 'run', options, command}
}

function isOption(word: string): boolean {
  return word.startsWith('-') && word !== '-' && !/^-\d+$|^-\d*\.\d+$/.test(word) && !word.includes(' ')
}

function findOptions(word: string): readonly Option[] {
  if (!word.startsWith('--')) return []
  const name = word.slice(2)
  const exact = OPTIONS.find(option => option === name)
  return exact ? [exact] : OPTIONS.filter(option => option.startsWith(name))
}

function refused(reason: string): MyInitArguments {
  return {kind: 'refused', reason}
}
