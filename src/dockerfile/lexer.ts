import {fixedBound, tellLimit} from '../lib/over-limit.ts'
import {fail, ok, type Result} from '../lib/result.ts'
import {removePrefix, removeSuffix, replacePattern} from './pattern.ts'

/** How a word is read. The defaults are those of the builder for words of instructions. */
export interface LexerOptions {
  /** `\`, or what `# escape=` says. */
  readonly escapeToken: string
  /** The value of a variable; undefined where it is not set. With `${X:-…}` something stands in its place then. */
  readonly get: (name: string, hasFallback: boolean) => string | undefined
  /** Quotes and escapes stay, and variables that are not set stay as they are written. */
  readonly isRaw?: boolean
  /** `${X:?…}` of a variable that is not set is empty and no problem: a build argument may set it. */
  readonly allowsUnset?: boolean
}

/** A word with its variables replaced, and the same split where there was white space outside of quotes. */
export interface Lexed {
  readonly text: string
  readonly words: readonly string[]
}

/** What the grammar refuses; caught at the only entrance. */
class Refusal extends Error {}

/**
 * Reads words as the builder does: quotes, escapes, `$X`, `${X}`, `${X:-…}`, `${X-…}`, `${X:+…}`, `${X+…}`, `${X:?…}`,
 * `${X?…}`, `${X#…}`, `${X##…}`, `${X%…}`, `${X%%…}`, `${X/…/…}`, `${X//…/…}`.
 * https://github.com/moby/buildkit/blob/master/frontend/dockerfile/shell/lex.go
 */
export function lexWord(word: string, options: LexerOptions): Result<Lexed> {
  const lexer = new Lexer(word, options)
  try {
    return ok(lexer.readUntil(undefined, options.isRaw === true))
  } catch (thrown) {
    if (thrown instanceof Refusal) return fail(thrown.message)
    throw thrown
  }
}

