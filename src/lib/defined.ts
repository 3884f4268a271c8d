/**
 * The properties that have a value, to be spread into an object: `{...defined({layer})}` has no `layer` where that is
 * undefined, so that it is absent from JSON, from comparisons, and from what it would otherwise replace.
 */
export function defined<T extends object>(properties: T): {[K in keyof T]?: Exclude<T[K], undefined>} {
  const kept: {[K in keyof T]?: Exclude<T[K], undefined>} = {}
  for (const key of Object.keys(properties) as (keyof T)[]) {
    const value = properties[key]
    if (isDefined(value)) kept[key] = value
  }
  return kept
}

function isDefined<V>(value: V): value is Exclude<V, undefined> {
  return value !== undefined
}
