import {atEnd, looksAt, type Scanner, skipBlanks, syntaxError, take} from './scanner.ts'
import type {Assignment, Redirection, SimpleCommand, Word} from './syntax.ts'
import {readArrayWords, readWord} from './word.ts'

const REDIRECTIONS = ['<<<', '<<-', '<<', '<&', '<>', '<', '>>', '>&', '>|', '>', '&>>', '&>'] as const

/** Built-ins whose operands are assignments. */
export const DECLARING: readonly string[] = ['export', 'readonly', 'local', 'declare', 'typeset']

/** A simple_command: assignments, words and redirections in any order. */
export function parseSimple(scanner: Scanner): SimpleCommand {
  const start = scanner.at
  const assignments: Assignment[] = []
  const words: Word[] = []
  const redirections: Redirection[] = []
  for (;;) {
    skipBlanks(scanner)
    const redirection = parseRedirection(scanner)
    if (redirection) {
      redirections.push(redirection)
      continue
    }
    const assignment = words.length === 0 || isDeclaration(words) ? parseAssignment(scanner) : undefined
    if (assignment && words.length === 0) {
      assignments.push(assignment)
      continue
    }
    const word = assignment ? asWord(assignment) : readWord(scanner)
    if (!word) break
    words.push(word)
  }
  if (scanner.at === start || (words.length === 0 && assignments.length === 0 && !hasText(scanner, start))) {
    throw syntaxError(scanner, atEnd(scanner) ? 'unexpected end' : `unexpected ${scanner.text[scanner.at]}`)
  }
  return {kind: 'simple', line: scanner.line, assignments, words, redirections}
}

/**
 * A redirection; undefined, and nothing taken, where none begins. The body of a here-document comes
 * after the newline: it is filled in then.
 */
export function parseRedirection(scanner: Scanner): Redirection | undefined {
  const start = scanner.at
  while (/[0-9]/.test(scanner.text[scanner.at] ?? '')) scanner.at++
  const digits = scanner.text.slice(start, scanner.at)
  // bash: {name}>file
  if (scanner.at === start && looksAt(scanner, '{')) skipDescriptorVariable(scanner)
  const operator = REDIRECTIONS.find(candidate => looksAt(scanner, candidate))
  const processSubstitution = looksAt(scanner, '<(') || looksAt(scanner, '>(')
  if (!operator || processSubstitution) {
    scanner.at = start
    return undefined
  }
  scanner.at += operator.length
  skipBlanks(scanner)
  const target = readWord(scanner)
  if (!target) throw syntaxError(scanner, `${operator} leads nowhere`)
  const descriptor = digits === '' ? undefined : Number(digits)
  if (operator !== '<<' && operator !== '<<-') return {operator, descriptor, target}
  const isQuoted = target.parts.some(part => part.kind === 'literal' && part.quoted)
  const heredoc = {delimiter: withoutQuotes(target), stripTabs: operator === '<<-', isQuoted, body: ''}
  scanner.heredocs.push(heredoc)
  return {operator, descriptor, target, heredoc}
}

function skipDescriptorVariable(scanner: Scanner): void {
  const pattern = /\{[A-Za-z_]\w*\}(?=[<>])/y
  pattern.lastIndex = scanner.at
  scanner.at += pattern.exec(scanner.text)?.[0].length ?? 0
}

/** `name=…`, `name+=…`, `name[…]=…`; undefined, and nothing taken, for anything else. */
function parseAssignment(scanner: Scanner): Assignment | undefined {
  const pattern = /([A-Za-z_]\w*)(\[[^\]\n]{0,256}\])?(\+?)=/y
  pattern.lastIndex = scanner.at
  const match = pattern.exec(scanner.text)
  if (!match?.[1]) return undefined
  scanner.at += match[0].length
  const append = match[3] === '+'
  if (take(scanner, '(')) {
    const elements = readArrayWords(scanner)
    return match[2] === undefined
      ? {name: match[1], append, value: undefined, elements}
      : {name: match[1], append, value: undefined}
  }
  const value = readWord(scanner) ?? {parts: [], text: ''}
  return {name: match[1], append, value: match[2] === undefined ? value : undefined}
}

/** `export A=(…)`: only these take an array as an argument. */
function isDeclaration(words: readonly Word[]): boolean {
  return DECLARING.includes(words[0]?.text ?? '')
}

/** What a shell without `+=` makes of it: the name of a command, and what follows are its arguments. */
export function withoutAppends(command: SimpleCommand): SimpleCommand {
  const at = command.assignments.findIndex(({append}) => append)
  if (at < 0) return command
  const words = [...command.assignments.slice(at).map(asWord), ...command.words]
  return {...command, assignments: command.assignments.slice(0, at), words}
}

/** An assignment where it is the argument of a command. */
export function asWord(assignment: Assignment): Word {
  const {name, append, value} = assignment
  const text = `${name}${append ? '+' : ''}=`
  const head = {kind: 'literal', text, quoted: false} as const
  if (value) return {parts: [head, ...value.parts], text: text + value.text}
  return {parts: [head, {kind: 'opaque', text: '(…)', quoted: true}], text: `${text}(…)`, array: assignment}
}

function withoutQuotes(word: Word): string {
  return word.parts.map(part => (part.kind === 'literal' || part.kind === 'opaque' ? part.text : word.text)).join('')
}

function hasText(scanner: Scanner, start: number): boolean {
  return scanner.text.slice(start, scanner.at).trim() !== ''
}
