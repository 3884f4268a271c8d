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
export function matchesPattern(pieces: readonly PatternPiece[], text: string): boolean | undefined {
  const elements = compile(pieces)
  return elements && matchHere(elements, [...text])
}

function compile(pieces: readonly PatternPiece[]): Element[] | undefined {
  const elements: Element[] = []
  const characters = pieces.flatMap(({text, literal}) => [...text].map(character => ({character, literal})))
  for (let at = 0; at < characters.length; at++) {
    const {character, literal} = characters[at] ?? {character: '', literal: true}
    if (literal) elements.push({kind: 'character', character})
    else if (character === '*') elements.push({kind: 'star'})
    else if (character === '?') elements.push({kind: 'any'})
    else if (character === '[') {
      const set = compileSet(characters.map(one => one.character).slice(at + 1))
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

/** What stands after `[`; undefined where no `]` ends it, so that the `[` is a letter. */
function compileSet(characters: readonly string[]): {element: Element; length: number} | 'class' | undefined {
  const negated = characters[0] === '!' || characters[0] === '^'
  const start = negated ? 1 : 0
  const end = characters.indexOf(']', start + 1)
  if (end < 0) return undefined
  const inside = characters.slice(start, end)
  if (inside.includes('[')) return 'class'
  const ranges: (readonly [string, string])[] = []
  for (let at = 0; at < inside.length; at++) {
    const from = inside[at] ?? ''
    const to = inside[at + 2]
    const isRange = inside[at + 1] === '-' && to !== undefined
    ranges.push([from, isRange ? to : from])
    if (isRange) at += 2
  }
  return {element: {kind: 'set', negated, ranges}, length: end + 1}
}

/** Steps through the text with one point of return, at the last star: linear in practice, never exponential. */
function matchHere(elements: readonly Element[], text: readonly string[]): boolean {
  let at = 0
  let element = 0
  let star = -1
  let starAt = 0
  while (at < text.length) {
    const current = elements[element]
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

/** What `${name#pattern}`, `##`, `%` and `%%` leave of a value. */
export function removeMatch(value: string, operator: string, pieces: readonly PatternPiece[]): string | undefined {
  const lengths = [...value].map((_, index) => index).concat([...value].length)
  const characters = [...value]
  const longest = operator.length === 2
  const order = longest ? [...lengths].reverse() : lengths
  for (const length of order) {
    const prefix = operator.startsWith('#')
    const part = prefix ? characters.slice(0, length) : characters.slice(characters.length - length)
    const matched = matchesPattern(pieces, part.join(''))
    if (matched === undefined) return undefined
    if (matched) return (prefix ? characters.slice(length) : characters.slice(0, characters.length - length)).join('')
  }
  return value
}
