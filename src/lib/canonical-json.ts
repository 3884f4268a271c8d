/** What JSON can hold; a member of an object that is undefined is left out. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly JsonValue[]
  | {readonly [name: string]: JsonValue}

/**
 * JSON without white space, with the members of each object in the order of their names by UTF-16 units: equal values
 * are equal bytes. Numbers and strings are as JSON.stringify writes them. RFC 8785 (JCS)
 */
export function canonicalJson(value: JsonValue): string {
  if (isList(value)) return `[${value.map(item => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const members = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`).join(',')}}`
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
