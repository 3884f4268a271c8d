import {arrayOf, type Decoder, INVALID, recordOf} from '../lib/json.ts'
import {fixedBound, tellLimit} from '../lib/over-limit.ts'

const ENTRIES = fixedBound('build-steps')

/** An array that is not too long: of a longer one nothing is decoded, and one problem is reported. */
export function boundedArray<T>(item: Decoder<T>): Decoder<readonly T[]> {
  const decode = arrayOf(item)
  return (value, at, problems) =>
    Array.isArray(value) && value.length > ENTRIES.most
      ? tooMany(value.length, at, problems)
      : decode(value, at, problems)
}

/** An object whose keys are data, not too many of them. */
export function boundedRecord<T>(item: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  const decode = recordOf(item)
  return (value, at, problems) => {
    const size = typeof value === 'object' && value !== null ? Object.keys(value).length : 0
    return size > ENTRIES.most ? tooMany(size, at, problems) : decode(value, at, problems)
  }
}

function tooMany(size: number, at: string, problems: string[]): typeof INVALID {
  problems.push(tellLimit(ENTRIES, most => `${at} has ${size} entries, expected at most ${most}`))
  return INVALID
}
