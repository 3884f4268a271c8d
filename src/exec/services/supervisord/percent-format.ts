import {ConfigError} from './config-error.ts'

/** What stands for something that only the run knows; no file that is read as a text holds it. */
export const UNKNOWN = '\0'

/** What `%(name)s` stands for. Undefined: nothing of that name. */
export type Names = (name: string) => string | number | undefined

const SPEC = /^([#0\- +]*)(\d*)(?:\.(\d*))?[hlL]?/

/**
 * Python's `text % names`, which supervisord does to every option. A `%` that begins nothing is an error; so is a name
 * that is not there.
 */
export function formatPercent(text: string, names: Names): string {
  let out = ''
  let isWhole = true
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '%') {
      out += text[at]
      continue
    }
    let value: string | number | undefined
    let isKeyed = false
    if (text[at + 1] === '(') {
      const end = closing(text, at + 1)
      const key = text.slice(at + 2, end)
      value = names(key)
      if (value === undefined) throw new ConfigError(`nothing is known of the name in %(${key})s`)
      isKeyed = true
      at = end
    }
    const spec = SPEC.exec(text.slice(at + 1))
    const conversion = text[at + 1 + (spec?.[0].length ?? 0)]
    at += 1 + (spec?.[0].length ?? 0)
    // With anything before it the second sign is a conversion, which there is not.
    if (conversion === '%' && !isKeyed && spec?.[0] === '') {
      out += '%'
      continue
    }
    if (conversion === undefined) throw new ConfigError(`${JSON.stringify(text)} ends within a % of a format`)
    if (!isKeyed) {
      // Python prints all names there are; it does so once.
      if (!'sra'.includes(conversion) || !isWhole) throw badFormat(text, conversion)
      isWhole = false
      out += UNKNOWN
      continue
    }
    isWhole = false
    out += formatValue(text, value ?? '', conversion, spec)
  }
  return out
}

/** The bracket that ends a name; there may be others in it. */
function closing(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++
    if (text[at] === ')' && --depth === 0) return at
  }
  throw new ConfigError(`the name of a format does not end: ${JSON.stringify(text)}`)
}

function formatValue(text: string, value: string | number, conversion: string, spec: RegExpExecArray | null): string {
  const [, flags = '', width = '', precision] = spec ?? []
  if (Number(width) > 1000 || Number(precision) > 1000) throw badFormat(text, conversion)
  const isNumeric = 'diu'.includes(conversion)
  if (!isNumeric && !'sra'.includes(conversion)) {
    if (typeof value === 'number' && 'oxXeEfFgGc'.includes(conversion)) return UNKNOWN
    throw badFormat(text, conversion)
  }
  if (isNumeric && typeof value === 'string') throw badFormat(text, conversion)
  if (isNumeric) return formatNumber(Number(value), flags, Number(width), Number(precision ?? 0))
  let shown = String(value)
  if (precision !== undefined) shown = [...shown].slice(0, Number(precision)).join('')
  if (conversion !== 's' && typeof value === 'string') shown = UNKNOWN
  return flags.includes('-') ? shown.padEnd(Number(width)) : shown.padStart(Number(width))
}

/** Zeros stand behind the sign. */
function formatNumber(value: number, flags: string, width: number, digits: number): string {
  const sign = value < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  const shown = String(Math.abs(value)).padStart(digits, '0')
  if (flags.includes('-')) return `${sign}${shown}`.padEnd(width)
  return flags.includes('0') ? sign + shown.padStart(width - sign.length, '0') : `${sign}${shown}`.padStart(width)
}

function badFormat(text: string, conversion: string): ConfigError {
  return new ConfigError(`${JSON.stringify(text)} is not a format: "%${conversion}" (a percent sign is written "%%")`)
}
