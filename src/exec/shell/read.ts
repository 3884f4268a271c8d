import {anyOr} from '../world/value.ts'
import type {ShellState, Status, Value} from './state.ts'

/** An input of which nothing is known. */
export const UNKNOWN_INPUT: Value = {unknown: 'the input'}

/** `read [-r] NAME…` of the first line of a known input, XCU read. */
export function read(args: readonly Value[], state: ShellState, own: Value | undefined): Status {
  const input = own ?? state.unread
  if (own === undefined) readLine(state)
  const given = args.filter(arg => typeof arg === 'string' && /^[A-Za-z_]\w*$/.test(arg)).map(String)
  const names = given.length > 0 ? given : ['REPLY']
  const options = args.slice(0, args.length - given.length)
  const [line = ''] = typeof input === 'string' ? input.split('\n') : []
  const isPlain = options.every(option => option === '-r') && typeof input === 'string'
  const fields = isPlain && (options.length > 0 || !line.includes('\\')) ? split(line, names.length, state) : undefined
  if (!fields || typeof input !== 'string') {
    for (const name of names) {
      // A file that cannot be opened leaves it as it is.
      state.vars.set(name, anyOr(own === undefined ? [] : [state.vars.get(name)], `$${name}`))
      if (options.some(option => typeof option !== 'string' || /^-\w*a/.test(option))) state.arrays.set(name, undefined)
    }
    return 'unknown'
  }
  for (const [index, name] of names.entries()) state.vars.set(name, fields[index] ?? '')
  return input.includes('\n') ? 'success' : 'failure'
}

/** The last field is what is left of the line; undefined where IFS is one that is not read here. */
function split(line: string, count: number, state: ShellState): readonly string[] | undefined {
  const ifs = state.vars.has('IFS') ? state.vars.get('IFS') : ' \t\n'
  if (ifs === '') return [line]
  const fields: string[] = []
  if (ifs === ' \t\n') {
    let rest = line.replace(/^[ \t]+|[ \t]+$/g, '')
    while (fields.length < count - 1) {
      const word = /^[^ \t]*/.exec(rest)?.[0] ?? ''
      fields.push(word)
      rest = rest.slice(word.length).replace(/^[ \t]+/, '')
    }
    return [...fields, rest]
  }
  // A separator at the end of the line may be taken away, or not.
  if (typeof ifs !== 'string' || ifs.length !== 1 || /\s/.test(ifs) || line.endsWith(ifs)) return undefined
  const pieces = line.split(ifs)
  return [...pieces.slice(0, count - 1), pieces.slice(count - 1).join(ifs)]
}

/** A line of the input that the commands of a compound command share is gone once it is read. */
function readLine(state: ShellState): void {
  if (typeof state.unread !== 'string') return
  const end = state.unread.indexOf('\n')
  state.budget.charge('work', state.unread.length)
  state.unread = end < 0 ? '' : state.unread.slice(end + 1)
}

/** Programs that read no standard input. */
const NO_READERS = new Set(
  (
    'cp mv ln install mkdir rm rmdir chmod chown touch mktemp basename dirname readlink realpath uname arch id whoami ' +
    'true false sleep date nproc getconf hostname groupadd useradd usermod groupmod which kill'
  ).split(' '),
)

/** A program that is started may read what the commands around it share: how much of it is not known. */
export function shareInput(state: ShellState, name: Value | undefined): void {
  if (state.unread === undefined || (typeof name === 'string' && NO_READERS.has(name))) return
  state.unread = UNKNOWN_INPUT
}