const SPACE = /\s/
const DIGIT = /\p{Nd}/u
const NAME = /[\p{L}\p{Nd}_]/u
/** https://pubs.opengroup.org/onlinepubs/009695399/utilities/xcu_chap02.html#tag_02_05_02 */
const SPECIAL_PARAMETER = /[@*#?\-$!0]/
/** Deeper than any hand writes `${A:-${B:-…}}`. */
const DEPTH = fixedBound('dockerfile-nesting')
/** A variable that is doubled on every line would fill any memory. */
const VALUE = fixedBound('dockerfile-value')

/** The place in a word while it is read. */
class Lexer {
  readonly #characters: readonly string[]
  readonly #options: LexerOptions
  #at = 0
  #depth = 0
  /** Characters that variables have made. */
  #expanded = 0

  constructor(word: string, options: LexerOptions) {
    this.#characters = Array.from(word)
    this.#options = options
  }

  #peek(): string | undefined {
    return this.#characters[this.#at]
  }

  #next(): string | undefined {
    return this.#characters[this.#at++]
  }

  readUntil(stop: string | undefined, keepsEscapes: boolean): Lexed {
    const words = new Words()
    let text = ''
    for (let character = this.#peek(); character !== undefined; character = this.#peek()) {
      if (character === stop) {
        this.#at++
        return {text, words: words.end()}
      }
      if (character === '$') {
        const value = this.#readDollar(keepsEscapes)
        text += value
        words.addSplit(value)
      } else if (character === "'" || character === '"' || character === '<') {
        const value =
          character === "'"
            ? this.#readSingleQuotes()
            : character === '"'
              ? this.#readDoubleQuotes(keepsEscapes)
              : this.#readArrows()
        text += value
        words.add(value)
      } else {
        this.#at++
        let plain = character
        if (character === this.#options.escapeToken) {
          const escaped = this.#next()
          plain = (keepsEscapes ? character : '') + (escaped ?? '')
          words.add(plain)
        } else words.addSplit(character)
        text += plain
      }
    }
    if (stop !== undefined) throw new Refusal(`unexpected end of statement while looking for matching ${stop}`)
    return {text, words: words.end()}
  }

  #readSingleQuotes(): string {
    const start = this.#at
    const end = this.#characters.indexOf("'", start + 1)
    if (end < 0) throw new Refusal('unexpected end of statement while looking for matching single-quote')
    this.#at = end + 1
    const quotes = this.#options.isRaw === true ? 0 : 1
    return this.#characters.slice(start + quotes, end + 1 - quotes).join('')
  }

  #readDoubleQuotes(keepsEscapes: boolean): string {
    const quote = this.#options.isRaw === true ? '"' : ''
    this.#at++
    let text = quote
    for (;;) {
      const character = this.#peek()
      if (character === undefined) {
        throw new Refusal('unexpected end of statement while looking for matching double-quote')
      }
      if (character === '$') {
        text += this.#readDollar(keepsEscapes)
        continue
      }
      this.#at++
      if (character === '"') return text + quote
      if (character !== this.#options.escapeToken) {
        text += character
        continue
      }
      if (keepsEscapes) text += character
      const escaped = this.#peek()
      if (escaped === undefined) continue
      // All other escapes are left as they are.
      const isEscaped = escaped === '"' || escaped === '$' || escaped === this.#options.escapeToken
      if (isEscaped) this.#at++
      text += isEscaped ? escaped : character
    }
  }

  /** White space between `<<` and the word of a heredoc belongs to the word. */
  #readArrows(): string {
    this.#at++
    if (this.#peek() !== '<') return '<'
    this.#at++
    let text = '<<'
    for (let next = this.#peek(); next === ' ' || next === '\t' || next === '\r'; next = this.#peek()) {
      text += next
      this.#at++
    }
    return text
  }

  #get(name: string, isBraced: boolean): string | undefined {
    const next = this.#characters.slice(this.#at, this.#at + 2).join('')
    return this.#options.get(name, isBraced && (next.startsWith('-') || next === ':-'))
  }

  #readDollar(keepsEscapes: boolean): string {
    if (++this.#depth > DEPTH.most)
      throw new Refusal(tellLimit(DEPTH, most => `variables are nested more than ${most} deep`))
    const value = this.#readVariable(keepsEscapes)
    this.#depth--
    this.#expanded += value.length
    if (this.#expanded > VALUE.most)
      throw new Refusal(tellLimit(VALUE, most => `variables make more than ${most} characters`))
    return value
  }

  #readVariable(keepsEscapes: boolean): string {
    const staysUnset = this.#options.isRaw === true
    this.#at++
    if (this.#peek() !== '{') {
      const name = this.#readName()
      if (name === '') return '$'
      return this.#get(name, false) ?? (staysUnset ? `$${name}` : '')
    }
    this.#at++
    const first = this.#peek()
    if (first === undefined) throw new Refusal("syntax error: missing '}'")
    if (first === '{' || first === '}' || first === ':') throw new Refusal('syntax error: bad substitution')
    const name = this.#readName()
    const value = this.#get(name, true)
    let operator = this.#next() ?? ''
    if (operator === '}') return value ?? (staysUnset ? `\${${name}}` : '')
    if (operator === '/') return this.#readReplacement(name, value)
    const nullIsUnset = operator === ':'
    if (nullIsUnset) operator = this.#next() ?? ''
    const written = (nullIsUnset ? ':' : '') + operator
    if (!'+-?#%'.includes(operator) || operator === '' || (nullIsUnset && '#%'.includes(operator))) {
      throw new Refusal(`unsupported modifier (${written}) in substitution`)
    }
    const word = this.#readPart('}', operator === '#' || operator === '%' || keepsEscapes)
    if (staysUnset && value === undefined) return `\${${name}${written}${word}}`
    const isUnset = value === undefined || (nullIsUnset && value === '')
    switch (operator) {
      case '-':
        return isUnset ? word : value
      case '+':
        return isUnset ? '' : word
      case '?':
        if (isUnset && this.#options.allowsUnset !== true)
          throw new Refusal(`${name}: ${word || `is not allowed to be ${value === '' ? 'empty' : 'unset'}`}`)
        return value ?? ''
      default:
        return this.#trim(operator, word, value ?? '')
    }
  }

  #trim(operator: string, word: string, value: string): string {
    const isGreedy = word.startsWith(operator)
    const trimmed = (operator === '#' ? removePrefix : removeSuffix)(value, isGreedy ? word.slice(1) : word, isGreedy)
    if (!trimmed.ok) throw new Refusal(trimmed.problem)
    return trimmed.value
  }

  #readReplacement(name: string, value: string | undefined): string {
    const all = this.#peek() === '/'
    if (all) this.#at++
    const pattern = this.#readPart('/', true)
    const replacement = this.#readPart('}', true)
    if (value === undefined && this.#options.isRaw === true) return `\${${name}/${pattern}/${replacement}}`
    const replaced = replacePattern(value ?? '', pattern, replacement, all)
    if (!replaced.ok) throw new Refusal(replaced.problem)
    return replaced.value
  }

  #readPart(stop: string, keepsEscapes: boolean): string {
    try {
      return this.readUntil(stop, keepsEscapes).text
    } catch (thrown) {
      if (thrown instanceof Refusal && this.#peek() === undefined) throw new Refusal(`syntax error: missing '${stop}'`)
      throw thrown
    }
  }

  #readName(): string {
    const first = this.#peek()
    if (first === undefined) return ''
    let name = ''
    if (DIGIT.test(first)) {
      for (let next = this.#peek(); next !== undefined && DIGIT.test(next); next = this.#peek()) name += this.#next()
      return name
    }
    if (SPECIAL_PARAMETER.test(first)) return this.#next() ?? ''
    for (let next = this.#peek(); next !== undefined && NAME.test(next); next = this.#peek()) name += this.#next()
    return name
  }
}

/** Words as they grow. */
class Words {
  readonly #words: string[] = []
  #word = ''

  add(text: string): void {
    this.#word += text
  }

  addSplit(text: string): void {
    // As a whole, not by its characters: a value may be long, and stand in every line.
    const [first = '', ...rest] = text.split(SPACE)
    this.#word += first
    for (const word of rest) {
      this.#close()
      this.#word += word
    }
  }

  end(): readonly string[] {
    this.#close()
    return this.#words
  }

  #close(): void {
    if (this.#word !== '') this.#words.push(this.#word)
    this.#word = ''
  }
}
