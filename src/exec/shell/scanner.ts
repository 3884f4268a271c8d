import type {Budget} from '../budget.ts'
import {findArithmetic, findClosers, type LookAhead, NOWHERE} from './look-ahead.ts'
import type {Line, List} from './syntax.ts'

/** Where a reader of shell text stands. */
export interface Scanner {
  readonly text: string
  at: number
  /** What is read now. */
  line: Line
  /** Here-documents whose bodies begin after the next newline. */
  heredocs: Heredoc[]
  /** Of nested constructs, against texts that would exhaust the stack. */
  depth: number
  /** What reading ahead costs. */
  readonly budget: Budget
  /** What was read ahead. */
  readonly ahead: LookAhead
  /** Reads a command substitution up to and with its `)`: the parser's, which stands above the readers of words. */
  readonly readSubstitution: (scanner: Scanner) => List
}

export interface Heredoc {
  readonly delimiter: string
  /** `<<-`: leading tabs are removed. */
  readonly stripTabs: boolean
  /** A quote in the delimiter: nothing in the body is expanded. */
  readonly isQuoted: boolean
  /** Set when the line has ended. */
  body: string
}

/** Nothing that people write nests deeper; bash itself gives up at some depth too. */
const MAX_DEPTH = 100

/** Text that is not a shell command language. */
export class ShellSyntaxError extends Error {
  override readonly name = 'ShellSyntaxError'
}

export function newScanner(text: string, budget: Budget, readSubstitution: (scanner: Scanner) => List): Scanner {
  budget.charge('text', text.length)
  const ahead = {arithmetic: undefined, closers: undefined}
  return {text, at: 0, line: {text: {}, number: 1}, heredocs: [], depth: 0, budget, ahead, readSubstitution}
}

export function syntaxError(scanner: Scanner, problem: string): ShellSyntaxError {
  const line = scanner.text.slice(0, scanner.at).split('\n').length
  return new ShellSyntaxError(`line ${line}: ${problem}`)
}

/** Runs a reader one level deeper. */
export function nested<T>(scanner: Scanner, read: () => T): T {
  if (scanner.depth >= MAX_DEPTH) throw syntaxError(scanner, 'nested too deep')
  scanner.depth++
  const value = read()
  scanner.depth--
  return value
}

export function looksAt(scanner: Scanner, text: string): boolean {
  return scanner.text.startsWith(text, scanner.at)
}

export function take(scanner: Scanner, text: string): boolean {
  if (!looksAt(scanner, text)) return false
  scanner.at += text.length
  return true
}

export function expectText(scanner: Scanner, text: string): void {
  if (!take(scanner, text)) throw syntaxError(scanner, `expected ${text}`)
}

export function atEnd(scanner: Scanner): boolean {
  return scanner.at >= scanner.text.length
}

/** Skips spaces, tabs, continued lines and a comment; stays on the newline. */
export function skipBlanks(scanner: Scanner): void {
  for (;;) {
    if (take(scanner, ' ') || take(scanner, '\t') || take(scanner, '\\\n')) continue
    if (looksAt(scanner, '#')) {
      const end = scanner.text.indexOf('\n', scanner.at)
      scanner.at = end < 0 ? scanner.text.length : end
    }
    return
  }
}

/** Takes one newline and the here-documents that were waiting for it. */
export function takeNewline(scanner: Scanner): boolean {
  if (!take(scanner, '\n')) return false
  const waiting = scanner.heredocs
  scanner.heredocs = []
  for (const heredoc of waiting) readHeredoc(scanner, heredoc)
  return true
}

/** Whether there was one. */
export function skipNewlines(scanner: Scanner): boolean {
  let isAny = false
  for (;;) {
    skipBlanks(scanner)
    if (!takeNewline(scanner)) return isAny
    isAny = true
  }
}

/** A here-document that nobody ends goes to the end of the text, as in every shell. */
function readHeredoc(scanner: Scanner, heredoc: Heredoc): void {
  const {delimiter, stripTabs} = heredoc
  while (!atEnd(scanner)) {
    const newline = scanner.text.indexOf('\n', scanner.at)
    const end = newline < 0 ? scanner.text.length : newline
    const line = scanner.text.slice(scanner.at, end)
    const plain = stripTabs ? withoutTabs(line) : line
    scanner.at = Math.min(end + 1, scanner.text.length)
    if (plain === delimiter) return
    heredoc.body += `${plain}\n`
  }
}

function withoutTabs(line: string): string {
  let at = 0
  while (line[at] === '\t') at++
  return line.slice(at)
}

/** The `)` that closes what was opened before `from`; quotes are honoured. */
export function closingParenthesis({text, budget, ahead}: Scanner, from: number): number | undefined {
  if (ahead.closers === undefined) {
    budget.charge('work', text.length)
    ahead.closers = findClosers(text)
  }
  const closer = ahead.closers[from] ?? NOWHERE
  return closer === NOWHERE ? undefined : closer
}

/** Where the `((` that stands here ends, with its `))`; undefined where it is a subshell in a subshell. */
export function endOfArithmetic({text, at, budget, ahead}: Scanner): number | undefined {
  if (ahead.arithmetic === undefined) {
    budget.charge('work', text.length)
    ahead.arithmetic = findArithmetic(text)
  }
  return ahead.arithmetic.get(at)
}
