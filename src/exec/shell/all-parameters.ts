import {check} from '../budget.ts'
import {isAlmquist} from './dialect.ts'
import {joined, type Stretch} from './fields.ts'
import type {ShellState, Value} from './state.ts'
import type {WordPart} from './syntax.ts'
import {readVariable} from './variables.ts'

type Parameter = Extract<WordPart, {kind: 'parameter'}>

/** What one part of a word, or one of the parameters, takes, in steps of work. */
export const PART = 20

/** `$@` and `$*`. */
export function expandAll(part: Parameter, state: ShellState): Stretch[] {
  if (!state.params) return [{value: {unknown: `"$${part.name}"`}, split: true}]
  return spread(state.params, part.name === '*', part.quoted, state)
}

/** Values as words of their own; those of a quoted `*` as one. */
export function spread(values: readonly Value[], isStar: boolean, quoted: boolean, state: ShellState): Stretch[] {
  const {budget} = state
  check('words', values.length)
  budget.charge('work', PART * values.length)
  if (isStar && quoted) {
    const ifs = readVariable(state, 'IFS') ?? ' '
    const between: Value = typeof ifs === 'string' ? ifs.slice(0, 1) : {unknown: '"$*"'}
    const spaced = values.flatMap((value, index) => (index === 0 ? [value] : [between, value]))
    return [{value: joined(spaced, budget), split: false}]
  }
  return values.map((value, index) => ({value, split: !quoted, ...(index > 0 ? {breaksBefore: true} : {})}))
}

/**
 * What `${@:-word}` and its like come to: the parameters, each a word of its own, or the word. To dash and ash all
 * parameters are set, be there none; to bash they are not then. They are empty where there is none, or one that is.
 * Undefined of other parameters, and where it is not known: measured with bash 5.2, dash 0.5.12 and busybox 1.38.
 */
export function chooseAll({name, operator = ''}: Parameter, state: ShellState): 'parameters' | 'word' | undefined {
  const {params, dialect} = state
  if ((name !== '@' && name !== '*') || !params || !/^:?[-+=?]$/.test(operator)) return undefined
  const [only] = params
  if (params.length === 1 && typeof only !== 'string') return undefined
  const isSet = params.length > 0 || isAlmquist(dialect)
  const isEmpty = params.length === 0 || (params.length === 1 && only === '')
  const isThere = operator.startsWith(':') ? !isEmpty : isSet
  if (operator.endsWith('+')) return isThere ? 'word' : 'parameters'
  if (isThere) return 'parameters'
  return operator.endsWith('-') ? 'word' : undefined
}

/** Parameters as an expansion with an operator gives them: of none dash and ash make an empty word. */
export function spreadAll(params: readonly Value[], {name, quoted}: Parameter, state: ShellState): Stretch[] {
  return params.length === 0 && isAlmquist(state.dialect)
    ? [{value: '', split: !quoted}]
    : spread(params, name === '*', quoted, state)
}

/** Parameters that something is taken from: bash takes it from each, dash and ash at the end of all together. */
export function trimAll(
  params: readonly Value[],
  operator: string,
  trim: (value: Value) => Value,
  {dialect}: ShellState,
): readonly Value[] {
  if (!isAlmquist(dialect)) return params.map(trim)
  const end = operator.startsWith('#') ? 0 : params.length - 1
  return params.map((value, index) => (index === end ? trim(value) : value))
}
