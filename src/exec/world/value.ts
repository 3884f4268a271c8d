/** A value that only the run knows. */
export interface Unknown {
  /** The text that it comes from. */
  readonly unknown: string
  /** It is one of these, where that is known. */
  readonly oneOf?: readonly string[]
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

/** More are not told apart. */
const MAX_ALTERNATIVES = 6

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

/** One or the other. */
export function eitherValue(one: Value | undefined, other: Value | undefined, unknown: string): Value {
  if (typeof one === 'string' && one === other) return one
  const [first, second] = [alternativesOf(one), alternativesOf(other)]
  return first && second ? oneOf([...first, ...second], unknown) : {unknown}
}

/** What a function makes of each alternative; undefined where it knows of none. */
export function mapValue(value: Value, change: (text: string) => string | undefined): Value {
  if (typeof value === 'string') return change(value) ?? {unknown: value}
  const changed = value.oneOf?.map(change)
  const known = changed?.filter(text => text !== undefined)
  return known?.length === changed?.length ? oneOf(known, value.unknown) : {unknown: value.unknown}
}

/** One behind the other. A value that stands there twice is the same both times. */
export function joinValues(values: readonly Value[]): Value {
  const [only] = values
  if (values.length === 1 && only !== undefined) return only
  let ways: readonly Way[] = [{text: '', picks: new Map()}]
  for (const value of values) {
    const alternatives = alternativesOf(value)
    if (!alternatives) return typeof value === 'string' ? value : {unknown: value.unknown}
    ways = ways.flatMap(way => {
      const pick = way.picks.get(value)
      return (pick === undefined ? alternatives : [pick]).map(more => ({
        text: way.text + more,
        picks: typeof value === 'string' ? way.picks : new Map(way.picks).set(value, more),
      }))
    })
    if (ways.length > MAX_ALTERNATIVES ** 2) break
  }
  const first = values.find(value => typeof value !== 'string')
  return oneOf(
    ways.map(({text}) => text),
    typeof first === 'object' ? first.unknown : '',
  )
}

/** One of all that a text may be, with what each value in it is then. */
interface Way {
  readonly text: string
  readonly picks: ReadonlyMap<Value, string>
}
