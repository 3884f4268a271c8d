import type {ParsedOptions} from './options.ts'
import {dashed} from './wrapper.ts'

/** A signal as kill(1), timeout and env of coreutils take it, whatever its letter case: gnulib sig2str.c. */
export const SIGNAL =
  /^(\d+|(SIG)?(HUP|INT|QUIT|ILL|TRAP|ABRT|BUS|FPE|KILL|USR[12]|SEGV|PIPE|ALRM|TERM|STKFLT|CHLD|CONT|STOP|TSTP|TTIN|TTOU|URG|XCPU|XFSZ|VTALRM|PROF|WINCH|IO|POLL|PWR|SYS|RTM(IN|AX)[+-]?\d*|EXIT|CLD|IOT|LOST|INFO))$/i

const UNCHANGEABLE = /^(9|19|(SIG)?(KILL|STOP))$/i

/**
 * Why env(1) refuses a list of signals: coreutils src/env.c parse_signal_action_params(), parse_block_signal_params().
 */
export function wrongSignals(options: ParsedOptions['options']): string | undefined {
  for (const [name, value] of options) {
    if (value === undefined || !/^(?:default|ignore|block)-signal$/.test(name)) continue
    for (const signal of value.split(',').filter(one => one !== '')) {
      const number = /^\d+$/.test(signal) ? Number(signal) : undefined
      const isRange = number === undefined || (number > 0 && number <= 64)
      if (!SIGNAL.test(signal) || !isRange) return `it knows no signal ${JSON.stringify(signal)}`
      if (name !== 'block-signal' && UNCHANGEABLE.test(signal))
        return `what signal ${signal} does cannot be set by ${dashed(name)}`
    }
  }
  return undefined
}
