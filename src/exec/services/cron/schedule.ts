const DIGITS = '0?[0-9]|[1-5][0-9]'
const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november'],
  'december',
]
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/** One of the fields of a schedule: what its values look like, and what they stand for. */
interface Field {
  readonly value: string
  readonly number: (text: string) => number
  /** The greatest step, and what comes besides values. */
  readonly most: number
  readonly others?: RegExp
}

const plain = (value: string, most: number, others?: RegExp): Field => ({
  value,
  most,
  number: Number,
  ...(others ? {others} : {}),
})
const SECOND = plain(DIGITS, 59)
const HOUR = plain('0?[0-9]|1[0-9]|2[0-3]', 23)
const DAY = plain('0?[1-9]|[12][0-9]|3[01]', 31, /^(?:lw?|(?:0?[1-9]|[12][0-9]|3[01])w)$/)
const MONTH: Field = {
  value: `0?[1-9]|1[012]|${MONTHS.flatMap(name => [name.slice(0, 3), name]).join('|')}`,
  most: 12,
  number: text => named(text, MONTHS) + 1 || Number(text),
}
const WEEKDAY_VALUE = `0?[0-7]|${DAYS.flatMap(name => [name.slice(0, 3), name]).join('|')}`
const WEEKDAY: Field = {
  value: WEEKDAY_VALUE,
  most: 6,
  // The seventh is the first; what has a zero before it stands in no table of names.
  number: text => {
    const day = named(text, DAYS)
    return day >= 0 ? day : text === '7' || text.length > 1 ? 0 : Number(text)
  },
  others: new RegExp(`^(?:${WEEKDAY_VALUE})(?:l|#[1-5])$`),
}
const YEAR = plain('19[789][0-9]|20[0-9]{2}', 2099)

/** Minute to day of the week; seconds stand before them, and years behind. */
const FIVE = [SECOND, HOUR, DAY, MONTH, WEEKDAY]
const NICKNAMES = /^@(yearly|annually|monthly|weekly|daily|hourly)$/

/** Whether words are the time of a job of supercronic: https://github.com/aptible/supercronic, cronexpr_parse.go. */
export function isSchedule(words: readonly string[]): boolean {
  const [first = ''] = words
  if (words.length === 1) return NICKNAMES.test(first)
  const fields = {5: FIVE, 6: [...FIVE, YEAR], 7: [SECOND, ...FIVE, YEAR]}[words.length]
  return fields?.every((field, index) => isOf(field, words[index] ?? '')) ?? false
}

function isOf(field: Field, word: string): boolean {
  const parts = word.toLowerCase().split(',').filter(Boolean)
  return parts.length > 0 && parts.every(part => isDirective(field, part))
}

function isDirective({value, number, most, others}: Field, part: string): boolean {
  if (part === '*' || part === '?' || others?.test(part)) return true
  const [, from, to, step] = new RegExp(`^(?:\\*|(${value})(?:-(${value}))?)(?:/(\\d+))?$`).exec(part) ?? []
  if (from === undefined && step === undefined) return false
  if (step !== undefined) return /^(?:0?\d|[1-5]\d|19[789]\d|20\d\d)$/.test(step) && +step >= 1 && +step <= most
  return to === undefined || number(to) >= number(from ?? '')
}

function named(text: string, names: readonly string[]): number {
  return names.findIndex(name => name === text || name.slice(0, 3) === text)
}
