import {isScalar, parseAllDocuments, visit} from 'yaml'
import {COMPUTED, type Literal} from './js-literal.ts'

/** How many aliases a document may have: what they stand for is repeated, and repeated in what repeats it. */
const MOST_ALIASES = 100
/** More values, deeper ones, are not read. */
const MOST_VALUES = 10_000
const MAX_DEPTH = 20

/** The one document of a YAML text; undefined if it is not one. */
export function readYamlLiteral(text: string): Literal | undefined {
  const read = readValue(text)
  return read && literalOf(read.value, {left: MOST_VALUES}, 0)
}

function readValue(text: string): {readonly value: unknown} | undefined {
  try {
    const parsed = parseAllDocuments(text, {merge: true, uniqueKeys: false, prettyErrors: false, logLevel: 'error'})
    const [document, ...others] = Array.isArray(parsed) ? parsed : []
    if (document === undefined || others.length > 0 || document.errors.length > 0) return undefined
    let isRead = true
    // The parser's own check for a key that stands twice takes the square of the time. A mapping or an alias as a
    // key is not read: to compare it takes its text, and that of a key in a key is made again for each.
    visit(document, {
      Map: (_, {items}) => {
        const names = new Set(items.flatMap(({key}) => (isScalar(key) ? [String(key.value)] : [])))
        if (names.size === items.length) return undefined
        isRead = false
        return visit.BREAK
      },
    })
    return isRead ? {value: document.toJS({maxAliasCount: MOST_ALIASES})} : undefined
  } catch {
    // Aliases of aliases, or one that has no anchor; a merge of something that is not a
    // mapping; what is nested too deeply.
    return undefined
  }
}

function literalOf(value: unknown, budget: {left: number}, depth: number): Literal {
  if (budget.left-- <= 0 || depth > MAX_DEPTH) return COMPUTED
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  if (Array.isArray(value)) return value.map(one => literalOf(one, budget, depth + 1))
  if (typeof value !== 'object') return COMPUTED
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, literalOf(one, budget, depth + 1)]))
}
