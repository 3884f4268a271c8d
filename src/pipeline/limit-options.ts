import {findLimit, isRaisable, LIMIT_NAMES, LIMITS, type RaisableLimit} from '../lib/limits.ts'
import {nearestName} from '../lib/nearest.ts'
import {formatAmount} from '../lib/over-limit.ts'
import {fail, ok, type Result} from '../lib/result.ts'

/**
 * `NAME=VALUE`: a whole number, of bytes also in KiB, MiB, GiB, TiB, or in KB, MB, GB, TB. A limit can be raised and
 * not lowered: lower limits would stop good images.
 */
export function parseLimit(text: string): Result<readonly [RaisableLimit, number]> {
  const [name = '', value, ...rest] = text.split('=').map(part => part.trim())
  if (value === undefined || rest.length > 0) return fail(`expected NAME=VALUE, got ${JSON.stringify(text)}`)
  const known = LIMIT_NAMES.find(one => one === name)
  if (known === undefined) return fail(unknownName(name))
  if (!isRaisable(known)) return fail(cannotBeRaised(known))
  const amount = parseAmount(value, LIMITS[known].unit === 'bytes')
  if (amount === undefined) {
    const expected = LIMITS[known].unit === 'bytes' ? 'a size such as 128GiB or 1000000' : 'a whole number'
    return fail(`${known}: expected ${expected}, got ${JSON.stringify(value)}`)
  }
  const {most} = LIMITS[known]
  if (amount >= most) return ok([known, amount])
  return fail(
    `${known}: ${value} is lower than its default ${formatAmount(known, most)}, and a limit can only be raised`,
  )
}

const UNITS = new Map([
  ['', 1],
  ...['k', 'm', 'g', 't'].flatMap((letter, at): (readonly [string, number])[] => [
    [`${letter}ib`, 1024 ** (at + 1)],
    [`${letter}b`, 1000 ** (at + 1)],
  ]),
])

/** Undefined where it is not a whole number, or one that is too large to be counted up to. */
function parseAmount(text: string, isSize: boolean): number | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,16})(?: ?([a-z]+))?$/i.exec(text) ?? []
  const factor = isSize ? UNITS.get(unit.toLowerCase()) : unit === '' ? 1 : undefined
  const amount = Number(digits) * (factor ?? Number.NaN)
  return digits !== '' && Number.isSafeInteger(amount) ? amount : undefined
}

function unknownName(name: string): string {
  const raisable = LIMIT_NAMES.filter(isRaisable)
  const nearest = nearestName(name, raisable)
  const hint =
    nearest === undefined ? `those that can be raised are ${raisable.join(', ')}` : `did you mean ${nearest}?`
  return `there is no limit ${JSON.stringify(name)}; ${hint}`
}

function cannotBeRaised(name: (typeof LIMIT_NAMES)[number]): string {
  const setBy = findLimit(name)?.setBy
  return `${name} cannot be raised${setBy === undefined ? '' : `: it is set by ${setBy}`}`
}
