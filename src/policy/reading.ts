import {isObject} from '../lib/is-object.ts'
import {expectedOneOf, nearestName} from '../lib/nearest.ts'
import type {Result} from '../lib/result.ts'
import {formatPath, type Path, type YamlDocument} from '../lib/yaml.ts'

/** A document that is read, with all that is wrong in it: `LINE:COLUMN: KEY: what is wrong`. */
export interface Reading {
  readonly document: YamlDocument
  readonly file: string
  readonly problems: string[]
}

/** Characters of a wrong value that a message has. */
const SHOWN = 80

export function complain({document, problems}: Reading, path: Path, problem: string): void {
  const name = formatPath(path)
  problems.push(`${document.placeOf(path)}: ${name === '' ? '' : `${name}: `}${problem}`)
}

/** Where a value was set: `FILE:LINE`. */
export function lineOf({document, file}: Reading, path: Path): string {
  return `${file}:${document.placeOfKey(path).replace(/:\d+$/, '')}`
}

/** `expected a list, got "x"` */
export function expected(what: string, got: unknown): string {
  const text = JSON.stringify(got) ?? 'nothing'
  return `expected ${what}, got ${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}`
}

/** What a mapping has under the keys that it may have; of others, and of those that are missing, it is told. */
export function readMapping<K extends string>(
  reading: Reading,
  path: Path,
  value: unknown,
  keys: readonly K[],
  required: readonly K[] = [],
): Readonly<Partial<Record<K, unknown>>> {
  if (!isObject(value)) {
    complain(reading, path, expected(`a mapping with the keys ${keys.join(', ')}`, value))
    return pick({}, keys)
  }
  for (const key of Object.keys(value)) {
    if (keys.some(known => known === key)) continue
    const meant = nearestName(key.toLowerCase(), keys)
    const hint = meant === undefined ? `the keys are ${keys.join(', ')}` : `did you mean ${meant}?`
    const place = reading.document.placeOfKey([...path, key])
    const where = path.length === 0 ? '' : `${formatPath(path)}: `
    reading.problems.push(`${place}: ${where}there is no key ${JSON.stringify(key)}; ${hint}`)
  }
  const missing = required.filter(key => !Object.hasOwn(value, key))
  if (missing.length > 0) complain(reading, path, `expected the key ${missing.join(' and the key ')}`)
  return pick(value, keys)
}

function pick<K extends string>(value: Readonly<Record<string, unknown>>, keys: readonly K[]) {
  // Object.fromEntries knows no more of the keys than that they are texts.
  return Object.fromEntries(keys.flatMap(key => (Object.hasOwn(value, key) ? [[key, value[key]]] : []))) as Readonly<
    Partial<Record<K, unknown>>
  >
}

/** The entries of a list, each with its path. `what` is what it is a list of. */
export function readList(reading: Reading, path: Path, value: unknown, what: string): readonly [Path, unknown][] {
  if (Array.isArray(value)) return value.map((entry, index) => [[...path, index], entry])
  complain(reading, path, expected(`a list of ${what}`, value))
  return []
}

/** A list, or one entry of it alone; it is not empty. */
export function readSome(reading: Reading, path: Path, value: unknown, what: string): readonly [Path, unknown][] {
  if (typeof value === 'string') return [[path, value]]
  if (Array.isArray(value) && value.length === 0) {
    complain(reading, path, `expected at least one of ${what}, got []`)
    return []
  }
  return readList(reading, path, value, what)
}

/** A text that `parse` takes; none where it is not a text, or is wrong. */
export function readText<T>(
  reading: Reading,
  path: Path,
  value: unknown,
  what: string,
  parse: (text: string) => Result<T>,
): T[] {
  if (typeof value !== 'string') {
    complain(reading, path, expected(what, value))
    return []
  }
  const parsed = parse(value)
  if (parsed.ok) return [parsed.value]
  complain(reading, path, parsed.problem)
  return []
}

export function readChoice<T extends string>(
  reading: Reading,
  path: Path,
  value: unknown,
  known: readonly T[],
): T | undefined {
  const chosen = known.find(one => one === value)
  if (chosen !== undefined) return chosen
  const isText = typeof value === 'string'
  complain(reading, path, isText ? expectedOneOf(known, value) : expected(`one of ${known.join(', ')}`, value))
  return undefined
}
