import {check} from '../budget.ts'
import type {ShellState, Value} from './state.ts'
import {readVariable} from './variables.ts'

/** What one of bash's expansions of several values comes to: words of their own, or one value. */
export type Expanded = {readonly words: readonly Value[]} | {readonly value: Value}

/** Arrays that bash keeps itself, of what is not followed. */
const KEPT_BY_BASH = new Set(
  'PIPESTATUS BASH_REMATCH BASH_LINENO BASH_ARGV BASH_ARGC BASH_VERSINFO DIRSTACK GROUPS COMP_WORDS MAPFILE'.split(' '),
)

/**
 * bash's expansions of arrays and of lists, by their text: `${a[@]}`, `${a[@]:1}`, `${a[0]}`, `${#a[@]}`, `${!a[@]}`,
 * `${@:2}`, `${#@}` and `${!PREFIX@}`, the names that begin so. Undefined for another text, and for one that is not
 * known.
 */
export function expandArray(text: string, state: ShellState): Expanded | undefined {
  if (!state.hasArrays) return undefined
  const inside = /^\$\{(.*)\}$/s.exec(text)?.[1] ?? ''
  const [, all, , from, count] = /^([A-Za-z_]\w*)\[([@*])\](?::(\d+)(?::(\d+))?)?$/.exec(inside) ?? []
  if (all !== undefined) return asWords(slice(readArray(state, all), from, count))
  const [, first, length] = /^[@*]:(\d+)(?::(\d+))?$/.exec(inside) ?? []
  if (first !== undefined) return asWords(state.params && slice([state.name, ...state.params], first, length))
  const counted = /^#(?:([A-Za-z_]\w*)\[[@*]\]|[@*])$/.exec(inside)
  if (counted) {
    const elements = counted[1] === undefined ? state.params : readArray(state, counted[1])
    return elements && {value: String(elements.length)}
  }
  const [, element, index] = /^([A-Za-z_]\w*)\[(-?\d+)\]$/.exec(inside) ?? []
  if (element !== undefined) {
    const elements = readArray(state, element)
    return elements && {value: elements.at(Number(index)) ?? ''}
  }
  const [, indexed] = /^!([A-Za-z_]\w*)\[[@*]\]$/.exec(inside) ?? []
  if (indexed !== undefined) return asWords(readArray(state, indexed)?.map((_, at) => String(at)))
  const [, prefix] = /^!([A-Za-z_]\w*)[@*]$/.exec(inside) ?? []
  if (prefix === undefined || state.opaque) return undefined
  state.budget.charge('work', state.vars.size)
  return asWords([...state.vars.keys()].filter(name => name.startsWith(prefix)).sort())
}

/** Whether an expansion in double quotes is as many words as there are values, none as well: like "$@". */
export function isList(text: string): boolean {
  return /^\$\{(?:!?[A-Za-z_]\w*\[@\](?::.*)?|!?[A-Za-z_]\w*@|@:.*)\}$/s.test(text)
}

function asWords(words: readonly Value[] | undefined): Expanded | undefined {
  return words && {words}
}

function slice(elements: readonly Value[] | undefined, from = '0', count?: string): readonly Value[] | undefined {
  return elements?.slice(Number(from), count === undefined ? undefined : Number(from) + Number(count))
}

/** The elements of an array, or the one value of a variable; undefined where they are not known. */
export function readArray(state: ShellState, name: string): readonly Value[] | undefined {
  if (name === 'FUNCNAME') return callers(state)
  if (name === 'BASH_SOURCE') return [...state.frames.map(({source}) => source), state.name]
  if (KEPT_BY_BASH.has(name)) return undefined
  const value = readVariable(state, name)
  if (state.arrays.has(name)) {
    const elements = state.arrays.get(name)
    // What set the variable since has not set the array.
    return elements !== undefined && elements[0] === value ? elements : undefined
  }
  if (typeof value === 'object' && value.oneOf === undefined) return undefined
  return value === undefined ? [] : [value]
}

/** FUNCNAME: the functions and the files that are read in, the innermost first; `main` below them where a file runs. */
function callers({frames, isFile}: ShellState): readonly Value[] {
  const names = frames.map(({name}) => name)
  return names.length > 0 && isFile ? [...names, 'main'] : names
}

/** `name=(…)` and `name+=(…)`; where the elements are not known, nothing is known of the array. */
export function assignArray(
  state: ShellState,
  name: string,
  added: readonly Value[] | undefined,
  append: boolean,
): void {
  const before = append ? readArray(state, name) : []
  const isKnown = added?.every(value => typeof value === 'string' || !value.isWords)
  const elements = before && added && isKnown ? [...before, ...added] : undefined
  check('words', elements?.length ?? 0)
  state.budget.charge('work', elements?.length ?? 0)
  state.arrays.set(name, elements)
  if (elements?.length === 0) state.vars.delete(name)
  else state.vars.set(name, elements?.[0] ?? {unknown: `$${name}`})
}
