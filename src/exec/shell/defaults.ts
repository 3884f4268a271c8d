import {alternativesOf, anyOr, oneOf, type Unknown, type Value} from '../world/value.ts'

/** What a variable is that only one of two ways has set: without a value its text is empty. */
export function perhapsUnset(value: Value | undefined, unknown: string): Value {
  const alternatives = alternativesOf(value)
  if (!alternatives) return anyOr([value], unknown)
  const either = oneOf(['', ...alternatives], unknown)
  return typeof either === 'string' ? {unknown, oneOf: [either], mayBeUnset: true} : {...either, mayBeUnset: true}
}

/** A value as an expansion has it: that of a variable that is not set is empty. */
export function settled(value: Value): Value {
  if (typeof value === 'string' || !value.mayBeUnset) return value
  const {mayBeUnset: _, ...rest} = value
  return rest
}

/**
 * `${NAME:-…}` and the other operators of XCU 2.6.2 that ask whether a parameter is set, of one that is one of several.
 * `operand`: what stands in its place. Undefined where nothing is known of the value.
 */
export async function chooseDefault(
  value: Unknown,
  operator: string,
  operand: () => Promise<Value>,
  /** Nothing runs for the operand: it can be expanded where it may not be needed. */
  isPlain: boolean,
): Promise<Value | undefined> {
  const {mayBeUnset, ...present} = value
  const {oneOf: alternatives, unknown} = value
  if (!alternatives && isPlain && '-='.includes(operator.at(-1) ?? ''))
    return {...present, ...anyOr([value, await operand()], unknown)}
  if (!alternatives) return undefined
  const counts = operator.startsWith(':') || mayBeUnset === true
  const isMissing = (text: string) => text === '' && counts
  const known = alternatives.filter(text => !isMissing(text))
  // Of one that may not be set an empty value may be its own, too.
  const empty = mayBeUnset && !operator.startsWith(':') && alternatives.includes('') ? [''] : []
  const misses = alternatives.some(isMissing)
  switch (operator.at(-1)) {
    case '+':
      return either(misses ? [''] : [], known.length > 0 || empty.length > 0 ? await operand() : undefined, unknown)
    case '?':
      return known.length > 0 ? oneOf(known, unknown) : {unknown}
    default:
      return either([...known, ...empty], misses ? await operand() : undefined, unknown)
  }
}

function either(known: readonly string[], other: Value | undefined, unknown: string): Value {
  const alternatives = other === undefined ? [] : alternativesOf(other)
  return alternatives ? oneOf([...known, ...alternatives], unknown) : {unknown}
}
