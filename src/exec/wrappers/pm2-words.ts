/** Options with a value: pm2 lib/binaries/Runtime4Docker.js. */
const VALUES =
  /^(-i|--instances|--node-args|-n|--name|--max-memory-restart|-c|--cron|--interpreter|--stop-exit-codes|--delay|--only|--error|--output)$/
/** Those whose value may be left out: a word that begins with a hyphen is none. */
const OPTIONAL = /^--(secret|public|machine-name|web|env)$/
const FLAGS =
  /^--(no-autostart|no-autorestart|trace|v8|format|raw|formatted|json|no-auto-exit|watch|deep-monitoring|help|version)$|^-[hV]$/

/** The command line of pm2-runtime. */
export interface Pm2Words {
  readonly options: ReadonlyMap<string, string>
  readonly operands: readonly string[]
  /** What is behind `--`, which is for the script. */
  readonly args: readonly string[]
  /** An option that it does not have: it takes no notice of that one, unless its command is `start`. */
  readonly unknown: string | undefined
  /** It prints what it can do, or its version. */
  readonly isHelp: boolean
}

/** As commander 2.15 reads them, parseOptions(): options stand anywhere. */
export function readPm2Words(words: readonly string[]): Pm2Words {
  const dashes = words.indexOf('--')
  const own = normalize(dashes < 0 ? words : words.slice(0, dashes))
  const options = new Map<string, string>()
  const operands: string[] = []
  let unknown: string | undefined
  for (let at = 0; at < own.length; at++) {
    const [word = '', next] = own.slice(at, at + 2)
    const isValue = next !== undefined && !(next.startsWith('-') && next !== '-')
    if (word.length < 2 || !word.startsWith('-')) operands.push(word)
    else if (VALUES.test(word)) options.set(word, own[++at] ?? '')
    else if (OPTIONAL.test(word)) options.set(word, isValue ? (own[++at] ?? '') : '')
    else if (FLAGS.test(word)) options.set(word, '')
    else {
      unknown ??= word
      // It may be the value of it.
      if (next !== undefined && !next.startsWith('-')) at++
    }
  }
  const isHelp = ['-h', '--help', '-V', '--version'].some(name => options.has(name))
  return {options, operands, args: dashes < 0 ? [] : words.slice(dashes + 1), unknown, isHelp}
}

/** commander 2.15 normalize(): `-ab` is `-a -b`, and what is behind an equals sign a word of its own. */
function normalize(words: readonly string[]): readonly string[] {
  return words.flatMap((word, at) => {
    if (VALUES.test(words[at - 1] ?? '')) return [word]
    if (/^-[^-]/.test(word)) return [...word.slice(1)].map(letter => `-${letter}`)
    const equals = word.startsWith('--') ? word.indexOf('=') : -1
    return equals < 0 ? [word] : [word.slice(0, equals), word.slice(equals + 1)]
  })
}
