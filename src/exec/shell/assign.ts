import {check} from '../budget.ts'
import {assignArray} from './arrays.ts'
import type {Evaluator} from './evaluator.ts'
import {expandToValue, expandWord} from './expand.ts'
import {forgetPlaces} from './places.ts'
import type {ShellState, Value} from './state.ts'
import type {Assignment, Word} from './syntax.ts'
import {withTildes, withTildesBehindName} from './tildes.ts'

/** `name=value`, `name=(…)`, with `+=` too; of an element of an array it is not followed. */
export async function assign(evaluator: Evaluator, assignment: Assignment, state: ShellState): Promise<void> {
  const {name, append, value, elements} = assignment
  if (elements) return assignArray(state, name, await expandAllWords(evaluator, elements, state), append)
  const isElement = value === undefined
  if (isElement) state.arrays.set(name, undefined)
  const before = append ? (state.vars.get(name) ?? '') : ''
  const added: Value = value
    ? await expandToValue(withTildes(value), state, evaluator.substitute)
    : {unknown: `$${name}`}
  const known = typeof before === 'string' && typeof added === 'string'
  if (known) state.budget.chargeValue(before.length + added.length)
  state.vars.set(name, known ? before + added : typeof added === 'string' ? before : added)
  if (state.allexport) state.exported.add(name)
  if (name === 'PATH') forgetPlaces(state)
}

/** Undefined where an element says which index it is for: `([1]=a [2]=b)`. */
async function expandAllWords(
  evaluator: Evaluator,
  words: readonly Word[],
  state: ShellState,
): Promise<readonly Value[] | undefined> {
  const values: Value[] = []
  for (const word of words) {
    if (/^\[[^\]]*\]\+?=/.test(word.text)) return undefined
    values.push(...(await expandWord(word, state, evaluator.substitute)))
    check('words', values.length)
  }
  return values
}

/** `NAME=$(…)`, `"$NAME"=$(…)`: keeps the name with the unknown. */
export async function expandDeclared(evaluator: Evaluator, declared: Word, state: ShellState): Promise<Value> {
  const word = withTildesBehindName(declared)
  const value = await expandToValue(word, state, evaluator.substitute)
  if (typeof value === 'string') return value
  let known = ''
  for (const part of word.parts) {
    const isPlain = part.kind === 'literal' || part.kind === 'parameter'
    const piece = isPlain ? await expandToValue({parts: [part], text: word.text}, state, evaluator.substitute) : value
    if (typeof piece !== 'string') break
    known += piece
    if (known.includes('=')) break
  }
  return {unknown: known.includes('=') ? known : word.text}
}
