/**
 * A function of one object, which computes what it comes to once for each object and gives the same from then on. For
 * objects that nobody changes; what was computed goes with the object.
 */
export function remembered<O extends object, T>(compute: (of: O) => T): (of: O) => T {
  const known = new WeakMap<O, {readonly value: T}>()
  return of => {
    const before = known.get(of)
    if (before !== undefined) return before.value
    const value = compute(of)
    known.set(of, {value})
    return value
  }
}
