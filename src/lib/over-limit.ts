import {FormatError} from './format-error.ts'
import {GIB, KIB, MIB} from './limits/limit.ts'
import {findLimit, isRaisable, LIMITS, type LimitName, type Limits, type RaisableLimit} from './limits.ts'

/** A limit of a run. */
export interface Bound {
  readonly name: LimitName
  readonly most: number
}

/** A limit that may have been raised. */
export function boundOf(limits: Limits, name: RaisableLimit): Bound {
  return {name, most: limits[name]}
}

/** A limit that is the same in all runs. */
export function fixedBound(name: Exclude<LimitName, RaisableLimit>): Bound {
  return {name, most: LIMITS[name].most}
}

/** Says that something is beyond a limit: `it has more than 5,000,000 entries (limit layer-entries)`. */
export function tellLimit({name, most}: Bound, tell: (most: string) => string): string {
  return `${tell(formatAmount(name, most))} (limit ${name})`
}

/**
 * What to do about what is beyond a limit; undefined where nobody can raise it. `seen`: how much there is, where that
 * is known.
 */
export function raiseHint({name, most}: Bound, seen = 2 * most): string | undefined {
  return isRaisable(name)
    ? `Where the image is meant to be like that, raise it with limits: ${name}=${writeAmount(name, seen)}.`
    : undefined
}

/** The same in one text, for what is reported without a hint. */
export function tellLimitAndHint({name, most}: Bound, tell: (most: string) => string): string {
  const hint = isRaisable(name) ? `; raise it with limits: ${name}=${writeAmount(name, 2 * most)}` : ''
  return `${tell(formatAmount(name, most))} (limit ${name}${hint})`
}

/** Bytes of which there is more than is read; `tell` puts the limit into the message. */
export function overLimit(bound: Bound, tell: (most: string) => string, seen?: number): FormatError {
  return new FormatError('unsupported', tellLimit(bound, tell), {hint: raiseHint(bound, seen)})
}

/** An amount as messages and tables show it: `64 GiB`, `1,000`, `30 s`. */
export function formatAmount(name: LimitName, amount: number): string {
  switch (findLimit(name)?.unit) {
    case 'bytes': {
      const [size, unit] = UNITS.find(([size]) => amount > 0 && amount % size === 0) ?? [1, 'bytes']
      return `${(amount / size).toLocaleString('en-US')} ${unit}`
    }
    case 'milliseconds':
      return `${amount / 1000} s`
    default:
      return amount.toLocaleString('en-US')
  }
}

const UNITS = [
  [1024 * GIB, 'TiB'],
  [GIB, 'GiB'],
  [MIB, 'MiB'],
  [KIB, 'KiB'],
] as const

/** As the input takes it, and no less: `128GiB`. */
function writeAmount(name: LimitName, amount: number): string {
  if (findLimit(name)?.unit !== 'bytes') return String(amount)
  const [size, unit] = UNITS.find(([size]) => amount >= size) ?? [1, '']
  return `${Math.ceil(amount / size)}${unit}`
}
