import {isList} from './arrays.ts'
import {
  atEnd,
  closingParenthesis,
  expectText,
  looksAt,
  nested,
  newScanner,
  type Scanner,
  ShellSyntaxError,
  skipNewlines,
  syntaxError,
  take,
} from './scanner.ts'
import type {Word, WordPart} from './syntax.ts'

const METACHARACTERS = ' \t\n;&|<>()'
const EXTGLOB_PREFIXES = '?*+@!'
const SPECIAL_PARAMETERS = '@*#?-$!0123456789'
const OPERATORS = [':-', ':=', ':+', ':?', '-', '=', '+', '?', '%%', '%', '##', '#'] as const

/** Reads one word, XCU 2.2 and 2.6; undefined where none begins. */
export function readWord(scanner: Scanner): Word | undefined {
  return readUntil(scanner, () => METACHARACTERS.includes(scanner.text[scanner.at] ?? ' '))
}

/**
 * A word's parts up to where `ends` says; undefined where that is at once. `plainQuotes`: a single quote is a letter.
 */
function readUntil(scanner: Scanner, ends: () => boolean, plainQuotes = false): Word | undefined {
  const start = scanner.at
  const parts: WordPart[] = []
  let literal = ''
  const flush = () => {
    if (literal !== '') parts.push({kind: 'literal', text: literal, quoted: false})
    literal = ''
  }
  while (!atEnd(scanner)) {
    if (take(scanner, '\\\n')) continue
    if (take(scanner, '\\')) {
      flush()
      parts.push({kind: 'literal', text: scanner.text[scanner.at] ?? '\\', quoted: true})
      scanner.at++
      continue
    }
    const part = readExtendedGlob(scanner, literal) ?? readProcessSubstitution(scanner)
    if (part === undefined && ends()) break
    const pieces = part ? [part] : plainQuotes && looksAt(scanner, "'") ? undefined : readExpansion(scanner, false)
    if (pieces) {
      flush()
      parts.push(...pieces)
    } else {
      literal += scanner.text[scanner.at]
      scanner.at++
    }
  }
  flush()
  return scanner.at === start ? undefined : {parts, text: scanner.text.slice(start, scanner.at)}
}

/**
 * The body of a here-document whose delimiter is not quoted, XCU 2.7.4: expanded like a word in double
 * quotes, in which a double quote is a letter.
 */
export function readHeredocBody(scanner: Scanner): Word {
  const parts: WordPart[] = []
  let literal = ''
  while (!atEnd(scanner)) {
    if (take(scanner, '\\\n')) continue
    const pieces = looksAt(scanner, '\\') ? undefined : readExpansion(scanner, true)
    if (pieces) {
      parts.push({kind: 'literal', text: literal, quoted: true}, ...pieces)
      literal = ''
      continue
    }
    if (looksAt(scanner, '\\') && '$`\\'.includes(scanner.text[scanner.at + 1] ?? ' ')) scanner.at++
    literal += scanner.text[scanner.at] ?? ''
    scanner.at++
  }
  return {parts: [...parts, {kind: 'literal', text: literal, quoted: true}], text: scanner.text}
}

/** Quotes, `$…` and backquotes; undefined for an ordinary character. */
function readExpansion(scanner: Scanner, quoted: boolean): readonly WordPart[] | undefined {
  switch (scanner.text[scanner.at]) {
    case "'":
      return quoted ? undefined : [readSingleQuoted(scanner)]
    case '"':
      return quoted ? undefined : readDoubleQuoted(scanner)
    case '`':
      return [readBackquoted(scanner, quoted)]
    case '$':
      return readDollar(scanner, quoted)
    default:
      return undefined
  }
}

function readSingleQuoted(scanner: Scanner): WordPart {
  const end = scanner.text.indexOf("'", scanner.at + 1)
  if (end < 0) throw syntaxError(scanner, "unterminated '")
  const text = scanner.text.slice(scanner.at + 1, end)
  scanner.at = end + 1
  return {kind: 'literal', text, quoted: true}
}

