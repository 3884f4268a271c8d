/** Options as getopt(3) and getopt_long(3) take them, up to the first operand. */
export interface OptionGrammar {
  /** As for getopt: a colon after a letter says that it takes an argument, two that it may have one attached. */
  readonly short?: string
  /**
   * Long options; `=` at the end says that it takes an argument, `[=]` that it may have one attached. They may be
   * shortened.
   */
  readonly long?: readonly string[]
  /** `-flag value` and `--flag` are the same: Go's flag package. */
  readonly single?: boolean
  /** Options stand behind operands, too, up to `--`: getopt(3) without `+` and without POSIXLY_CORRECT. */
  readonly permutes?: boolean
}

export interface ParsedOptions {
  /** Name without dashes, value where it takes one; in order. */
  readonly options: readonly (readonly [string, string | undefined])[]
  /** Where the operands begin. */
  readonly operands: number
  /** The operands themselves: of a program that permutes without the options between them. */
  readonly words: readonly string[]
  /** An option that the grammar does not know: nothing after it can be trusted. */
  readonly unknown?: string
  /** An option whose argument is not there. */
  readonly lacking?: string
}

/** Reads the options of `argv` from its second element. */
export function parseOptions(argv: readonly string[], grammar: OptionGrammar): ParsedOptions {
  let options: (readonly [string, string | undefined])[] = []
  const passed: string[] = []
  let at = 1
  const end = (more: Pick<ParsedOptions, 'unknown' | 'lacking'> = {}) => {
    const operands = Math.min(at, argv.length)
    return {options, operands, words: [...passed, ...argv.slice(operands)], ...more}
  }
  while (at < argv.length) {
    const word = argv[at] ?? ''
    if (word === '--') {
      at++
      break
    }
    if (!word.startsWith('-') || word === '-') {
      if (!grammar.permutes) break
      passed.push(word)
      at++
      continue
    }
    const long = word.startsWith('--') || grammar.single === true
    const taken = long ? takeLong(word, argv[at + 1], grammar) : takeShort(word, argv[at + 1], grammar)
    if (!taken) return end({unknown: word})
    if (taken.unset !== undefined) options = options.filter(([name]) => name !== taken.unset)
    options.push(...taken.options)
    at += taken.words
    if (at > argv.length) return end({lacking: word})
  }
  return end()
}

interface Taken {
  /** An option that does not hold any more, whatever stood before. */
  readonly unset?: string
  readonly options: readonly (readonly [string, string | undefined])[]
  readonly words: number
}

function takeLong(word: string, next: string | undefined, {long = [], single}: OptionGrammar): Taken | undefined {
  const text = word.startsWith('--') ? word.slice(2) : word.slice(1)
  const equals = text.indexOf('=')
  const name = equals < 0 ? text : text.slice(0, equals)
  const exact = long.filter(known => bare(known) === name)
  // Go's flag package takes no beginnings.
  const found = exact.length > 0 || single ? exact : long.filter(known => bare(known).startsWith(name))
  const [option] = found
  if (found.length !== 1 || option === undefined) return undefined
  const full = bare(option)
  const takes = option.slice(full.length)
  const value = equals < 0 ? undefined : text.slice(equals + 1)
  if (value !== undefined && takes === '') return single ? takeTruth(full, value) : undefined
  if (value !== undefined) return {options: [[full, value]], words: 1}
  return takes === '=' ? {options: [[full, next]], words: 2} : {options: [[full, undefined]], words: 1}
}

/** `-flag=false` of Go's flag package: https://pkg.go.dev/strconv#ParseBool. getopt_long(3) refuses such a value. */
function takeTruth(name: string, value: string): Taken | undefined {
  if (/^(?:1|t|T|true|TRUE|True)$/.test(value)) return {options: [[name, undefined]], words: 1}
  return /^(?:0|f|F|false|FALSE|False)$/.test(value) ? {options: [], unset: name, words: 1} : undefined
}

/** The option's name alone. */
function bare(option: string): string {
  return option.replace(/(?:=|\[=\])$/, '')
}

function takeShort(word: string, next: string | undefined, {short = ''}: OptionGrammar): Taken | undefined {
  const options: (readonly [string, string | undefined])[] = []
  for (let index = 1; index < word.length; index++) {
    const letter = word[index] ?? ''
    const place = letter === ':' ? -1 : short.indexOf(letter)
    if (place < 0) return undefined
    const rest = word.slice(index + 1)
    if (short.startsWith('::', place + 1)) return {options: [...options, [letter, rest]], words: 1}
    if (short[place + 1] === ':') {
      return rest === ''
        ? {options: [...options, [letter, next]], words: 2}
        : {options: [...options, [letter, rest]], words: 1}
    }
    options.push([letter, undefined])
  }
  return {options, words: 1}
}
