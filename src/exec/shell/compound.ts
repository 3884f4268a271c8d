import {
  atEnd,
  endOfArithmetic,
  expectText,
  looksAt,
  type Scanner,
  skipBlanks,
  skipNewlines,
  syntaxError,
  take,
} from './scanner.ts'
import {parseRedirection} from './simple.ts'
import type {Branch, CaseItem, Command, List, Redirection, Word} from './syntax.ts'
import {readExpression, readWord} from './word.ts'

/** The parser's own readers, which stand above this one. */
export interface Grammar {
  readonly list: (scanner: Scanner) => List
  readonly command: (scanner: Scanner) => Command
  readonly atWord: (scanner: Scanner, word: string) => boolean
  readonly takeWord: (scanner: Scanner, word: string) => boolean
}

/** A compound command or a function definition with its redirections; undefined where none begins. */
export function parseCompound(scanner: Scanner, grammar: Grammar): Command | undefined {
  const command = parseBare(scanner, grammar)
  if (!command || command.kind === 'function') return command
  const redirections: Redirection[] = []
  for (;;) {
    skipBlanks(scanner)
    const redirection = parseRedirection(scanner)
    if (!redirection) return redirections.length === 0 ? command : {kind: 'redirected', command, redirections}
    redirections.push(redirection)
  }
}

function parseBare(scanner: Scanner, grammar: Grammar): Command | undefined {
  const {takeWord} = grammar
  const start = scanner.at
  if (looksAt(scanner, '((') && takeArithmetic(scanner)) {
    return {kind: 'arithmetic', expression: readExpression(scanner, scanner.text.slice(start + 2, scanner.at - 2))}
  }
  if (take(scanner, '(')) {
    const body = grammar.list(scanner)
    expectText(scanner, ')')
    return {kind: 'subshell', body}
  }
  if (takeWord(scanner, '{')) return {kind: 'group', body: parseBody(scanner, grammar, '}')}
  if (takeWord(scanner, 'if')) return parseIf(scanner, grammar)
  if (takeWord(scanner, 'while')) return parseWhile(scanner, grammar, false)
  if (takeWord(scanner, 'until')) return parseWhile(scanner, grammar, true)
  if (takeWord(scanner, 'for')) return parseFor(scanner, grammar, false)
  if (takeWord(scanner, 'select')) return parseFor(scanner, grammar, true)
  if (takeWord(scanner, 'case')) return parseCase(scanner, grammar)
  if (takeWord(scanner, '[[')) return parseTest(scanner)
  if (takeWord(scanner, 'function')) return parseFunctionKeyword(scanner, grammar)
  return parseFunction(scanner, grammar)
}

function parseBody(scanner: Scanner, grammar: Grammar, closer: string): List {
  const body = grammar.list(scanner)
  if (!grammar.takeWord(scanner, closer)) throw syntaxError(scanner, `expected ${closer}`)
  return body
}

function parseIf(scanner: Scanner, grammar: Grammar): Command {
  const branches: Branch[] = []
  for (;;) {
    const condition = parseBody(scanner, grammar, 'then')
    const body = grammar.list(scanner)
    branches.push({condition, body})
    if (grammar.takeWord(scanner, 'elif')) continue
    const otherwise = grammar.takeWord(scanner, 'else') ? grammar.list(scanner) : undefined
    if (!grammar.takeWord(scanner, 'fi')) throw syntaxError(scanner, 'expected fi')
    return {kind: 'if', branches, otherwise}
  }
}

function parseWhile(scanner: Scanner, grammar: Grammar, until: boolean): Command {
  const condition = parseBody(scanner, grammar, 'do')
  return {kind: 'while', until, condition, body: parseBody(scanner, grammar, 'done')}
}

function parseFor(scanner: Scanner, grammar: Grammar, unknowable: boolean): Command {
  skipBlanks(scanner)
  if (looksAt(scanner, '((')) {
    if (!takeArithmetic(scanner)) throw syntaxError(scanner, 'unterminated ((')
    take(scanner, ';')
    return {kind: 'for', name: undefined, words: [], unknowable: true, body: parseDo(scanner, grammar)}
  }
  const name = readWord(scanner)?.text
  if (!name) throw syntaxError(scanner, 'for without a name')
  skipNewlines(scanner)
  let words: Word[] | undefined
  if (grammar.takeWord(scanner, 'in')) {
    words = readWords(scanner)
  }
  skipBlanks(scanner)
  take(scanner, ';')
  return {kind: 'for', name, words, unknowable, body: parseDo(scanner, grammar)}
}

