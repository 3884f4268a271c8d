import {parseShell} from './parse.ts'
import type {ShellState, Status, Value} from './state.ts'

/**
 * `alias NAME=TEXT`, XCU alias: what is called by that name on the lines that follow is TEXT with the words behind it,
 * as a function has them. bash expands them only where it is called sh, or is told to.
 */
export function defineAliases(args: readonly Value[], state: ShellState): Status {
  for (const arg of args) {
    const [, name = '', text = ''] = typeof arg === 'string' ? (/^([\w!%,@.-]+)=(.*)$/s.exec(arg) ?? []) : []
    if (name === '') continue
    if (!(state.hasAliases ?? (state.dialect !== undefined && state.dialect !== 'bash'))) continue
    // In its own text the name stands for itself.
    const own = new RegExp(`^\\s*${name.replaceAll(/[^\w]/g, '\\$&')}(?=\\s|$)`)
    const parsed = parseShell(`${text.replace(own, 'command $&')} "$@"`, state.budget)
    if (!parsed.ok) continue
    // On the line itself it is none yet, and where it is a function too, that comes second.
    const others = [state.functions.get(name)]
    state.functions.set(name, {body: {kind: 'group', body: parsed.value}, source: state.name, isAlias: true, others})
  }
  return 'success'
}

export function removeAliases(args: readonly Value[], state: ShellState): Status {
  for (const [name, {isAlias}] of [...state.functions]) {
    if (isAlias && (args.includes(name) || args.includes('-a'))) state.functions.delete(name)
  }
  return 'success'
}
