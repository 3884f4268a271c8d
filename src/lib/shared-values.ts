/** In values: there are few kinds of file, but an image may be made to have many. */
const LIMIT = 10_000

/**
 * Keeps plain data that is equal once, so that a million files of one kind do not hold a million copies of what is said
 * of them: gives the first that was equal, until there are too many. Nobody may change what it gives.
 */
export function sharedValues<T extends object>(limit = LIMIT): (value: T) => T {
  const known = new Map<string, T>()
  return value => {
    const key = JSON.stringify(value)
    const first = known.get(key)
    if (first !== undefined) return first
    if (known.size < limit) known.set(key, value)
    return value
  }
}
