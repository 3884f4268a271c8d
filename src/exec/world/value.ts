/** A value that only the run knows. */
export interface Unknown {
  /** The text that it comes from. */
  readonly unknown: string
  /** It is one of these, where that is known. */
  readonly oneOf?: readonly string[]
  /** It may be one of these, and anything else. */
  readonly perhaps?: readonly string[]
  /** Texts like it, which differ in all that is not known: what comes of each of them alike, comes of it. */
  readonly likes?: readonly string[]
  /** It is not this. */
  readonly not?: string
  /** Of a variable: it may not be set, and is then empty. */
  readonly mayBeUnset?: true
  /** It is any number of words, none as well: a value that was not quoted. */
  readonly isWords?: true
  /** More words may come behind it. */
  readonly isOpen?: true
  /** Of a path: the directory that it is in, where its beginning is known: `/app` of `/app/*.sh`. */
  readonly below?: string
}
export type Value = string | Unknown

/** How a command ends, as far as it is known. */
export type Status = 'success' | 'failure' | 'unknown'

/** More are not distinguished. */
const MAX_ALTERNATIVES = 6

/** In characters; what is longer is not known. */
const MAX_TEXT = 2 ** 24

/** All that a value may be, where that is known. */
export function alternativesOf(value: Value | undefined): readonly string[] | undefined {
  return typeof value === 'string' ? [value] : value?.oneOf
}

/** One of several; what only the run knows where they are too many, or more is possible. */
export function oneOf(alternatives: readonly string[] | undefined, unknown: string): Value {
  const distinct = [...new Set(alternatives)]
  const [only] = distinct
  if (distinct.length === 1 && only !== undefined) return only
  return distinct.length === 0 || distinct.length > MAX_ALTERNATIVES ? {unknown} : {unknown, oneOf: distinct}
}

/** What only the run knows, and what is known that it may be. */
export function anyOr(known: readonly (Value | undefined)[], unknown: string): Unknown {
  const distinct = [...new Set(known.flatMap(textsOf))]
  return distinct.length === 0 || distinct.length > MAX_ALTERNATIVES ? {unknown} : {unknown, perhaps: distinct}
}

/** All that is known that a value may be. */
export function textsOf(value: Value | undefined): readonly string[] {
  return alternativesOf(value) ?? (typeof value === 'object' ? value.perhaps : undefined) ?? []
}

/** One or the other. */
export function eitherValue(one: Value | undefined, other: Value | undefined, unknown: string): Value {
  if (typeof one === 'string' && one === other) return one
  const [first, second] = [alternativesOf(one), alternativesOf(other)]
  return first && second ? oneOf([...first, ...second], unknown) : anyOr([one, other], unknown)
}

/** What a function makes of each alternative; undefined where it knows of none. */
export function mapValue(value: Value, change: (text: string) => string | undefined): Value {
  if (typeof value === 'string') return change(value) ?? {unknown: value}
  if (value.likes) return whatAllGive(value.likes.map(change), value.unknown)
  const changed = textsOf(value).map(change)
  const known = changed.filter(text => text !== undefined)
  return value.oneOf && known.length === changed.length ? oneOf(known, value.unknown) : anyOr(known, value.unknown)
}

/** What comes of a value, by what comes of each text like it. */
function whatAllGive(results: readonly (string | undefined)[], unknown: string): Value {
  const known = results.filter(text => text !== undefined)
  const [first] = known
  if (first === undefined || known.length < results.length) return {unknown}
  return known.every(text => text === first) ? first : {unknown, likes: known}
}

/** One behind the other. A value that appears twice is the same both times. */
export function joinValues(all: readonly Value[]): Value {
  const values = all.filter(value => value !== '')
  const [only] = values
  if (only === undefined) return ''
  if (values.length === 1) return only
  const like = values.find(value => typeof value === 'object' && value.likes !== undefined)
  if (like && values.every(value => typeof value === 'string' || value === like)) {
    return mapValue(like, text => values.map(value => (typeof value === 'string' ? value : text)).join(''))
  }
  let ways: readonly Way[] = [{text: '', picks: new Map()}]
  for (const value of values) {
    const alternatives = textsOf(value)
    if (alternatives.length === 0) return typeof value === 'string' ? value : {unknown: value.unknown}
    ways = ways.flatMap(way => {
      const pick = way.picks.get(value)
      return (pick === undefined ? alternatives : [pick]).map(more => ({
        text: way.text + more,
        picks: typeof value === 'string' ? way.picks : new Map(way.picks).set(value, more),
      }))
    })
    if (ways.length > MAX_ALTERNATIVES ** 2) break
    // Who joins them in a loop has no limit of his own.
    if (ways.some(({text}) => text.length > MAX_TEXT)) return {unknown: typeof value === 'string' ? '' : value.unknown}
  }
  const texts = ways.map(({text}) => text)
  const open = values.find(value => typeof value === 'object' && !value.oneOf)
  if (typeof open === 'object') return anyOr(texts, open.unknown)
  const first = values.find(value => typeof value === 'object')
  return oneOf(texts, typeof first === 'object' ? first.unknown : '')
}

/** One of all that a text may be, with what each value in it is then. */
interface Way {
  readonly text: string
  readonly picks: ReadonlyMap<Value, string>
}
