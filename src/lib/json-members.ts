import {fixedBound} from './over-limit.ts'

/**
 * A JSON object as it is written: all members in order, a name that stands twice included. JSON.parse keeps the last
 * of one name only; Go's encoding/json, which engines read images with, merges them.
 */
export class Members {
  readonly list: readonly (readonly [name: string, value: unknown])[]

  constructor(list: readonly (readonly [string, unknown])[]) {
    this.list = list
  }

  /** For messages that quote it. */
  toJSON(): unknown {
    return Object.fromEntries(this.list)
  }
}

/** A number that is not written as a whole one: Go decodes 1e3 and 1.0 into no integer. */
export class Inexact {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }

  toJSON(): number {
    return this.value
  }
}

/** Where Go's encoding/json gives up: "exceeded max depth" (decode.go, maxNestingDepth). */
export const DEPTH = fixedBound('json-depth')

interface Open {
  readonly kind: 'object' | 'array'
  readonly members: [string, unknown][]
  readonly items: unknown[]
  name: string | undefined
}

/**
 * Reads valid JSON (JSON.parse has accepted it) into values whose objects are `Members`. Without recursion, so that no
 * depth overflows the stack. Undefined where it is nested deeper than DEPTH.
 */
export function readMembers(text: string): {readonly value: unknown} | undefined {
  const stack: Open[] = [{kind: 'array', members: [], items: [], name: undefined}]
  for (const token of tokensOf(text)) {
    const open = stack.at(-1)
    if (!open) break
    if (token === '{' || token === '[') {
      if (stack.length > DEPTH.most) return undefined
      stack.push({kind: token === '{' ? 'object' : 'array', members: [], items: [], name: undefined})
    } else if (token === '}' || token === ']') {
      stack.pop()
      put(stack.at(-1), open.kind === 'array' ? open.items : new Members(open.members))
    } else if (open.kind === 'object' && open.name === undefined) open.name = toWellFormed(JSON.parse(token))
    else put(open, readScalar(token))
  }
  return {value: stack[0]?.items[0]}
}

function put(open: Open | undefined, value: unknown): void {
  if (open?.kind === 'array') open.items.push(value)
  else if (open?.name !== undefined) {
    open.members.push([open.name, value])
    open.name = undefined
  }
}

/**
 * All tokens of valid JSON but blanks, commas and colons, which say nothing more. No regular
 * expression: a long string overflows its stack.
 */
function* tokensOf(text: string): Generator<string, void, undefined> {
  const word = /[^\s,:{}[\]"]+/y
  for (let at = 0; at < text.length; ) {
    const character = text.charAt(at)
    if (character === '"') {
      const end = endOfString(text, at)
      yield text.slice(at, end)
      at = end
    } else if ('{}[]'.includes(character)) {
      yield character
      at++
    } else {
      word.lastIndex = at
      const [token] = word.exec(text) ?? []
      if (token !== undefined) yield token
      at += token?.length ?? 1
    }
  }
}

/** Behind the quote that ends the string which begins at `start`: one with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslash = quote
    while (text.charAt(backslash - 1) === '\\') backslash--
    if ((quote - backslash) % 2 === 0) return quote + 1
  }
  return text.length
}

function readScalar(token: string): unknown {
  const value: unknown = JSON.parse(token)
  if (typeof value === 'string') return toWellFormed(value)
  return typeof value === 'number' && !/^-?[0-9]+$/.test(token) ? new Inexact(value) : value
}

/** Go makes U+FFFD of half a surrogate pair. */
function toWellFormed(text: string): string {
  return text.toWellFormed()
}

/**
 * A name as Go's encoding/json compares it where no field has exactly this one (fold.go): letter case does not count,
 * nor do the two letters beyond ASCII that fold to an ASCII one.
 */
export function foldName(name: string): string {
  return name.replaceAll('\u017f', 's').replaceAll('\u212a', 'k').toLowerCase()
}

/**
 * What Go makes of a value that is decoded into a field that holds one already: objects are merged,
 * arrays item by item, null empties what can be nil (`nullable`: a slice, a map, a pointer) and
 * leaves all else; anything else replaces.
 */
export function mergeValues(before: unknown, after: unknown, nullable: boolean): unknown {
  if (after === null) return nullable ? null : before
  if (before instanceof Members && after instanceof Members) return new Members([...before.list, ...after.list])
  if (Array.isArray(before) && Array.isArray(after)) {
    const items: readonly unknown[] = before
    return after.map((item, index) => (index < items.length ? mergeValues(items[index], item, false) : item))
  }
  return after
}
