/** How messages name a member of a place: `$.manifests`, `$["a b"]`. */
export function child(at: string, key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `${at}.${key}` : `${at}[${JSON.stringify(key)}]`
}

/** What stands twice in a document, and what engines read of it. */
export function ambiguity(at: string, names: readonly string[], value: unknown): string {
  const stands =
    new Set(names).size === 1 && names.length > 1
      ? `${names.length} times`
      : `as ${names.map(name => JSON.stringify(name)).join(' and ')}`
  return `${at} appears ${stands}; engines read ${describe(value)}`
}

/** A foreign value in at most 40 characters of JSON. */
export function describe(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 40 ? `${text.slice(0, 37)}…` : text
}
