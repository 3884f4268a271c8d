import {defined} from '../../lib/defined.ts'
import {baseName} from '../../lib/paths.ts'
import {parseOptions} from './options.ts'
import type {StartupOptions} from './startup-files.ts'
import {lastValue} from './wrapper.ts'

const GRAMMAR = {
  short: 'abBcCefghHiklmnpPrstTuvxEo:O:D',
  long: ['norc', 'noprofile', 'login', 'posix', 'noediting', 'restricted', 'verbose', 'rcfile=', 'init-file='],
} as const

/** Options of a shell's command line that matter. */
export interface ShellOptions extends StartupOptions {
  readonly errexit: boolean
  readonly nounset: boolean
  readonly pipefail: boolean
}

/** What a shell is to run. */
export type ShellJob =
  | (ShellOptions & {
      readonly kind: 'text'
      readonly text: string
      readonly name: string
      readonly params: readonly string[]
    })
  | (ShellOptions & {readonly kind: 'file'; readonly path: string; readonly params: readonly string[]})
  /** It reads its input. */
  | (ShellOptions & {readonly kind: 'input'; readonly params: readonly string[]; readonly isTextLacking?: true})
  | {readonly kind: 'refused'; readonly option: string}

/** The command line of a shell, XCU sh. */
export function readShellJob(argv: readonly string[]): ShellJob {
  const plus = argv.map(word => (/^\+[A-Za-z]/.test(word) ? `-${word.slice(1)}` : word))
  const {options, operands, unknown} = parseOptions(plus, GRAMMAR)
  if (unknown !== undefined) return {kind: 'refused', option: unknown}
  const has = (letter: string) => options.some(([name]) => name === letter)
  const isSet = (long: string) => options.some(([name, value]) => name === 'o' && value === long)
  const rcFile = lastValue(options, ['rcfile', 'init-file'])
  const settings: ShellOptions = {
    login: has('l') || has('login') || argv[0]?.startsWith('-') === true,
    interactive: has('i'),
    posix: has('posix') || isSet('posix'),
    privileged: has('p') || isSet('privileged'),
    noProfile: has('noprofile'),
    noRc: has('norc'),
    ...defined({rcFile}),
    errexit: has('e') || isSet('errexit'),
    nounset: has('u') || isSet('nounset'),
    pipefail: isSet('pipefail'),
  }
  // A lone dash ends the options, too: #!/bin/sh -
  const [first, ...rest] = argv.slice(argv[operands] === '-' && argv[operands - 1] !== '--' ? operands + 1 : operands)
  if (has('c')) {
    if (first === undefined) return {kind: 'input', params: [], isTextLacking: true, ...settings}
    return {
      kind: 'text',
      text: first,
      name: rest[0] ?? baseName(argv[0] ?? 'sh'),
      params: rest.slice(1),
      ...settings,
    }
  }
  if (has('s')) return {kind: 'input', params: first === undefined ? [] : [first, ...rest], ...settings}
  if (first === undefined) return {kind: 'input', params: [], ...settings}
  return {kind: 'file', path: first, params: rest, ...settings}
}
