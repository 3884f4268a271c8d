import type {Dialect} from './dialect.ts'
import {park} from './join.ts'
import {print} from './output.ts'
import {type ShellState, type Status, setParams, type Value} from './state.ts'

/**
 * The options that each shell knows: dash 0.5.12 src/options.c, busybox 1.35 shell/ash.c, bash 5.2 builtins/set.def.
 */
const OPTIONS: Readonly<Record<Dialect, {readonly letters: string; readonly names: readonly string[]}>> = {
  dash: {
    letters: 'aCbeEfiImnopsuvVx',
    names: names(
      'allexport debug emacs errexit ignoreeof interactive monitor noclobber noexec noglob nolog notify nounset ' +
        'privileged stdin verbose vi xtrace',
    ),
  },
  ash: {
    letters: 'aCbeEfImnouvx',
    names: names(
      'allexport errexit errtrace ignoreeof monitor noclobber noexec noglob notify nounset pipefail verbose vi xtrace',
    ),
  },
  bash: ofBash(),
  posix: ofBash(),
}

function ofBash(): (typeof OPTIONS)[Dialect] {
  return {
    letters: 'abBCeEfhHkmnopPtTuvx',
    names: names(
      'allexport braceexpand emacs errexit errtrace functrace hashall histexpand history ignoreeof ' +
        'interactive-comments keyword monitor noclobber noexec noglob nolog notify nounset onecmd physical pipefail ' +
        'posix privileged verbose vi xtrace',
    ),
  }
}

function names(text: string): readonly string[] {
  return text.split(' ')
}

const LETTERS: Readonly<Record<string, string>> = {
  ...{a: 'allexport', B: 'braceexpand', C: 'noclobber', e: 'errexit', E: 'errtrace', f: 'noglob', k: 'keyword'},
  ...{n: 'noexec', t: 'onecmd', u: 'nounset'},
}

/** `set`, XCU 2.14: the options that matter, and the parameters. */
export function runSet(args: readonly Value[], state: ShellState): Status {
  const refused = findRefused(args, state.dialect)
  // busybox' alone goes on without an option by its whole name.
  if (refused === 'name' && state.dialect === 'ash') return 'failure'
  if (refused !== undefined) {
    state.isMisused = true
    return 'failure'
  }
  let at = 0
  for (; at < args.length; at++) {
    const arg = args[at]
    if (typeof arg !== 'string') {
      setParams(state, undefined)
      return 'success'
    }
    if (arg === '--' || !/^[-+]./.test(arg)) break
    const on = arg.startsWith('-')
    for (const letter of arg.slice(1)) {
      const name = letter === 'o' ? args[++at] : LETTERS[letter === 'E' && state.dialect === 'dash' ? '' : letter]
      if (typeof name === 'string') setOption(name, on, state)
    }
  }
  if (at < args.length) setParams(state, knownParameters(args.slice(args[at] === '--' ? at + 1 : at)))
  return 'success'
}

/** How an option is written that the shell does not know; undefined where there is none. */
function findRefused(args: readonly Value[], dialect: Dialect | undefined): 'letter' | 'name' | undefined {
  const known = dialect && OPTIONS[dialect]
  if (!known) return undefined
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]
    if (typeof arg !== 'string' || arg === '--' || !/^[-+]./.test(arg)) return undefined
    for (const letter of arg.slice(1)) {
      if (!known.letters.includes(letter)) return 'letter'
      if (letter !== 'o') continue
      const name = args[++at]
      if (typeof name === 'string' && !known.names.includes(name)) return 'name'
    }
  }
  return undefined
}

function setOption(name: string, on: boolean, state: ShellState): void {
  switch (name) {
    case 'errexit':
      return void Object.assign(state, {errexit: on, forgives: !on})
    case 'allexport':
    case 'errtrace':
    case 'noclobber':
    case 'noglob':
    case 'nounset':
      return void Object.assign(state, {[name]: on})
    case 'pipefail':
      return void Object.assign(state, {pipefail: on})
    case 'noexec':
      if (on) state.flow = 'exit'
      return
    case 'posix':
      // bash's, which is then what it is where it is called sh.
      return void Object.assign(state, {dialect: on ? 'posix' : 'bash'})
    case 'onecmd':
    case 'keyword':
    case 'braceexpand':
      // bash: it ends with the line, takes assignments anywhere, has no braces.
      if (on !== (name === 'braceexpand')) state.certainty = 'likely'
  }
}

/** Parameters, of which it is not known how many they are where one is any number of words. */
export function knownParameters(args: readonly Value[]): readonly Value[] | undefined {
  return args.some(arg => typeof arg === 'object' && arg.isWords) ? undefined : args
}

/** `shift`: where there are too few, dash ends; others go on. */
export function runShift(count: Value | undefined, state: ShellState): Status {
  const by = count === undefined ? 1 : typeof count === 'string' ? Number(count) : Number.NaN
  if (!state.params || Number.isNaN(by)) {
    setParams(state, undefined)
    return 'unknown'
  }
  if (by > state.params.length) {
    if (state.dialect !== 'dash') return 'failure'
    // The container may be given more of them.
    park(state, state, 'exit-failure')
    setParams(state, undefined)
    return 'unknown'
  }
  setParams(state, state.params.slice(by))
  return 'success'
}

/** `umask MODE`; without one it prints it. */
export function runUmask(args: readonly Value[], state: ShellState): Status {
  const [mode] = args.filter(arg => arg !== '-S' && arg !== '-p')
  if (mode === undefined) {
    const isKnown = state.umask !== undefined && args.length === 0
    print(state, isKnown ? `${(state.umask ?? 0).toString(8).padStart(4, '0')}\n` : undefined)
    return 'success'
  }
  state.umask = typeof mode === 'string' && /^[0-7]{1,4}$/.test(mode) ? Number.parseInt(mode, 8) : undefined
  return 'success'
}
