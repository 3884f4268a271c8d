import {ConfigError} from './config-error.ts'
import {UNKNOWN} from './percent-format.ts'

/*
 * The checks of supervisor/datatypes.py. Undefined is what only the run knows.
 */

export function toInteger(text: string): number | undefined {
  if (text.includes(UNKNOWN)) return undefined
  const number = /^\s*([+-]?)(\d+(?:_\d+)*)\s*$/.exec(text)
  if (!number) throw new ConfigError(`${JSON.stringify(text)} is not a number`)
  const value = Number((number[2] ?? '').replaceAll('_', ''))
  return number[1] === '-' ? -value : value
}

/** The words are true, false, and what else the option takes. */
export function toBoolean(text: string, other: readonly string[] = []): boolean | undefined {
  if (text.includes(UNKNOWN)) return undefined
  const word = text.toLowerCase()
  if (['yes', 'true', 'on', '1'].includes(word)) return true
  if (['no', 'false', 'off', '0', ...other].includes(word)) return false
  throw new ConfigError(`${JSON.stringify(text)} is neither true nor false`)
}

export function toOctal(text: string): number | undefined {
  if (text.includes(UNKNOWN)) return undefined
  const number = /^\s*([+-]?)(?:0[oO]_?)?([0-7]+(?:_[0-7]+)*)\s*$/.exec(text)
  if (!number) throw new ConfigError(`${JSON.stringify(text)} is not an octal number`)
  const value = Number.parseInt((number[2] ?? '').replaceAll('_', ''), 8)
  return number[1] === '-' ? -value : value
}

/** `50MB`. */
export function checkSize(text: string): void {
  toInteger(text.replace(/(kb|mb|gb)$/i, ''))
}

export function checkLevel(text: string): void {
  const levels = ['critical', 'error', 'warn', 'info', 'debug', 'trace', 'blather']
  if (text.includes(UNKNOWN) || levels.includes(text.toLowerCase())) return
  throw new ConfigError(`${JSON.stringify(text)} is not a log level`)
}

export function checkExitCodes(text: string): void {
  if (text === '' || text.includes(UNKNOWN)) return
  for (const code of text.split(',')) {
    const number = toInteger(code) ?? 0
    if (number < 0 || number > 255) throw new ConfigError(`${JSON.stringify(code)} is not an exit code`)
  }
}

const SIGNALS =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'.split(
    ' ',
  )

export function checkSignal(text: string): void {
  if (text.includes(UNKNOWN)) return
  const word = text.trim().toUpperCase().replace(/^SIG/, '')
  if ([...SIGNALS, 'IOT', 'POLL', 'CLD', 'RTMIN', 'RTMAX', '_DFL', '_IGN'].includes(word)) return
  if (/^\d+$/.test(word) && Number(word) <= 64) return
  throw new ConfigError(`${JSON.stringify(text)} is not a signal`)
}

/** The name of a process or a group. */
export function toName(text: string): string {
  const name = text.trim()
  if (/[ :/]/.test(name)) throw new ConfigError(`${JSON.stringify(name)} cannot be a name: it has a blank, ":" or "/"`)
  return name
}

export function toList(text: string | undefined): readonly string[] {
  return text ? text.split(',').map(item => item.trim()) : []
}
