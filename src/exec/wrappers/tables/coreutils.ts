import {SIGNAL} from '../signals.ts'
import {takesOnly, type Wrapper} from '../wrapper.ts'

const MODES = takesOnly(['o', 'e', 'output', 'error'], /^(L|\d+[A-Za-z]*)$/)
const INPUT_MODES = takesOnly(['i', 'input'], /^\d+[A-Za-z]*$/)

const ADJUSTMENT = takesOnly(['n', 'adjustment'], /^\s*[+-]?\d+$/)
const SIGNALS = takesOnly(['s', 'signal'], SIGNAL)

/** GNU coreutils and time, and busybox' programs of these names. */
export const COREUTILS: readonly Wrapper[] = [
  {
    names: ['nice'],
    becomes: true,
    short: 'n:0123456789',
    long: ['adjustment=', 'help', 'version'],
    ends: ['help', 'version'],
    alone: options => options.length === 0,
    refuses: ADJUSTMENT,
  },
  {names: ['nohup'], becomes: true, long: ['help', 'version'], ends: ['help', 'version']},
  {
    names: ['timeout'],
    short: 'fk:ps:v',
    long: ['foreground', 'kill-after=', 'preserve-status', 'signal=', 'verbose', 'help', 'version'],
    operands: 1,
    ends: ['help', 'version'],
    // Its child ends where process 1 is its parent, for it takes its parent for dead.
    failsFirst: {name: 'coreutils', from: [9, 10], before: [9, 11]},
    refuses: (options, [duration]) =>
      duration === undefined || /^[\d.]|^inf/i.test(duration)
        ? SIGNALS(options)
        : `it takes ${JSON.stringify(duration)} for its duration`,
  },
  {
    names: ['stdbuf'],
    becomes: true,
    short: 'i:o:e:',
    long: ['input=', 'output=', 'error=', 'help', 'version'],
    ends: ['help', 'version'],
    refuses: options =>
      options.length === 0 ? 'it wants at least one of -i, -o and -e' : (MODES(options) ?? INPUT_MODES(options)),
    // src/stdbuf.c, set_LD_PRELOAD: PKGLIBEXECDIR is the distribution's choice.
    preloads: {name: 'libstdbuf.so', directories: ['/usr/libexec/coreutils', '/usr/lib/coreutils']},
  },
  {
    names: ['time'],
    short: 'af:o:pqvV',
    long: ['append', 'format=', 'output=', 'portability', 'quiet', 'verbose', 'version', 'help'],
    ends: ['V', 'version', 'help'],
  },
]
