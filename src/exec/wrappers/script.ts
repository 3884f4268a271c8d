import {baseName} from '../../lib/paths.ts'
import {asksForShell, defaultShell} from './default-shell.ts'
import {type Caller, type Handover, passOn, refuse} from './handover.ts'
import type {ParsedOptions} from './options.ts'
import {isFrom} from './versions.ts'
import {parse} from './wrap.ts'
import {lastValue, takesOnly} from './wrapper.ts'

const SCRIPT = {
  permutes: 'getopt_long',
  short: 'aB:c:eE:fI:m:O:o:qT:t::Vh',
  long: [
    ...['append', 'command=', 'echo=', 'return', 'flush', 'force', 'log-io=', 'log-in=', 'log-out=', 'log-timing='],
    ...['logging-format=', 'output-limit=', 'quiet', 'timing[=]', 'version', 'help'],
  ],
} as const

const takesEcho = takesOnly(['E', 'echo'], /^(auto|never|always)$/)
const takesFormat = takesOnly(['m', 'logging-format'], /^(classic|advanced)$/i)
const takesLimit = takesOnly(['o', 'output-limit'], /^\s*\+?\d/)

/**
 * script(1), util-linux term-utils/script.c: the text of `-c` by the shell of SHELL; without it that shell itself.
 * Since 2.42 the words behind `--` are the text.
 */
export async function script(caller: Caller): Promise<readonly Handover[]> {
  const parsed = parse(SCRIPT, caller)
  if ('handovers' in parsed) return parsed.handovers
  const {options, words} = parsed
  if (options.some(([name]) => /^([hV]|help|version)$/.test(name))) return []
  const refused = takesEcho(options) ?? takesFormat(options) ?? takesLimit(options)
  if (refused !== undefined) return refuse(caller, refused)
  const text = lastValue(options, ['c', 'command'])
  const dashes = caller.process.argv.indexOf('--')
  const behind = dashes < 0 ? [] : caller.process.argv.slice(dashes + 1)
  if (behind.length === 0) return startWith(caller, options, words, text)
  const found = await caller.version()
  const takesProgram = found?.name === 'util-linux' ? isFrom(found.version, [2, 42]) : undefined
  if (takesProgram === undefined) {
    return [{kind: 'unknown', reason: 'whether script takes a program behind "--" depends on its version'}]
  }
  if (!takesProgram) return startWith(caller, options, words, text)
  if (text !== undefined) return refuse(caller, 'its option -c does not go with a program')
  return startWith(caller, options, words.slice(0, words.length - behind.length), behind.join(' '))
}

/** The file of the log is an operand, unless an option names one. */
async function startWith(
  caller: Caller,
  options: ParsedOptions['options'],
  files: readonly string[],
  text: string | undefined,
): Promise<readonly Handover[]> {
  const most = options.some(([name]) => LOGS.includes(name)) ? 0 : 1
  if (files.length > most)
    return refuse(caller, most === 1 ? 'it takes one file' : 'it takes one file, which an option names')
  const shell = await shellOf(caller)
  const words = text === undefined ? ['-i'] : ['-c', text]
  // A path that is not there stands for its last name, which is looked for in PATH.
  if (shell === '' || (await caller.isMissing(shell))) return passOn(caller, [baseName(shell), ...words])
  return passOn(caller, [shell, ...words], {search: 'path', runsText: false})
}

const LOGS = ['B', 'I', 'O', 'log-io', 'log-in', 'log-out']

/** Up to 2.41 `SHELL=` is a name of its own, which nothing has. */
async function shellOf(caller: Caller): Promise<string> {
  const shell = caller.process.env.get('SHELL')
  if (shell === undefined || (shell === '' && (await asksForShell(caller)))) return defaultShell(caller)
  return shell
}
