/**
 * Where parentheses close, for constructs that a reader only knows by their ends. A text of a million openings asks a
 * million times, so that each answer is found for all positions at once, in one pass from the end of the text.
 */
export interface LookAhead {
  arithmetic: ReadonlyMap<number, number> | undefined
  closers: Int32Array | undefined
}

export const NOWHERE = -1

/**
 * Of each `((` that is an arithmetic command the position behind its `))`: what stands in it is balanced, and no line
 * ends behind as many `)` as it has `(`.
 */
export function findArithmetic(text: string): ReadonlyMap<number, number> {
  const ends = new Map<number, number>()
  /** The next `))` after which so many parentheses are open, and the next newline. */
  const closings = new Map<number, number>()
  const newlines = new Map<number, number>()
  let open = 0
  for (let at = text.length - 1; at >= 0; at--) {
    const character = text[at]
    if (character === '\n') newlines.set(open, at)
    if (character === ')') {
      if (text[at + 1] === ')') closings.set(open, at)
      open++
    }
    if (character !== '(') continue
    open--
    if (text[at + 1] !== '(') continue
    const closing = closings.get(open + 1)
    if (closing !== undefined && closing < (newlines.get(open) ?? text.length)) ends.set(at, closing + 2)
  }
  return ends
}

/**
 * Of each position the `)` that closes what was opened before it, or NOWHERE; quotes and backslashes are honoured, as
 * of a position that is not within quotes.
 */
export function findClosers(text: string): Int32Array {
  // A backslash at the end of the text looks two behind it.
  const closers = new Int32Array(text.length + 2).fill(NOWHERE)
  const after = (at: number): number => closers[at] ?? NOWHERE
  const quotes: Record<string, number> = {"'": NOWHERE, '"': NOWHERE}
  for (let at = text.length - 1; at >= 0; at--) {
    const character = text[at] ?? ''
    const quote = quotes[character]
    if (quote !== undefined) {
      closers[at] = quote === NOWHERE ? NOWHERE : after(quote + 1)
      quotes[character] = at
    } else if (character === '(') {
      const inner = after(at + 1)
      closers[at] = inner === NOWHERE ? NOWHERE : after(inner + 1)
    } else closers[at] = character === ')' ? at : after(at + (character === '\\' ? 2 : 1))
  }
  return closers
}
