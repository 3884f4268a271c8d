import type {ShellState} from './state.ts'
import type {Command, List, Word} from './syntax.ts'

/** On the way that a condition leads to: `[ "$CODE" != 0 ]` and the like say what a variable is not. */
export function assume(state: ShellState, condition: List): void {
  const last = condition.at(-1)?.command
  if (last) assumeCommand(state, last)
}

function assumeCommand(state: ShellState, command: Command): void {
  if (command.kind === 'and-or') {
    if (command.rest.some(({operator}) => operator !== '&&')) return
    for (const one of [command.first, ...command.rest.map(tail => tail.command)]) assumeCommand(state, one)
  }
  if (command.kind === 'test') assumeWords(state, command.words)
  if (command.kind !== 'simple') return
  const name = command.words[0]?.text
  if (name === '[') assumeWords(state, command.words.slice(1, -1))
  if (name === 'test') assumeWords(state, command.words.slice(1))
}

function assumeWords(state: ShellState, words: readonly Word[]): void {
  const [left, operator, right, ...others] = words
  if (!left || !operator || right?.text !== '0' || others.length > 0) return
  if (!['!=', '-ne', '-gt'].includes(operator.text)) return
  const [part, ...rest] = left.parts.filter(one => one.kind !== 'literal' || one.text !== '')
  if (part?.kind !== 'parameter' || part.operator !== undefined || rest.length > 0) return
  const value = state.vars.get(part.name)
  if (typeof value === 'object' && !value.oneOf) state.vars.set(part.name, {...value, not: '0'})
}
