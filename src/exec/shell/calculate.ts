import {type ArithmeticVariables, evaluateArithmetic} from './arithmetic.ts'
import {park} from './join.ts'
import type {ShellState, Value} from './state.ts'
import {readVariable} from './variables.ts'

/**
 * What an arithmetic expression comes to, as it was `written`; `text` after its own expansions. What it assigns is
 * assigned, or unknown where its value is.
 */
export function calculate(text: Value, written: string, state: ShellState): Value {
  const value = typeof text === 'string' ? evaluateArithmetic(text, variablesOf(state), state.dialect) : undefined
  if (typeof value === 'bigint') return String(value)
  // "expecting primary": the shell ends.
  if (value === 'malformed') state.flow = 'exit-failure'
  const names = namesThatAreSet(typeof text === 'string' ? text : written)
  for (const name of names) state.vars.set(name, {unknown: `$${name}`})
  return {unknown: `$((${written}))`}
}

function variablesOf(state: ShellState): ArithmeticVariables {
  return {
    read: name => {
      const value = readVariable(state, name)
      if (value !== undefined || !state.nounset || (state.dialect !== 'bash' && state.dialect !== 'posix')) return value
      // "unbound variable", unless it is given to the container.
      park(state, state, 'exit-failure')
      const given = {unknown: `$${name}`}
      state.vars.set(name, given)
      return given
    },
    set: (name, assigned) => state.vars.set(name, assigned),
  }
}

function namesThatAreSet(text: string): readonly string[] {
  const before = /([A-Za-z_]\w*)\s*(?:(?:[-+*/%&|^]|<<|>>)?=(?!=)|\+\+|--)/g
  const behind = /(?:\+\+|--)\s*([A-Za-z_]\w*)/g
  return [...text.matchAll(before), ...text.matchAll(behind)].map(([, name = '']) => name)
}
