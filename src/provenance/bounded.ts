import {arrayOf, type Decoder, INVALID, recordOf} from '../lib/json.ts'

/** An array of at most `limit` items: of a longer one nothing is decoded, and one problem is told. */
export function arrayUpTo<T>(limit: number, item: Decoder<T>): Decoder<readonly T[]> {
  const decode = arrayOf(item)
  return (value, at, problems) =>
    Array.isArray(value) && value.length > limit
      ? tooMany(value.length, limit, at, problems)
      : decode(value, at, problems)
}

/** An object whose keys are data, at most `limit` of them. */
export function recordUpTo<T>(limit: number, item: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  const decode = recordOf(item)
  return (value, at, problems) => {
    const size = typeof value === 'object' && value !== null ? Object.keys(value).length : 0
    return size > limit ? tooMany(size, limit, at, problems) : decode(value, at, problems)
  }
}

function tooMany(size: number, limit: number, at: string, problems: string[]): typeof INVALID {
  problems.push(`${at} has ${size} entries, expected at most ${limit}`)
  return INVALID
}
