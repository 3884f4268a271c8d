import {defaultShell} from './default-shell.ts'
import {type Caller, type Handover, lacksProgram, passOn, refuse} from './handover.ts'
import type {ParsedOptions} from './options.ts'
import {parse} from './wrap.ts'
import {takesOnly} from './wrapper.ts'

const FLOCK = {
  short: 'sexnoFuw:E:hV',
  long: [
    ...['shared', 'exclusive', 'unlock', 'nonblock', 'nb', 'close', 'timeout=', 'wait=', 'conflict-exit-code='],
    ...['no-fork', 'verbose', 'help', 'version'],
  ],
} as const

/** busybox util-linux/flock.c. */
const OF_BUSYBOX = {short: 'sxnu', long: ['shared', 'exclusive', 'unlock', 'nonblock']} as const

/** strtod(3) takes a number in decimal and as 0x…, and "inf"; setitimer(2) refuses what is less than nothing. */
const takesTime = takesOnly(
  ['w', 'timeout', 'wait'],
  /^\s*(\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|\+?0x[\da-f.]+(p[+-]?\d+)?|-0*\.?0*)$/i,
)
const takesCode = takesOnly(['E', 'conflict-exit-code'], /^\s*\+?0*(\d|\d\d|1\d\d|2[0-4]\d|25[0-5])$/)

/** flock(1), util-linux sys-utils/flock.c: `flock FILE PROGRAM …`, or `flock FILE -c TEXT`. */
export async function flock(caller: Caller): Promise<readonly Handover[]> {
  const parsed = parse(caller.isApplet ? OF_BUSYBOX : FLOCK, caller)
  if ('handovers' in parsed) return parsed.handovers
  const {options, words} = parsed
  if (options.some(([name]) => /^([hV]|help|version)$/.test(name))) return []
  const refused = refusesOptions(options)
  if (refused !== undefined) return refuse(caller, refused)
  const [lock = '', ...rest] = words
  // A number is a descriptor that is open.
  if (rest.length === 0) return /^\d+$/.test(lock) ? [] : (lacksProgram(caller, rest) ?? [])
  const [first, text, ...more] = rest
  if (first !== '-c' && first !== '--command') return passOn(caller, rest)
  if (text === undefined || more.length > 0) return refuse(caller, 'its option -c takes one text')
  // `SHELL=` is as good as none.
  return passOn(caller, [caller.process.env.get('SHELL') || (await defaultShell(caller)), '-c', text])
}

function refusesOptions(options: ParsedOptions['options']): string | undefined {
  const has = (...names: string[]) => options.some(([name]) => names.includes(name))
  if (has('o', 'close') && has('F', 'no-fork')) return '--no-fork does not go with --close'
  return takesTime(options) ?? takesCode(options)
}
