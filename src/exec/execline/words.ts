import {defined} from '../../lib/defined.ts'
import type {Value} from '../world/value.ts'

/** A command line, with words among them that only the run knows. */
export type Words = readonly Value[]

/** The block that a command line begins with, without its quoting, and what stands behind it. */
export interface Block {
  readonly block: Words
  readonly rest: Words
  /** A word of it is not quoted, which EXECLINE_STRICT minds. */
  readonly unquoted?: Value
}

/**
 * Takes a block off a command line: the words up to an empty one, each with a space less before it. Undefined where it
 * does not end. https://skarnet.org/software/execline/el_semicolon.html
 */
export function takeBlock(words: Words): Block | undefined {
  const end = words.indexOf('')
  if (end < 0) return undefined
  const quoted = words.slice(0, end)
  const unquoted = quoted.find(word => !isQuoted(word))
  return {
    block: quoted.map(unquote),
    rest: words.slice(end + 1),
    ...(unquoted === undefined ? {} : {unquoted}),
  }
}

function isQuoted(word: Value): boolean {
  return typeof word === 'string' ? word.startsWith(' ') : word.unknown.startsWith(' ')
}

function unquote(word: Value): Value {
  if (!isQuoted(word)) return word
  if (typeof word === 'string') return word.slice(1)
  const [oneOf, perhaps] = [word.oneOf, word.perhaps].map(texts => texts?.map(text => text.slice(1)))
  return {...word, unknown: word.unknown.slice(1), ...defined({oneOf, perhaps})}
}