function readDoubleQuoted(scanner: Scanner): readonly WordPart[] {
  scanner.at++
  // Even an empty pair makes a field; only "$@" is as many fields as there are parameters.
  const isParameters = looksAt(scanner, '$@"') || looksAt(scanner, `$${'{@}"'}`)
  const parts: WordPart[] = isParameters ? [] : [{kind: 'literal', text: '', quoted: true}]
  let literal = ''
  while (!take(scanner, '"')) {
    if (atEnd(scanner)) throw syntaxError(scanner, 'unterminated "')
    if (take(scanner, '\\\n')) continue
    const pieces = looksAt(scanner, '\\') ? undefined : readExpansion(scanner, true)
    if (pieces) {
      if (literal !== '') parts.push({kind: 'literal', text: literal, quoted: true})
      literal = ''
      parts.push(...pieces)
      continue
    }
    if (looksAt(scanner, '\\') && '$`"\\'.includes(scanner.text[scanner.at + 1] ?? ' ')) scanner.at++
    literal += scanner.text[scanner.at] ?? ''
    scanner.at++
  }
  const [, only] = parts
  if (literal === '' && parts.length === 2 && only && isListPart(only)) return [only]
  return literal === '' ? parts : [...parts, {kind: 'literal', text: literal, quoted: true}]
}

