import {isObject} from './is-object.ts'
import {DEPTH, foldName, Inexact, Members, mergeValues, readMembers} from './json-members.ts'
import {ambiguity, child, describe} from './json-places.ts'
import {tellLimit} from './over-limit.ts'
import {fail, ok, type Result} from './result.ts'
import {decodeUtf8, decodeUtf8AsGo} from './utf8.ts'

/** What a decoder answers for a value that is not what it should be; the problem has been reported by then. */
export const INVALID: unique symbol = Symbol('invalid')
export type Invalid = typeof INVALID

/**
 * Turns a foreign value into a T, or adds to `problems` what is wrong with it. `at` is the path of the value:
 * `$.manifests[2].size`. `ambiguities` takes names that two readers of JSON take differently: one that
 * stands twice, or in another letter case.
 */
export interface Decoder<T> {
  (value: unknown, at: string, problems: string[], ambiguities?: string[]): T | Invalid
  /** In Go this is a slice, a map or a pointer: a later null empties it. */
  readonly isNullable?: boolean
  /** Go's zero value, which null is among the items of a slice or a map. */
  readonly zero?: unknown
}

/** What a decoder gives. */
export type Decoded<D> = D extends Decoder<infer T> ? T : never

/** What a field is, and what it is where it is absent. */
export interface Field<T> {
  readonly decode: Decoder<T>
  readonly fallback: {readonly value: T} | undefined
  /** Nothing is read of it but whether it is of its type: names that are ambiguous in it mean nothing. */
  readonly isOnlyTyped?: boolean
}

type Fields<T> = {readonly [K in keyof T]-?: Field<T[K]>}

/** At most so many problems are reported in one message. */
const TOLD_PROBLEMS = 5

/**
 * Parses UTF-8 JSON (RFC 8259; a byte order mark is refused) into a T. All problems are reported, not just the first.
 */
export function parseJson<T>(bytes: Uint8Array, decode: Decoder<T>): Result<T> {
  const parsed = parseText(bytes)
  return parsed.ok ? decodeJson(parsed.value.value, decode) : parsed
}

/** A document and the names in it that other readers may take otherwise. */
export interface AmbiguousJson<T> {
  readonly value: T
  /**
   * Each names its path, and what is read: `$.config.Entrypoint stands there as "entrypoint"; engines read ["/bad"]`.
   */
  readonly ambiguities: readonly string[]
}

/**
 * Parses a document of an image as the engines do, with Go's encoding/json: names match in any letter case where none
 * matches exactly, a name that stands twice is merged, null changes nothing that is not a slice, a map or a pointer,
 * and more than 10,000 levels are refused. https://pkg.go.dev/encoding/json#Unmarshal
 */
export function parseImageJson<T>(bytes: Uint8Array, decode: Decoder<T>): Result<AmbiguousJson<T>> {
  const parsed = parseText(bytes, decodeUtf8AsGo)
  if (!parsed.ok) return parsed
  const read = readMembers(parsed.value.text)
  if (!read) return fail(tellLimit(DEPTH, most => `JSON nested deeper than ${most} levels`))
  const problems: string[] = []
  const ambiguities: string[] = []
  const decoded = finishDecoding(decode(read.value, '$', problems, ambiguities), problems)
  return decoded.ok ? ok({value: decoded.value, ambiguities: [...new Set(ambiguities)]}) : decoded
}

function parseText(
  bytes: Uint8Array,
  decodeText = decodeUtf8,
): Result<{readonly text: string; readonly value: unknown}> {
  try {
    const text = decodeText(bytes)
    return ok({text, value: JSON.parse(text)})
  } catch (thrown) {
    return fail(`not JSON: ${onOneLine(thrown instanceof Error ? thrown.message : String(thrown))}`)
  }
}

