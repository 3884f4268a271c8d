import {ENTRY} from '../budget.ts'
import type {Alias, AliasHistory} from './definition.ts'
import {parseShell} from './parse.ts'
import type {ShellState, Status, Value} from './state.ts'
import type {Command, Line, List, SimpleCommand} from './syntax.ts'

/** What an alias comes to that cannot be read by itself: `alias when=if`. */
export const UNREADABLE = 'unreadable'

const MAX_HISTORY = 16

/** `alias NAME=TEXT`, XCU alias. bash expands them only where it is called sh, or has the option. */
export function defineAliases(args: readonly Value[], state: ShellState): Status {
  for (const arg of args) {
    const [, name = '', text = ''] = typeof arg === 'string' ? (/^([\w!%,@.-]+)=(.*)$/s.exec(arg) ?? []) : []
    if (name !== '') add(state, name, {text, made: state.lines})
  }
  return 'success'
}

export function removeAliases(args: readonly Value[], state: ShellState): Status {
  for (const name of state.aliases.keys()) {
    if (args.includes('-a') || args.includes(name)) add(state, name, {text: undefined, made: state.lines})
  }
  return 'success'
}

function add(state: ShellState, name: string, alias: Alias): void {
  const histories = state.aliases.get(name) ?? [[]]
  state.budget.charge('work', ENTRY * state.aliases.size)
  const isMany = histories === 'unknown' || histories.some(one => one.length >= MAX_HISTORY)
  const longer = isMany ? 'unknown' : histories.map(one => [alias, ...one])
  state.aliases = new Map([...state.aliases, [name, longer]])
}

/**
 * What a command may stand for whose name is an alias; undefined where it has none, and stands for itself only. A
 * quoted name has none, and none is known to a line that was read before it was made.
 */
export function expandAlias(
  command: SimpleCommand,
  state: ShellState,
): readonly (Command | typeof UNREADABLE)[] | undefined {
  const {aliases, dialect, hasAliases} = state
  // The name of an alias has no character that quotes or expands, which the text of a word would have as it is written.
  const known = aliases.get(command.words[0]?.text ?? '')
  if (!known || !(hasAliases ?? (dialect !== undefined && dialect !== 'bash'))) return undefined
  if (known === 'unknown') return [UNREADABLE]
  const meanings = known.flatMap(history => meaningsOf(history, command, state))
  return meanings.every(one => one === command) ? undefined : [...new Set(meanings)]
}

function meaningsOf(
  history: AliasHistory,
  command: SimpleCommand,
  state: ShellState,
): readonly (Command | typeof UNREADABLE)[] {
  const meanings: (Command | typeof UNREADABLE)[] = []
  for (const alias of history) {
    const isMade = isMadeBefore(alias, command.line, state.lines)
    if (isMade === false) continue
    meanings.push(alias.text === undefined ? command : (insert(command, alias.text, state) ?? UNREADABLE))
    if (isMade) return meanings
  }
  return [...meanings, command]
}

/** Undefined where it is a text that was read earlier, in part or as a whole: a function of it. */
function isMadeBefore({made}: Alias, line: Line | undefined, lines: readonly Line[]): boolean | undefined {
  if (!line) return undefined
  const own = made.find(({text}) => text === line.text)
  if (own) return line.number > own.number
  return lines.some(({text}) => text === line.text) ? true : undefined
}

/** The text of an alias in place of a command's name; undefined where it cannot be read by itself. */
function insert(command: SimpleCommand, text: string, state: ShellState): Command | undefined {
  const [first, next] = command.words
  const name = first?.text ?? ''
  // Behind a blank the next word may be an alias, too.
  if (/[ \t]$/.test(text) && state.aliases.has(next?.text ?? '')) return undefined
  // In its own text the name stands for itself.
  const own = new RegExp(`^\\s*${name.replaceAll(/[^\w]/g, '\\$&')}(?=\\s|$)`)
  const parsed = parseShell(text.replace(own, '\\$&'), state.budget, command.line)
  return parsed.ok ? surround(parsed.value, command) : undefined
}

/** What stands before and behind the name belongs to the first and to the last command of the text. */
function surround(list: List, {assignments, words, redirections}: SimpleCommand): Command | undefined {
  const [only, ...others] = list
  if (!only || only.background) return undefined
  const {command} = only
  if (others.length > 0 || command.kind !== 'simple') {
    const isBare = assignments.length === 0 && words.length === 1 && redirections.length === 0
    return isBare ? {kind: 'group', body: list} : undefined
  }
  return {
    ...command,
    assignments: [...assignments, ...command.assignments],
    words: [...command.words, ...words.slice(1)],
    redirections: [...command.redirections, ...redirections],
  }
}
