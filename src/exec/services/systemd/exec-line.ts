/** A command of a service: systemd.service(5), "Command lines". */
export interface ExecLine {
  /** Absolute, or a name that systemd looks for. */
  readonly path: string
  /** Behind the program. */
  readonly words: readonly string[]
  /** The first word that only the run knows; `words` ends before it. */
  readonly unknownWord: string | undefined
  /** `-`: its failure is tolerated. */
  readonly isTolerated: boolean
  /** `+`, `!`: as root, whatever the user of the service. */
  readonly isPrivileged: boolean
}

/** What stands for something that only the run knows. */
const UNKNOWN = '\0'

/** What `%i` and `$NAME` stand for; undefined where only the run knows it. */
export interface Meanings {
  readonly specifier: (letter: string) => string | undefined
  readonly variable: (name: string) => string | undefined
}

/** The commands of one setting: several are separated by a `;` of its own. */
export function parseExec(value: string, meanings: Meanings): readonly ExecLine[] {
  const {commands, open} = splitCommands(value)
  // A command whose quote does not end is passed over, where that is no error.
  return (open === undefined ? commands : commands.slice(0, -1)).flatMap(words => readLine(words, meanings) ?? [])
}

/**
 * Whether a quote does not end in the words of a command, which keeps the service from being loaded: config_parse_exec.
 * In the word that names the program, and in a command whose failure is tolerated, the line ends before the command.
 */
export function hasOpenQuote(value: string): boolean {
  const {open} = splitCommands(value)
  return open !== undefined && open.length > 1 && !/^[@:+!|]*-/.test(open[0]?.text ?? '')
}

interface Word {
  readonly text: string
  readonly isQuoted: boolean
}

/** The words of each command; `open` are those of the last, where a quote does not end in it. */
function splitCommands(value: string): {
  readonly commands: readonly (readonly Word[])[]
  readonly open: readonly Word[] | undefined
} {
  const commands: Word[][] = [[]]
  const {words, isOpen} = splitWords(value)
  for (const word of words) {
    if (word.text === ';' && !word.isQuoted) commands.push([])
    else commands.at(-1)?.push(word)
  }
  return {commands, open: isOpen ? commands.at(-1) : undefined}
}

function readLine(words: readonly Word[], {specifier, variable}: Meanings): ExecLine | undefined {
  const [first, ...rest] = words
  const [, prefix = '', name = ''] = /^([@\-:+!|]*)(.*)$/s.exec(first?.text ?? '') ?? []
  if (name === '') return undefined
  const path = expandSpecifiers(name, specifier)
  // With `@` the word behind the program is its argv[0].
  const own = prefix.includes('@') ? rest.slice(1) : rest
  const expanded = own.flatMap(({text}) => {
    const plain = expandSpecifiers(text === '\\;' ? ';' : text, specifier)
    return prefix.includes(':') ? [plain] : expandVariables(plain, variable)
  })
  const at = expanded.findIndex(word => word.includes(UNKNOWN))
  return {
    path,
    words: at < 0 ? expanded : expanded.slice(0, at),
    unknownWord: at < 0 ? undefined : JSON.stringify((expanded[at] ?? '').replaceAll(UNKNOWN, '…')),
    isTolerated: prefix.includes('-'),
    isPrivileged: /[+!]/.test(prefix),
  }
}

/** Whether a path or a word holds what only the run knows. */
export function isUnknown(text: string): boolean {
  return text.includes(UNKNOWN)
}

export function expandSpecifiers(text: string, specifier: Meanings['specifier']): string {
  return text.replace(/%(.)/gs, (_, letter: string) => (letter === '%' ? '%' : (specifier(letter) ?? UNKNOWN)))
}

/** `${NAME}` anywhere; `$NAME` as a word of its own, which blanks in its value split. */
function expandVariables(word: string, variable: Meanings['variable']): readonly string[] {
  const whole = /^\$([A-Za-z_]\w*)$/.exec(word)?.[1]
  if (whole !== undefined) {
    const value = variable(whole)
    return value === undefined ? [UNKNOWN] : value.split(/\s+/).filter(Boolean)
  }
  return [
    word.replace(/\$(\$|\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g, (text, sign: string, name?: string) => {
      if (sign === '$') return '$'
      return name === undefined ? text : (variable(name) ?? UNKNOWN)
    }),
  ]
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', s: ' '},
  ...{'\\': '\\', '"': '"', "'": "'"},
}

/** Words with quotes around them or in them, and escapes of C. */
function splitWords(value: string): {readonly words: readonly Word[]; readonly isOpen: boolean} {
  const words: {text: string; isQuoted: boolean}[] = []
  let word: {text: string; isQuoted: boolean} | undefined
  let quote = ''
  for (let at = 0; at < value.length; at++) {
    const character = value[at] ?? ''
    if (quote === '' && /\s/.test(character)) {
      if (word) words.push(word)
      word = undefined
      continue
    }
    word ??= {text: '', isQuoted: false}
    if (character === quote) quote = ''
    else if (quote === '' && (character === '"' || character === "'")) {
      quote = character
      word.isQuoted = true
    } else if (character === '\\' && at + 1 < value.length) {
      const next = value[++at] ?? ''
      const hex = next === 'x' ? /^[0-9a-fA-F]{2}/.exec(value.slice(at + 1))?.[0] : undefined
      if (hex !== undefined) {
        word.text += String.fromCharCode(Number.parseInt(hex, 16))
        at += 2
      } else word.text += ESCAPES[next] ?? `\\${next}`
    } else word.text += character
  }
  if (word) words.push(word)
  return {words, isOpen: quote !== ''}
}
