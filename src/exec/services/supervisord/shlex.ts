import {ConfigError} from './config-error.ts'
import {UNKNOWN} from './percent-format.ts'

/** The words of a command, as Python's `shlex.split` has them: quotes and backslashes, and nothing else of a shell. */
export function splitCommand(text: string): readonly string[] {
  const words: string[] = []
  let word: string | undefined
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (' \t\r\n'.includes(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (character === "'" || character === '"') {
      const end = quoteEnd(text, at)
      const inside = text.slice(at + 1, end)
      word = (word ?? '') + (character === '"' ? inside.replace(/\\(["\\])/g, '$1') : inside)
      at = end
    } else if (character === '\\') {
      at++
      if (at >= text.length) throw new ConfigError(`the command ends with a backslash: ${text}`)
      word = (word ?? '') + text[at]
    } else word = (word ?? '') + character
  }
  if (word !== undefined) words.push(word)
  return words
}

function quoteEnd(text: string, start: number): number {
  const quote = text[start]
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === quote) return at
    if (quote === '"' && text[at] === '\\') at++
  }
  throw new ConfigError(`a quote does not end: ${text.replaceAll(UNKNOWN, '…')}`)
}

const WORD = /[A-Za-z0-9_/.+\-():\0]/

/**
 * `KEY=value,KEY2="value 2"`: supervisor's `dict_of_key_value_pairs`, by Python's `shlex.shlex` without POSIX rules.
 */
export function parsePairs(text: string): ReadonlyMap<string, string> {
  const tokens = tokensOf(text)
  const pairs = new Map<string, string>()
  for (let at = 0; at < tokens.length; at += 4) {
    const [key, equals, value] = tokens.slice(at, at + 3)
    if (key === undefined || equals !== '=' || value === undefined) {
      throw new ConfigError(`a list of KEY="value" is expected: ${JSON.stringify(text.replaceAll(UNKNOWN, '…'))}`)
    }
    pairs.set(key, withoutQuotes(value))
  }
  return pairs
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = []
  let token = ''
  const end = () => {
    if (token !== '') tokens.push(token)
    token = ''
  }
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (' \t\r\n'.includes(character)) end()
    else if (character === '#') {
      // A comment does not end the word before it.
      const line = text.indexOf('\n', at)
      at = line < 0 ? text.length : line
    } else if (token === '' && (character === '"' || character === "'")) {
      const close = text.indexOf(character, at + 1)
      if (close < 0) throw new ConfigError(`a quote does not end: ${text.replaceAll(UNKNOWN, '…')}`)
      tokens.push(text.slice(at, close + 1))
      at = close
    } else if (WORD.test(character) || (token !== '' && (character === '"' || character === "'"))) token += character
    else {
      end()
      tokens.push(character)
    }
  }
  end()
  return tokens
}

/** Without the quotes at both ends, however many there are. */
function withoutQuotes(text: string): string {
  const isQuote = (at: number) => text[at] === '"' || text[at] === "'"
  let [start, end] = [0, text.length]
  while (start < end && isQuote(start)) start++
  while (end > start && isQuote(end - 1)) end--
  return text.slice(start, end)
}
