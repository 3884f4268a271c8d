import {
  absolutePath,
  after,
  type Call,
  ends,
  hasOption,
  inOrder,
  type Outcome,
  optionValue,
  readArguments,
} from '../call.ts'
import {textOf} from '../text.ts'
import type {Value} from '../value.ts'
import {mkdir, touch} from './make.ts'
import {chmod, chown} from './modes.ts'

/*
 * What the scripts of OpenRC's services call, and is not of their own: OpenRC src/einfo, src/rc-status,
 * src/checkpath, src/shell_var, src/mark_service.
 */

/** They print, or keep something of a service. */
export const MESSAGES = [
  ...['einfo', 'einfon', 'ewarn', 'ewarnn', 'ebegin', 'veinfo', 'vewarn', 'vebegin', 'esyslog', 'eindent', 'eoutdent'],
  ...['veindent', 'veoutdent', 'service_set_value', 'mark_service_starting', 'mark_service_started'],
  ...['mark_service_inactive', 'mark_service_stopped', 'mark_service_stopping', 'mark_service_failed'],
  ...['mark_service_crashed', 'mark_service_hotplugged', 'mark_service_wasinactive', 'save_options'],
]

/** The same, and fail. */
export const ERRORS = ['eerror', 'eerrorn']

/** They answer what only the run knows. */
export const QUESTIONS = [
  ...['service_started', 'service_starting', 'service_stopped', 'service_stopping', 'service_inactive'],
  ...['service_crashed', 'service_hotplugged', 'service_wasinactive', 'service_started_daemon', 'service_get_value'],
  ...['get_options', 'fstabinfo', 'mountinfo', 'is_newer_than', 'is_older_than', 'on_ac_power'],
  ...['rc-depend', 'rc-status', 'ewaitfile'],
]

/** `eval_ecolors`: assignments of the colours of messages, whatever they are: OpenRC src/einfo/einfo.c. */
export async function colors(call: Call): Promise<Outcome> {
  const names = ['GOOD', 'WARN', 'BAD', 'HILITE', 'BRACKET', 'NORMAL']
  return {...ends(call, 'success'), output: names.map(name => `${name}=''\n`).join('')}
}

/** What is there of its first word: `0`, or another number. */
export async function ending(call: Call): Promise<Outcome> {
  const [status] = call.words
  if (status === undefined) return ends(call, 'success')
  if (typeof status !== 'string') return ends(call, 'unknown')
  return ends(call, /^0+$/.test(status) ? 'success' : 'failure')
}

/** `shell_var WORD…`: words as names of variables. */
export async function shellVar(call: Call): Promise<Outcome> {
  const words = call.words.filter(word => typeof word === 'string')
  if (words.length < call.words.length) return ends(call, 'success')
  return {...ends(call, 'success'), output: `${words.map(word => word.replace(/\W/g, '_')).join(' ')}\n`}
}

/** Debian's `lsb2rcconf SCRIPT`: what the comments of a script for another init say; nothing where it has none. */
export async function lsbSettings(call: Call): Promise<Outcome> {
  const path = absolutePath(call, call.words[0])
  const text = path === undefined ? undefined : await textOf(call.view, await call.view.place(path))
  if (text === undefined || text.includes('BEGIN INIT INFO')) return ends(call, 'unknown')
  return {...ends(call, 'success'), output: ''}
}

const CHECKPATH = {
  short: 'dDfFpm:o:sqWChVv',
  long: [
    ...['directory', 'directory-truncate', 'file', 'file-truncate', 'pipe', 'mode=', 'owner=', 'symlinks', 'writable'],
    ...['quiet', 'help', 'nocolor', 'nocolour', 'version', 'verbose'],
  ],
}

/** `checkpath -d -m MODE -o OWNER DIRECTORY…`: it is made where it is not there, and has the mode and the owner. */
export async function checkpath(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, CHECKPATH)
  if (!parsed || hasOption(parsed, 'W', 'writable')) return ends(call, 'unknown')
  const makes = hasOption(parsed, 'd', 'D', 'directory', 'directory-truncate')
    ? mkdir
    : hasOption(parsed, 'f', 'F', 'file', 'file-truncate')
      ? touch
      : undefined
  const mode = optionValue(parsed, 'm', 'mode')
  const owner = optionValue(parsed, 'o', 'owner')
  return inOrder(call, parsed.operands, async (operand, inner) => {
    const run = async (before: Outcome, command: typeof mkdir, name: string, words: readonly Value[]) =>
      before.status === 'failure' ? before : command({...after(inner, before.world), name, words})
    let outcome = ends(inner, 'success')
    if (makes) outcome = await run(outcome, makes, 'mkdir', makes === mkdir ? ['-p', operand] : [operand])
    if (mode !== undefined) outcome = await run(outcome, chmod, 'chmod', [mode, operand])
    if (owner !== undefined) outcome = await run(outcome, chown, 'chown', [owner, operand])
    return outcome
  })
}
