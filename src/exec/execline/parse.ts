import {Budget, check} from '../budget.ts'

/** The words of a script's one command line, or why execlineb refuses it. */
export type ParsedScript =
  | {readonly ok: true; readonly words: readonly string[]}
  | {readonly ok: false; readonly problem: string}

/**
 * Where the parser stands. `brace-open` and `brace-close`: behind a brace that begins a word, and is a brace of a block
 * only if nothing follows. `first-escape`: behind a backslash that begins a word.
 */
type State =
  | 'between'
  | 'comment'
  | 'brace-open'
  | 'brace-close'
  | 'word'
  | 'first-escape'
  | 'escape'
  | 'quoted'
  | 'quoted-escape'

interface Reader {
  readonly bytes: Uint8Array
  readonly words: string[]
  readonly budget: Budget
  at: number
  /** Blocks that are open. */
  level: number
  word: number[]
  /** Where the last number in quotes ended: a script may end there, and the quotes need not be closed. */
  afterNumber: number
}

const [NEWLINE, SPACE, QUOTE, HASH, ZERO, BACKSLASH, OPEN, CLOSE] = [10, 32, 34, 35, 48, 92, 123, 125] as const
const CONTROLS: Readonly<Record<string, number>> = {a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13}

const SYNTAX_ERROR = 'its script has a syntax error'

/**
 * Reads an execline script as execlineb does: https://skarnet.org/software/execline/execlineb.html, "Syntax of scripts"
 * and el_semicolon.html. A word in a block has a space before it for each block around it, and a block ends with an
 * empty word, which is quoted for the blocks around its own. A NUL ends the script.
 */
export function parseScript(source: Uint8Array, budget: Budget = new Budget()): ParsedScript {
  budget.check('bytes', source.length)
  budget.charge('text', source.length)
  const end = source.indexOf(0)
  const reader: Reader = {
    bytes: end < 0 ? source : source.subarray(0, end),
    words: [],
    budget,
    at: 0,
    level: 0,
    word: [],
    afterNumber: -1,
  }
  let state: State = 'between'
  for (; reader.at < reader.bytes.length; reader.at++) {
    const next = advance(reader, state, reader.bytes[reader.at] ?? 0)
    if (typeof next === 'object') return refuse(next.problem)
    state = next
  }
  if (state === 'brace-close' && !close(reader)) return refuse('its script has an unmatched }')
  const endsNumber = state === 'quoted' && reader.afterNumber === reader.at
  if (state === 'word' || endsNumber) finish(reader)
  else if (!['between', 'comment', 'brace-close', 'first-escape'].includes(state)) return refuse(SYNTAX_ERROR)
  return reader.level > 0 ? refuse('its script has an unmatched {') : {ok: true, words: reader.words}
}

function refuse(problem: string): ParsedScript {
  return {ok: false, problem}
}

function advance(reader: Reader, state: State, byte: number): State | {readonly problem: string} {
  switch (state) {
    case 'between':
      return begin(reader, byte)
    case 'comment':
      return byte === NEWLINE ? 'between' : 'comment'
    case 'brace-open':
      return byte <= SPACE ? open(reader) : goOn(reader, byte, 'first-escape')
    case 'brace-close':
      if (byte > SPACE) return goOn(reader, byte, 'first-escape')
      return close(reader) ? 'between' : {problem: 'its script has an unmatched }'}
    case 'word':
      return byte <= SPACE ? finish(reader) : goOn(reader, byte, 'escape')
    case 'first-escape':
      if (byte === NEWLINE) return 'between'
      indent(reader)
      reader.word.push(byte)
      return 'word'
    case 'escape':
      reader.word.push(byte)
      return 'word'
    case 'quoted':
      if (byte === QUOTE) return 'word'
      if (byte === BACKSLASH) return 'quoted-escape'
      reader.word.push(byte)
      return 'quoted'
    case 'quoted-escape':
      return escaped(reader, byte)
  }
}

/** The first character of a word; all control characters count as blanks. */
function begin(reader: Reader, byte: number): State {
  if (byte <= SPACE) return 'between'
  if (byte === HASH) return 'comment'
  if (byte === BACKSLASH) return 'first-escape'
  indent(reader)
  if (byte === QUOTE) return 'quoted'
  reader.word.push(byte)
  return byte === OPEN ? 'brace-open' : byte === CLOSE ? 'brace-close' : 'word'
}

function goOn({word}: Reader, byte: number, ifEscape: 'first-escape' | 'escape'): State {
  if (byte === QUOTE) return 'quoted'
  if (byte === BACKSLASH) return ifEscape
  word.push(byte)
  return 'word'
}

function indent({word, level}: Reader): void {
  for (let left = level; left > 0; left--) word.push(SPACE)
}

/** A lone `{`: it is not a word itself. */
function open(reader: Reader): State {
  reader.level++
  check('nesting', reader.level)
  reader.word.length -= reader.level
  return 'between'
}

/** A lone `}` becomes the empty word that ends the block; false where none is open. */
function close(reader: Reader): boolean {
  if (reader.level-- === 0) return false
  reader.word.length -= 2
  finish(reader)
  return true
}

function finish(reader: Reader): State {
  const {words, word, budget} = reader
  budget.check('value', word.length)
  words.push(new TextDecoder('utf-8', {ignoreBOM: true}).decode(Uint8Array.from(word)))
  check('words', words.length)
  word.length = 0
  return 'between'
}

/** Behind a backslash in quotes: a control character, a number, an end of line that is left out, or itself. */
function escaped(reader: Reader, byte: number): State | {readonly problem: string} {
  if (byte === NEWLINE) return 'quoted'
  const control = CONTROLS[String.fromCharCode(byte)]
  const isNumber = byte >= ZERO && byte <= ZERO + 9
  if (!isNumber) {
    reader.word.push(control ?? byte)
    return 'quoted'
  }
  const number = numberAt(reader)
  if (!number) return {problem: SYNTAX_ERROR}
  reader.word.push(number.value)
  reader.at += number.length - 1
  reader.afterNumber = reader.at + 1
  return 'quoted'
}

const NUMBER = /^(?:0x(?<hex>[0-9a-fA-F]{1,2})|0(?<octal>[0-7]{1,3})|(?<decimal>[1-9]\d{0,2}))/

/** `\65`, `\0101`, `\0x41`: one byte, and not NUL. */
function numberAt({
  bytes,
  at,
}: Pick<Reader, 'bytes' | 'at'>): {readonly value: number; readonly length: number} | undefined {
  const match = NUMBER.exec(String.fromCharCode(...bytes.subarray(at, at + 4)))
  const {hex, octal, decimal} = match?.groups ?? {}
  const value = hex ? Number.parseInt(hex, 16) : octal ? Number.parseInt(octal, 8) : Number(decimal)
  return match && value > 0 && value < 256 ? {value, length: match[0].length} : undefined
}
