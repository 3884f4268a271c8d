import {ENTRY} from '../budget.ts'
import type {Environment} from '../command.ts'
import {chargeCopy, type ShellState, type Value} from './state.ts'

/** After something that may have set any variable: programs may be looked for anywhere. */
export function forgetPath(state: ShellState): void {
  state.opaque = true
  state.vars.set('PATH', {unknown: '$PATH'})
  state.exported.add('PATH')
}

/** What a variable holds; undefined where it is not set. */
export function readVariable(state: ShellState, name: string): Value | undefined {
  return state.vars.get(name) ?? (state.opaque ? {unknown: `$${name}`} : undefined)
}

/** The environment of a command; what only the run knows is left out, and named. */
export function exportedEnvironment(state: ShellState): {
  readonly env: Environment
  readonly unknown: ReadonlySet<string>
} {
  const env = new Map<string, string>()
  const unknown = new Set<string>()
  for (const name of state.exported) {
    const value = state.vars.get(name)
    // Whoever is started with it compares it.
    if (typeof value === 'string') state.budget.charge('work', ENTRY + value.length)
    if (typeof value === 'string') env.set(name, value)
    else if (value) unknown.add(name)
  }
  return {env, unknown}
}

/** After text that was not read: any variable may have any value, except those from outside. */
export function forgetAll(state: ShellState): void {
  chargeCopy(state)
  state.opaque = true
  for (const name of state.vars.keys()) {
    if (name !== 'IFS' && !state.exported.has(name)) state.vars.set(name, {unknown: `$${name}`})
  }
}
