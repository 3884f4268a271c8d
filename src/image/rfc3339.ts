import {type Decoder, INVALID, string} from '../lib/json.ts'

const DATE_TIME =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$/

/**
 * A time as Go's time.Time takes it in JSON: engines refuse a config with another one.
 * https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
export const rfc3339: Decoder<string> = (value, at, problems, ambiguities) => {
  const text = string(value, at, problems, ambiguities)
  if (text === INVALID) return INVALID
  const [, year, month, day] = DATE_TIME.exec(text) ?? []
  if (year !== undefined && isDate(Number(year), Number(month), Number(day))) return text
  problems.push(`${at}: expected a time of RFC 3339, got ${JSON.stringify(text.slice(0, 40))}`)
  return INVALID
}

function isDate(year: number, month: number, day: number): boolean {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
  return day >= 1 && day <= days
}
