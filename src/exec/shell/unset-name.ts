import type {ShellState} from './state.ts'
import type {SimpleCommand} from './syntax.ts'
import {readVariable} from './variables.ts'

/** The word that names the program, where it has a variable in it that nothing sets. */
export function findDoubt({words}: SimpleCommand, state: ShellState): string | undefined {
  const name = words.find(
    ({text}, index) => !(index === 0 && text === 'exec') && text !== 'command' && !text.startsWith('-'),
  )
  const parts = name?.parts ?? []
  // `exec $WRAPPER program`: what is not quoted, and not set, is not a word.
  const [only] = parts
  const isPrefix = parts.length === 1 && only?.kind === 'parameter' && !only.quoted && name !== words.at(-1)
  const isDoubtful = parts.some(
    part => part.kind === 'parameter' && part.operator === undefined && isUnset(part.name, state) && !isPrefix,
  )
  return isDoubtful ? name?.text : undefined
}

function isUnset(name: string, state: ShellState): boolean {
  if (/^[1-9]/.test(name)) return state.params !== undefined && state.params[Number(name) - 1] === undefined
  if (!/^[A-Za-z_]/.test(name)) return false
  const value = readVariable(state, name)
  return value === undefined || (typeof value === 'object' && value.mayBeUnset === true)
}