function parseDo(scanner: Scanner, grammar: Grammar): List {
  skipNewlines(scanner)
  if (grammar.takeWord(scanner, '{')) return parseBody(scanner, grammar, '}')
  if (!grammar.takeWord(scanner, 'do')) throw syntaxError(scanner, 'expected do')
  return parseBody(scanner, grammar, 'done')
}

function readWords(scanner: Scanner): Word[] {
  const words: Word[] = []
  for (;;) {
    skipBlanks(scanner)
    const word = readWord(scanner)
    if (!word) return words
    words.push(word)
  }
}

function parseCase(scanner: Scanner, grammar: Grammar): Command {
  skipBlanks(scanner)
  const word = readWord(scanner)
  if (!word) throw syntaxError(scanner, 'case without a word')
  skipNewlines(scanner)
  if (!grammar.takeWord(scanner, 'in')) throw syntaxError(scanner, 'expected in')
  const items: CaseItem[] = []
  for (;;) {
    skipNewlines(scanner)
    if (grammar.takeWord(scanner, 'esac')) return {kind: 'case', word, items}
    items.push(parseCaseItem(scanner, grammar))
  }
}

function parseCaseItem(scanner: Scanner, grammar: Grammar): CaseItem {
  take(scanner, '(')
  const patterns: Word[] = []
  do {
    skipBlanks(scanner)
    const pattern = readWord(scanner)
    if (!pattern) throw syntaxError(scanner, 'case item without a pattern')
    patterns.push(pattern)
    skipBlanks(scanner)
  } while (take(scanner, '|'))
  expectText(scanner, ')')
  const body = grammar.list(scanner)
  const terminator = ([';;&', ';;', ';&'] as const).find(candidate => take(scanner, candidate))
  if (!terminator && !grammar.atWord(scanner, 'esac')) throw syntaxError(scanner, 'expected ;; or esac')
  return {patterns, body, terminator: terminator ?? ';;'}
}

/** `[[ … ]]`: the words and operators up to `]]`; the right side of `=~` may hold parentheses and bars. */
function parseTest(scanner: Scanner): Command {
  const words: Word[] = []
  for (;;) {
    skipNewlines(scanner)
    if (atEnd(scanner)) throw syntaxError(scanner, 'unterminated [[')
    const word = readWord(scanner)
    if (word?.text === ']]') return {kind: 'test', words}
    if (word) words.push(word)
    else words.push(operatorWord(scanner))
  }
}

function operatorWord(scanner: Scanner): Word {
  const text = ['&&', '||'].find(candidate => looksAt(scanner, candidate)) ?? scanner.text[scanner.at] ?? ''
  scanner.at += text.length
  return {parts: [{kind: 'opaque', text, quoted: false}], text}
}

/** bash: `function name { … }`, with or without `()`. */
function parseFunctionKeyword(scanner: Scanner, grammar: Grammar): Command {
  skipBlanks(scanner)
  const name = readWord(scanner)?.text
  if (!name) throw syntaxError(scanner, 'function without a name')
  skipBlanks(scanner)
  const hasParentheses = take(scanner, '(')
  if (hasParentheses) {
    skipBlanks(scanner)
    expectText(scanner, ')')
  }
  const isBelow = skipNewlines(scanner)
  const opensLine = /\{[ \t]*(#[^\n]*)?\n/y
  opensLine.lastIndex = scanner.at
  const isOpen = opensLine.test(scanner.text)
  const ofGroup = isBelow ? 'group on the next line' : 'brace at the end of the line'
  const keyword = hasParentheses || !(isBelow || isOpen) ? 'same line' : ofGroup
  return {kind: 'function', name, body: grammar.command(scanner), keyword}
}

/** `name() command`; undefined, and nothing taken, for anything else. */
function parseFunction(scanner: Scanner, grammar: Grammar): Command | undefined {
  const pattern = /([^\s;&|<>()$`'"\\{}=#!][^\s;&|<>()$`'"\\{}=]*)[ \t]*\([ \t]*\)/y
  pattern.lastIndex = scanner.at
  const match = pattern.exec(scanner.text)
  if (!match?.[1]) return undefined
  scanner.at += match[0].length
  skipNewlines(scanner)
  return {kind: 'function', name: match[1], body: grammar.command(scanner)}
}

/** `((…))`; false, and nothing taken, where it is a subshell in a subshell. */
function takeArithmetic(scanner: Scanner): boolean {
  const end = endOfArithmetic(scanner)
  if (end !== undefined) scanner.at = end
  return end !== undefined
}
