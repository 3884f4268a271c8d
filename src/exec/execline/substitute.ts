import type {Budget} from '../budget.ts'
import {joinValues, type Value} from '../world/value.ts'
import type {Words} from './words.ts'

/** What stands for a variable: any number of words; undefined where only the run knows how many and which. */
export type Substitution = readonly Value[] | undefined
export type Substitutions = ReadonlyMap<string, Substitution>

/** `$name` up to the end of its word, or `${name}`, with the backslashes before it. */
const REFERENCE = /(\\*)\$(?:\{([^\\${}]+)\}|([^\\${}]+))/g

interface Piece {
  readonly value: Substitution
}

/**
 * Replaces the variables in a command line, https://skarnet.org/software/execline/el_substitute.html: a word in which a
 * variable of several values stands becomes as many words, each with what is around the variable. `$name` that is no
 * key stays as it is, with its backslashes; before a key, two backslashes are one, and an odd one keeps the reference.
 */
export function substitute(words: Words, substitutions: Substitutions, budget?: Budget): Words {
  return words.flatMap(word => {
    if (typeof word !== 'string') return [word]
    budget?.charge('work', word.length)
    const pieces = split(word, substitutions)
    if (pieces.every(piece => typeof piece === 'string')) return [pieces.join('')]
    const isOpen = pieces.some(piece => typeof piece === 'object' && piece.value === undefined)
    if (isOpen) return [{unknown: word, isWords: true} as const]
    return combine(word, pieces, budget)
  })
}

function split(word: string, substitutions: Substitutions): readonly (string | Piece)[] {
  const pieces: (string | Piece)[] = []
  let last = 0
  for (const match of word.matchAll(REFERENCE)) {
    const [whole, backslashes = '', braced, plain] = match
    const name = braced ?? plain ?? ''
    if (!substitutions.has(name)) continue
    pieces.push(word.slice(last, match.index), '\\'.repeat(backslashes.length >> 1))
    if (backslashes.length % 2 === 1) pieces.push(whole.slice(backslashes.length))
    else pieces.push({value: substitutions.get(name)})
    last = match.index + whole.length
  }
  return [...pieces, word.slice(last)]
}

/** All words that come of one: the first variable changes slowest. */
function combine(word: string, pieces: readonly (string | Piece)[], budget: Budget | undefined): Words {
  let made: readonly (readonly Value[])[] = [[]]
  for (const piece of pieces) {
    const choices = typeof piece === 'string' ? [piece] : (piece.value ?? [])
    budget?.charge('work', made.length * choices.length * pieces.length)
    made = made.flatMap(before => choices.map(choice => [...before, choice]))
  }
  return made.map(parts => {
    const isOpen = parts.some(part => typeof part === 'object' && part.oneOf === undefined)
    const value = isOpen ? {unknown: word} : joinValues(parts)
    if (typeof value === 'string') budget?.chargeValue(value.length)
    return typeof value === 'object' ? {...value, unknown: word} : value
  })
}
