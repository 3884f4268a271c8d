import {Budget} from '../budget.ts'

/** One element of a pattern: a literal stays itself, whatever character it is. */
export type PatternPiece = {readonly text: string; readonly literal: boolean}

type Element =
  | {readonly kind: 'character'; readonly character: string}
  | {readonly kind: 'any'}
  | {readonly kind: 'star'}
  | {readonly kind: 'set'; readonly negated: boolean; readonly ranges: readonly (readonly [string, string])[]}

/**
 * Shell pattern matching of a whole string, XCU 2.14: `*`, `?`, `[…]`. Undefined for
 * character classes, which are not read.
 */
export function matchesPattern(
  pieces: readonly PatternPiece[],
  text: string,
  budget = new Budget(),
): boolean | undefined {
  const elements = compile(pieces, budget)
  return elements && matchHere(elements, [...text], budget)
}

function compile(pieces: readonly PatternPiece[], budget: Budget): Element[] | undefined {
  const elements: Element[] = []
  const characters = pieces.flatMap(({text, literal}) => [...text].map(character => ({character, literal})))
  budget.charge('work', characters.length)
  const lastEnd = characters.findLastIndex(({character, literal}) => character === ']' && !literal)
  for (let at = 0; at < characters.length; at++) {
    const {character, literal} = characters[at] ?? {character: '', literal: true}
    if (literal) elements.push({kind: 'character', character})
    else if (character === '*') elements.push({kind: 'star'})
    else if (character === '?') elements.push({kind: 'any'})
    else if (character === '[') {
      const rest = at < lastEnd ? characters.slice(at + 1, lastEnd + 1) : []
      budget.charge('work', rest.length)
      const set = compileSet(rest)
      if (set === undefined) elements.push({kind: 'character', character})
      else if (set === 'class') return undefined
      else {
        elements.push(set.element)
        at += set.length
      }
    } else elements.push({kind: 'character', character})
  }
  return elements
}

/** What stands after `[`; undefined where no `]` ends it, so that the `[` is a letter. What is quoted is a letter. */
function compileSet(
  characters: readonly {readonly character: string; readonly literal: boolean}[],
): {element: Element; length: number} | 'class' | undefined {
  const isSign = (at: number, sign: string) => characters[at]?.character === sign && !characters[at]?.literal
  const negated = isSign(0, '!') || isSign(0, '^')
  const start = negated ? 1 : 0
  const end = characters.findIndex((_, at) => at > start && isSign(at, ']'))
  if (end < 0) return undefined
  const inside = characters.slice(start, end).map(({character}) => character)
  if (inside.includes('[')) return 'class'
  const ranges: (readonly [string, string])[] = []
  for (let at = 0; at < inside.length; at++) {
    const from = inside[at] ?? ''
    const to = inside[at + 2]
    const isRange = isSign(start + at + 1, '-') && to !== undefined
    ranges.push([from, isRange ? to : from])
    if (isRange) at += 2
  }
  return {element: {kind: 'set', negated, ranges}, length: end + 1}
}

/** Steps through the text with one point of return, at the last star: linear in practice, never exponential. */
function matchHere(elements: readonly Element[], text: readonly string[], budget: Budget): boolean {
  budget.charge('work', text.length)
  let at = 0
  let element = 0
  let star = -1
  let starAt = 0
  while (at < text.length) {
    const current = elements[element]
    budget.charge('work', costOf(current))
    if (current?.kind === 'star') {
      star = element++
      starAt = at
    } else if (current && fits(current, text[at] ?? '')) {
      element++
      at++
    } else if (star >= 0) {
      element = star + 1
      at = ++starAt
    } else return false
  }
  return elements.slice(element).every(({kind}) => kind === 'star')
}

/** What comparing one character takes, in steps of work. */
const STEP = 5

function costOf(element: Element | undefined): number {
  return element?.kind === 'set' ? STEP + element.ranges.length : STEP
}

function fits(element: Element, character: string): boolean {
  switch (element.kind) {
    case 'character':
      return element.character === character
    case 'set':
      return element.ranges.some(([from, to]) => from <= character && character <= to) !== element.negated
    default:
      return true
  }
}

/**
 * What `${name#pattern}`, `##`, `%` and `%%` leave of a value. All beginnings are tried in one pass: at each character
 * it is known how far into the pattern one may be. An end is a beginning backwards.
 */
export function removeMatch(
  value: string,
  operator: string,
  pieces: readonly PatternPiece[],
  budget = new Budget(),
): string | undefined {
  const elements = compile(pieces, budget)
  if (!elements) return undefined
  const characters = [...value]
  if (operator.startsWith('#')) return characters.slice(matchLength(elements, characters, operator, budget)).join('')
  const length = matchLength(elements.reverse(), [...characters].reverse(), operator, budget)
  return characters.slice(0, characters.length - length).join('')
}

/** How many characters at the beginning match: the most for `##` and `%%`, else the fewest. 0 where none do. */
function matchLength(elements: readonly Element[], text: readonly string[], operator: string, budget: Budget): number {
  budget.charge('work', text.length)
  let places = pastStars(elements, [0])
  let found = 0
  for (let at = 0; ; at++) {
    if (places.at(-1) === elements.length) {
      if (operator.length === 1) return at
      found = at
    }
    const character = text[at]
    if (character === undefined || places.length === 0) return found
    const next: number[] = []
    for (const place of places) {
      const element = elements[place]
      budget.charge('work', costOf(element))
      if (element?.kind === 'star') next.push(place)
      else if (element && fits(element, character)) next.push(place + 1)
    }
    places = pastStars(elements, next)
  }
}

/** Places in the pattern, in ascending order, with those behind stars, which may stand for nothing. */
function pastStars(elements: readonly Element[], places: readonly number[]): number[] {
  const all: number[] = []
  for (const place of places) {
    let last = all.at(-1) ?? -1
    if (place > last) all.push(place)
    last = all.at(-1) ?? -1
    for (let at = last; elements[at]?.kind === 'star'; at++) all.push(at + 1)
  }
  return all
}
