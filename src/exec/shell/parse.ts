import {fail, ok, type Result} from '../../lib/result.ts'
import {Budget} from '../budget.ts'
import {parseCompound} from './compound.ts'
import {
  atEnd,
  expectText,
  looksAt,
  nested,
  newScanner,
  type Scanner,
  ShellSyntaxError,
  skipBlanks,
  skipNewlines,
  syntaxError,
  take,
  takeNewline,
} from './scanner.ts'
import {parseSimple} from './simple.ts'
import type {AndOrTail, Command, Line, List, ListItem, Word} from './syntax.ts'
import {readHeredocBody} from './word.ts'

/**
 * Parses text of the shell command language (POSIX XCU 2.10, with what bash adds and people use). A failure says where
 * and why. Aliases are not expanded. `line`: what all of it was read with. Throws OverBudget.
 */
export function parseShell(text: string, budget = new Budget(), line?: Line): Result<List> {
  const scanner = newScanner(text, budget, readSubstitution)
  if (line) scanner.line = line
  const {list, problem} = parseAsFarAs(scanner, line === undefined)
  return problem === undefined ? ok(list) : fail(problem)
}

/** The commands of a text up to the line that cannot be parsed, and why that cannot be. */
export interface ParsedLines {
  readonly list: List
  readonly problem?: string
}

/**
 * The same for a whole text, of which a shell reads a line, runs it, and reads the next: what stands behind `exit`,
 * such as the archive of a script that unpacks itself, is never read. Of a line that is not parsed nothing is run.
 */
export function parseShellLines(text: string, budget: Budget): ParsedLines {
  const scanner = newScanner(text, budget, readSubstitution)
  const {list, problem} = parseAsFarAs(scanner, true)
  if (problem === undefined) return {list}
  return {list: list.filter(({line}) => line !== scanner.line), problem}
}

function parseAsFarAs(scanner: Scanner, isText: boolean): ParsedLines {
  const list: ListItem[] = []
  try {
    parseList(scanner, isText, list)
    if (atEnd(scanner)) return {list}
    return {list, problem: syntaxError(scanner, `unexpected ${scanner.text[scanner.at]}`).message}
  } catch (thrown) {
    if (thrown instanceof ShellSyntaxError) return {list, problem: thrown.message}
    throw thrown
  }
}

/** The body of a here-document as a word; undefined where it is not text that a shell could expand. */
export function parseHeredocBody(body: string, budget: Budget): Word | undefined {
  try {
    return readHeredocBody(newScanner(body, budget, readSubstitution))
  } catch (thrown) {
    if (thrown instanceof ShellSyntaxError) return undefined
    throw thrown
  }
}

function readSubstitution(scanner: Scanner): List {
  const list = parseList(scanner)
  expectText(scanner, ')')
  return list
}

/** Words that end a list where a command could begin. */
const CLOSERS = ['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}']

/**
 * A compound_list: commands up to a word or an operator that only its owner understands. `isText`: it is the text
 * itself, line by line. `items`: what holds them, also where it throws.
 */
function parseList(scanner: Scanner, isText = false, items: ListItem[] = []): List {
  let isNewLine = false
  for (;;) {
    isNewLine = skipNewlines(scanner) || isNewLine
    if (isText && isNewLine) scanner.line = {...scanner.line, number: scanner.line.number + 1}
    isNewLine = false
    const {line} = scanner
    if (
      atEnd(scanner) ||
      looksAt(scanner, ')') ||
      looksAt(scanner, ';') ||
      CLOSERS.some(word => atWord(scanner, word))
    ) {
      return items
    }
    const command = parseAndOr(scanner)
    skipBlanks(scanner)
    const background = looksAt(scanner, '&')
    items.push({command, background, ...(isText ? {line} : {})})
    if (background) scanner.at++
    else if (looksAt(scanner, ';') && !looksAt(scanner, ';;') && !looksAt(scanner, ';&')) scanner.at++
    else if (takeNewline(scanner)) isNewLine = true
    else return items
  }
}

function parseAndOr(scanner: Scanner): Command {
  const first = parsePipeline(scanner)
  const rest: AndOrTail[] = []
  for (;;) {
    skipBlanks(scanner)
    const operator = take(scanner, '&&') ? '&&' : take(scanner, '||') ? '||' : undefined
    if (!operator) return rest.length === 0 ? first : {kind: 'and-or', first, rest}
    skipNewlines(scanner)
    rest.push({operator, command: parsePipeline(scanner)})
  }
}

/** bash: what `!` and `time` stand before, in any order. */
function parsePipeline(scanner: Scanner): Command {
  skipBlanks(scanner)
  if (takeWord(scanner, 'time')) return parseTimed(scanner)
  let negated = false
  while (takeWord(scanner, '!')) {
    negated = !negated
    skipBlanks(scanner)
  }
  if (!takeWord(scanner, 'time')) return parseCommands(scanner, negated)
  const timed = parseTimed(scanner)
  return negated ? {kind: 'pipeline', negated, commands: [timed]} : timed
}

function parseTimed(scanner: Scanner): Command {
  return nested(scanner, () => {
    skipBlanks(scanner)
    const option = takeWord(scanner, '-p') ? ({option: '-p'} as const) : {}
    skipBlanks(scanner)
    const isAlone = atEnd(scanner) || '\n;&|)'.includes(scanner.text[scanner.at] ?? '')
    const nothing: Command = {kind: 'simple', line: scanner.line, assignments: [], words: [], redirections: []}
    return {kind: 'timed', ...option, command: isAlone ? nothing : parsePipeline(scanner)}
  })
}

function parseCommands(scanner: Scanner, negated: boolean): Command {
  const commands = [parseCommand(scanner)]
  let joins = {}
  for (;;) {
    skipBlanks(scanner)
    if (looksAt(scanner, '||') || !take(scanner, '|')) break
    if (take(scanner, '&')) joins = {joinsErrors: true}
    skipNewlines(scanner)
    commands.push(parseCommand(scanner))
  }
  const [only] = commands
  return commands.length === 1 && only && !negated ? only : {kind: 'pipeline', negated, commands, ...joins}
}

function parseCommand(scanner: Scanner): Command {
  return nested(scanner, () => {
    skipBlanks(scanner)
    const compound = parseCompound(scanner, {list: parseList, command: parseCommand, atWord, takeWord})
    return compound ?? parseSimple(scanner)
  })
}

/** Whether a reserved word stands here: unquoted, and a word of its own. */
function atWord(scanner: Scanner, word: string): boolean {
  if (!looksAt(scanner, word)) return false
  const next = scanner.text[scanner.at + word.length]
  return next === undefined || ' \t\n;&|<>()'.includes(next)
}

function takeWord(scanner: Scanner, word: string): boolean {
  if (!atWord(scanner, word)) return false
  scanner.at += word.length
  return true
}