/** JSON.parse quotes what it was given, line ends and all. */
function onOneLine(message: string): string {
  return message.replace(/\p{Cc}/gu, control => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

/** Decodes what JSON.parse gave, a part of a larger document for one. All problems are reported, not just the first. */
export function decodeJson<T>(value: unknown, decode: Decoder<T>): Result<T> {
  const problems: string[] = []
  return finishDecoding(decode(value, '$', problems), problems)
}

function finishDecoding<T>(decoded: T | Invalid, problems: readonly string[]): Result<T> {
  if (decoded !== INVALID && problems.length === 0) return ok(decoded)
  const more = problems.length - TOLD_PROBLEMS
  return fail(problems.slice(0, TOLD_PROBLEMS).join('; ') + (more > 0 ? `; and ${more} more` : ''))
}

export const string: Decoder<string> = Object.assign(
  (value: unknown, at: string, problems: string[]) =>
    typeof value === 'string' ? value : wrong('a string', value, at, problems),
  {zero: ''},
)

/** Any value. */
export const unchecked: Decoder<unknown> = value => value

export const boolean: Decoder<boolean> = (value, at, problems) =>
  typeof value === 'boolean' ? value : wrong('true or false', value, at, problems)

/** A whole number from 0 that a JavaScript number holds exactly. */
export const count: Decoder<number> = (value, at, problems) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : wrong('a whole number from 0', value, at, problems)

/** A whole number that a JavaScript number holds exactly. */
export const integer: Decoder<number> = (value, at, problems) =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : wrong('a whole number', value, at, problems)

export function arrayOf<T>(item: Decoder<T>): Decoder<readonly T[]> {
  return nullable((value, at, problems, ambiguities) => {
    if (!Array.isArray(value)) return wrong('an array', value, at, problems)
    const items: readonly unknown[] = ambiguities ? value.map(one => one ?? item.zero ?? one) : value
    const decoded = items.map((one, index) => item(one, `${at}[${index}]`, problems, ambiguities))
    const valid = decoded.filter((one): one is T => one !== INVALID)
    return valid.length === decoded.length ? valid : INVALID
  })
}

/** An object whose keys are data. */
export function recordOf<T>(item: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return nullable((value, at, problems, ambiguities) => {
    const members = membersOf(value)
    if (!members) return wrong('an object', value, at, problems)
    if (ambiguities) ambiguities.push(...repeatedNames(members, at))
    const decoded = members.map(([key, given]) => {
      const one = ambiguities ? (given ?? item.zero ?? given) : given
      return [key, item(one, child(at, key), problems, ambiguities)] as const
    })
    const valid = decoded.filter((pair): pair is readonly [string, T] => pair[1] !== INVALID)
    return valid.length === decoded.length ? Object.fromEntries(valid) : INVALID
  })
}

/** Marks what is a slice, a map or a pointer in Go: a later null empties it. */
export function nullable<T>(decode: Decoder<T>): Decoder<T> {
  return Object.assign(
    (value: unknown, at: string, problems: string[], ambiguities?: string[]) =>
      decode(value, at, problems, ambiguities),
    {isNullable: true},
  )
}

/** An object with these fields; others are let be, as every OCI specification asks. */
export function object<T extends object>(fields: Fields<T>): Decoder<T> {
  const decodeObject: Decoder<T> = (value, at, problems, ambiguities) => {
    const ambiguous = new Set<string>()
    const members =
      value instanceof Members
        ? matchFields(value, fields, at, {problems, ambiguities: ambiguities ?? [], ambiguous})
        : value
    if (!isExactObject(members)) return wrong('an object', value, at, problems)
    const decoded: Partial<T> = {}
    // What is in a value that is named as a whole is not named once more.
    const quiet = ambiguities && []
    let valid = true
    for (const key in fields) {
      const {decode, fallback, isOnlyTyped = false} = fields[key]
      const given = Object.hasOwn(members, key) ? members[key] : undefined
      // Go's encoding/json, which writes these documents, takes null for absent.
      const one =
        given === undefined || given === null
          ? absent(fallback, child(at, key), problems)
          : decode(given, child(at, key), problems, isOnlyTyped || ambiguous.has(key) ? quiet : ambiguities)
      if (one === INVALID) valid = false
      else decoded[key] = one
    }
    // Every key of T is in `fields`, and each was set above or `valid` is false.
    return valid ? (decoded as T) : INVALID
  }
  return Object.assign(decodeObject, {zero: new Members([])})
}

/** What is found out about an object while its members are matched. */
interface Noted {
  readonly problems: string[]
  readonly ambiguities: string[]
  /** The fields that the ambiguities are about. */
  readonly ambiguous: Set<string>
}

/**
 * The members of an object by the field that Go decodes each into: the field of exactly this name,
 * else one that differs in letter case.
 */
function matchFields<T>(
  {list}: Members,
  fields: Fields<T>,
  at: string,
  {problems, ambiguities, ambiguous}: Noted,
): Readonly<Record<string, unknown>> {
  const byFold = new Map(Object.keys(fields).map(name => [foldName(name), name]))
  const found = new Map<string, {readonly names: string[]; value: unknown}>()
  for (const [name, value] of list) {
    const key = Object.hasOwn(fields, name) ? name : byFold.get(foldName(name))
    if (key === undefined) continue
    const before = found.get(key)
    if (!before) found.set(key, {names: [name], value})
    else {
      // `key` is one of the names in `fields`.
      const {decode, isOnlyTyped = false} = fields[key as keyof T]
      const {isNullable = false} = decode
      // One wrong value is enough for Go to refuse the document, whatever comes behind it.
      if (isOnlyTyped && before.value !== null) decode(before.value, child(at, key), problems, [])
      before.names.push(name)
      before.value = mergeValues(before.value, value, isNullable)
    }
  }
  for (const [key, {names, value}] of found) {
    if (fields[key as keyof T].isOnlyTyped || (names.length === 1 && names[0] === key)) continue
    ambiguous.add(key)
    ambiguities.push(ambiguity(child(at, key), names, value))
  }
  return Object.fromEntries([...found].map(([key, {value}]) => [key, value]))
}

/** The names that stand more than once in an object whose names are data. */
function repeatedNames(members: readonly (readonly [string, unknown])[], at: string): readonly string[] {
  const last = new Map(members)
  if (last.size === members.length) return []
  return [...last].flatMap(([name, value]) => {
    const names = members.flatMap(([other]) => (other === name ? [other] : []))
    return names.length > 1 ? [ambiguity(child(at, name), names, value)] : []
  })
}

export function required<T>(decode: Decoder<T>): Field<T> {
  return {decode, fallback: undefined}
}

/** A field that may be absent or null. */
export function optional<T>(decode: Decoder<T>): Field<T | undefined>
export function optional<T>(decode: Decoder<T>, fallback: T): Field<T>
export function optional<T>(decode: Decoder<T>, fallback?: T): Field<T | undefined> {
  return {decode, fallback: {value: fallback}}
}

/**
 * A field of which only the type matters: engines refuse a document with another one, whatever they do with the field.
 */
export function typed(decode: Decoder<unknown>): Field<unknown> {
  return {decode, fallback: {value: undefined}, isOnlyTyped: true}
}

/** A decoder for what a parser of text understands. */
export function parsed<T>(parse: (text: string) => Result<T>): Decoder<T> {
  return (value, at, problems) => {
    const text = string(value, at, problems)
    if (text === INVALID) return INVALID
    const result = parse(text)
    if (result.ok) return result.value
    problems.push(`${at}: ${result.problem}`)
    return INVALID
  }
}

function absent<T>(fallback: {readonly value: T} | undefined, at: string, problems: string[]): T | Invalid {
  if (fallback) return fallback.value
  problems.push(`${at} is missing`)
  return INVALID
}

function membersOf(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (value instanceof Members) return value.list
  return isExactObject(value) ? Object.entries(value) : undefined
}

function isExactObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && !(value instanceof Inexact)
}

function wrong(expected: string, got: unknown, at: string, problems: string[]): Invalid {
  problems.push(`${at}: expected ${expected}, got ${describe(got)}`)
  return INVALID
}