/** What may be no field at all: the elements of an array, or the parameters where an operator takes from them. */
function isListPart(part: WordPart): boolean {
  if (part.kind === 'opaque') return isList(part.text)
  return part.kind === 'parameter' && part.name === '@' && /^(:?\+|[#%])/.test(part.operator ?? '')
}

/** XCU 2.6.3: a backslash is taken away before `$`, a backquote and another backslash; then the text is read anew. */
function readBackquoted(scanner: Scanner, quoted: boolean): WordPart {
  scanner.at++
  let text = ''
  while (!take(scanner, '`')) {
    if (atEnd(scanner)) throw syntaxError(scanner, 'unterminated `')
    const isEscape = looksAt(scanner, '\\') && `$\`\\${quoted ? '"' : ''}`.includes(scanner.text[scanner.at + 1] ?? ' ')
    if (isEscape) scanner.at++
    text += scanner.text[scanner.at] ?? ''
    scanner.at++
  }
  const body = readInside(scanner, `${text})`, inner => inner.readSubstitution(inner))
  return {kind: 'command', quoted, body}
}

/** Reads a text that stands in the one that is read. */
function readInside<T>(scanner: Scanner, text: string, read: (inner: Scanner) => T): T {
  return nested(scanner, () => {
    const inner = newScanner(text, scanner.budget, scanner.readSubstitution)
    inner.depth = scanner.depth
    return read(inner)
  })
}

/** The text of an arithmetic expression, which is expanded before it is evaluated; undefined for what is none. */
export function readExpression(scanner: Scanner, text: string): Word | undefined {
  try {
    return readInside(scanner, text, readHeredocBody)
  } catch (thrown) {
    if (thrown instanceof ShellSyntaxError) return undefined
    throw thrown
  }
}

function readDollar(scanner: Scanner, quoted: boolean): readonly WordPart[] | undefined {
  const next = scanner.text[scanner.at + 1] ?? ''
  if (next === "'" && !quoted) return [readAnsiQuoted(scanner)]
  if (next === '"' && !quoted) {
    scanner.at++
    return readDoubleQuoted(scanner)
  }
  if (looksAt(scanner, '$((')) {
    const arithmetic = readArithmetic(scanner, quoted)
    if (arithmetic) return [arithmetic]
  }
  if (take(scanner, '$(')) {
    const body = nested(scanner, () => scanner.readSubstitution(scanner))
    return [{kind: 'command', quoted, body}]
  }
  if (take(scanner, '${')) return [nested(scanner, () => readBraced(scanner, quoted))]
  const name = readName(scanner.text, scanner.at + 1) || (SPECIAL_PARAMETERS.includes(next) ? next : '')
  if (name === '') return undefined
  scanner.at += 1 + name.length
  return [{kind: 'parameter', name, quoted}]
}

/** `$'…'`: bash. */
function readAnsiQuoted(scanner: Scanner): WordPart {
  const start = scanner.at
  scanner.at += 2
  while (!take(scanner, "'")) {
    if (atEnd(scanner)) throw syntaxError(scanner, "unterminated $'")
    scanner.at += looksAt(scanner, '\\') ? 2 : 1
  }
  const text = scanner.text.slice(start + 2, scanner.at - 1)
  const isPlain = /^(?:[^\\]|\\[abeEfnrtv\\'"?])*$/.test(text)
  if (!isPlain) return {kind: 'opaque', text, quoted: true}
  const plain = text.replace(/\\(.)/g, (_, letter: string) => ANSI_ESCAPES[letter] ?? letter)
  return {kind: 'literal', text: plain, quoted: true, ofDash: `$${text}`}
}

const ANSI_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/** `$((…))`; undefined where the parentheses turn out to be a subshell in a command substitution. */
function readArithmetic(scanner: Scanner, quoted: boolean): WordPart | undefined {
  const end = closingParenthesis(scanner, scanner.at + 3)
  if (end === undefined || scanner.text[end + 1] !== ')') return undefined
  const text = scanner.text.slice(scanner.at, end + 2)
  scanner.at = end + 2
  const expression = readExpression(scanner, text.slice(3, -2))
  return expression ? {kind: 'arithmetic', quoted, expression} : {kind: 'opaque', text, quoted}
}

/** What stands after `${`. XCU 2.6.2. */
function readBraced(scanner: Scanner, quoted: boolean): WordPart {
  const start = scanner.at
  const length = looksAt(scanner, '#') && !looksAt(scanner, '#}')
  const indirect = looksAt(scanner, '!')
  if (length || indirect) scanner.at++
  const first = scanner.text[scanner.at] ?? ''
  const name = readName(scanner.text, scanner.at) || readDigits(scanner.text, scanner.at) || first
  if (!/^([A-Za-z_]\w*|\d+|[@*#?$!-])$/.test(name)) throw syntaxError(scanner, `bad substitution at \${${first}`)
  scanner.at += name.length
  if (!length) {
    const isIndirect = indirect ? {isIndirect: true as const} : {}
    if (take(scanner, '}')) return {kind: 'parameter', name, quoted, ...isIndirect}
    const operator = OPERATORS.find(candidate => take(scanner, candidate))
    if (operator) {
      // Within double quotes a single quote is a letter, but not in a pattern.
      const plainQuotes = quoted && !operator.startsWith('%') && !operator.startsWith('#')
      const operand = readUntil(scanner, () => looksAt(scanner, '}'), plainQuotes) ?? {parts: [], text: ''}
      expectText(scanner, '}')
      return {kind: 'parameter', name, quoted, ...isIndirect, operator, operand}
    }
  }
  // Lengths, arrays, substrings, substitutions, case changes: not evaluated, read to the brace that ends them.
  readUntil(scanner, () => looksAt(scanner, '}'))
  expectText(scanner, '}')
  return {kind: 'opaque', text: `\${${scanner.text.slice(start, scanner.at)}`, quoted}
}

function readExtendedGlob(scanner: Scanner, literal: string): WordPart | undefined {
  if (!looksAt(scanner, '(') || literal === '' || !EXTGLOB_PREFIXES.includes(literal.at(-1) ?? ' ')) return undefined
  const end = closingParenthesis(scanner, scanner.at + 1)
  if (end === undefined) throw syntaxError(scanner, 'unterminated (')
  const text = scanner.text.slice(scanner.at, end + 1)
  scanner.at = end + 1
  return {kind: 'opaque', text, quoted: false}
}

function readProcessSubstitution(scanner: Scanner): WordPart | undefined {
  if (!looksAt(scanner, '<(') && !looksAt(scanner, '>(')) return undefined
  const start = scanner.at
  scanner.at += 2
  nested(scanner, () => scanner.readSubstitution(scanner))
  return {kind: 'opaque', text: scanner.text.slice(start, scanner.at), quoted: true}
}

/** The words of `(…)` after `name=`; the opening one is taken. */
export function readArrayWords(scanner: Scanner): readonly Word[] {
  const words: Word[] = []
  for (;;) {
    skipNewlines(scanner)
    if (take(scanner, ')')) return words
    const word = readWord(scanner)
    if (!word) throw syntaxError(scanner, 'unterminated array')
    words.push(word)
  }
}

function readName(text: string, from: number): string {
  return matchAt(/[A-Za-z_]\w*/y, text, from)
}

function readDigits(text: string, from: number): string {
  return matchAt(/\d+/y, text, from)
}

function matchAt(pattern: RegExp, text: string, from: number): string {
  pattern.lastIndex = from
  return pattern.exec(text)?.[0] ?? ''
}
