import {defined} from '../../lib/defined.ts'
import {type Budget, check} from '../budget.ts'
import {joinValues, mapValue} from '../world/value.ts'
import {evaluateArithmetic} from './arithmetic.ts'
import {type PatternPiece, removeMatch} from './pattern.ts'
import {readVariable, type ShellState, type Value} from './state.ts'
import type {List, Word, WordPart} from './syntax.ts'
import {transformParameter} from './transform.ts'

/** What command substitutions come to: the evaluator's, which stands above this file. */
export type Substitute = (body: List, state: ShellState) => Promise<Value>

/** A stretch of an expanded word: `split` says that field splitting applies to it. */
interface Stretch {
  readonly value: Value
  readonly split: boolean
  /** A field ends before this stretch: between the parameters of "$@". */
  readonly breaksBefore?: boolean
}

/** What one part of a word takes, in steps of work. */
const PART = 20

const BASH_SOURCE = '$' + '{BASH_SOURCE[0]}'

/** The fields that a word of a command becomes, XCU 2.6; pathname expansion is left to the run. */
export async function expandWord(word: Word, state: ShellState, substitute: Substitute): Promise<Value[]> {
  const stretches: Stretch[] = []
  if (isGlob(word)) {
    const below = await globDirectory(word, state, substitute)
    // Where nothing can match, the pattern stays what it is.
    const isNone = below !== undefined && (await state.look('-d', below, state)) === 'failure'
    if (isNone && state.nullglob) return []
    const plain = isNone ? await expandToValue(word, state, substitute) : undefined
    return typeof plain === 'string' ? [plain] : [{unknown: word.text, isWords: true, ...defined({below})}]
  }
  for (const part of word.parts) {
    stretches.push(...(await expandPart(part, state, substitute)))
    check('words', stretches.length)
  }
  if (
    word.parts.some(
      part => part.kind === 'literal' && !part.quoted && part.text.startsWith('{') && part.text.includes(','),
    )
  ) {
    return [{unknown: word.text}]
  }
  return splitFields(tilde(word, stretches, state), state)
}

/**
 * A word that the files of the run would change. A JSON array, which is what Dockerfiles often have here, matches none.
 */
function isGlob({parts, text}: Word): boolean {
  const plain = parts.flatMap(part => (part.kind === 'literal' && !part.quoted ? [part.text] : []))
  if (plain.some(piece => piece.includes('*') || piece.includes('?'))) return true
  const isArray = text.startsWith('["') || text.startsWith("['")
  return plain.some(piece => piece.includes('[')) && text.indexOf(']') > text.indexOf('[') + 1 && !isArray
}

/** The directory that all files of a pattern are in, or below; undefined where only the run knows it. */
async function globDirectory({parts}: Word, state: ShellState, substitute: Substitute): Promise<string | undefined> {
  let known = ''
  for (const part of parts) {
    const pieces = await expandPart(part, state, substitute)
    const value = joined(
      pieces.map(piece => piece.value),
      state.budget,
    )
    if (typeof value !== 'string') return undefined
    const at = part.kind === 'literal' && !part.quoted ? value.search(/[*?[]/) : -1
    known += at < 0 ? value : value.slice(0, at)
    if (at >= 0) break
  }
  return known.includes('/') ? known.slice(0, known.lastIndexOf('/')) || '/' : '.'
}

/** The one string that a word of an assignment, a `case` or a redirection becomes: nothing is split. */
export async function expandToValue(word: Word, state: ShellState, substitute: Substitute): Promise<Value> {
  const stretches: Stretch[] = []
  for (const part of word.parts) stretches.push(...(await expandPart(part, state, substitute)))
  return joined(
    tilde(word, stretches, state).map(({value, breaksBefore}) =>
      breaksBefore && typeof value === 'string' ? ` ${value}` : value,
    ),
    state.budget,
  )
}

/**
 * A word as a pattern: what was quoted, or came out of quotes, stands for itself. Undefined where a part is not known.
 */
export async function expandPattern(
  word: Word,
  state: ShellState,
  substitute: Substitute,
): Promise<PatternPiece[] | undefined> {
  const pieces: PatternPiece[] = []
  for (const part of word.parts) {
    if (part.kind === 'opaque') return undefined
    for (const {value, split} of await expandPart(part, state, substitute)) {
      if (typeof value !== 'string') return undefined
      pieces.push({text: value, literal: part.kind === 'literal' ? part.quoted : !split})
    }
  }
  return pieces
}

async function expandPart(part: WordPart, state: ShellState, substitute: Substitute): Promise<Stretch[]> {
  state.budget.charge('work', PART)
  switch (part.kind) {
    case 'literal':
      return [{value: part.text, split: false}]
    case 'parameter':
      return expandParameter(part, state, substitute)
    case 'command':
      return [{value: await substitute(part.body, state), split: !part.quoted}]
    case 'arithmetic':
      return [{value: await expandArithmetic(part.expression, state, substitute), split: !part.quoted}]
    case 'opaque':
      // The path of the script itself, as most scripts write it.
      if (part.text === BASH_SOURCE) return [{value: state.name, split: !part.quoted}]
      return [{value: transformParameter(part.text, state) ?? {unknown: part.text}, split: !part.quoted}]
  }
}

/** `$((…))`; what it assigns is assigned, or unknown where its value is. */
export async function expandArithmetic(expression: Word, state: ShellState, substitute: Substitute): Promise<Value> {
  const text = await expandToValue(expression, state, substitute)
  const written = typeof text === 'string' ? text : expression.text
  const value =
    typeof text === 'string'
      ? evaluateArithmetic(text, {
          read: name => readVariable(state, name),
          set: (name, assigned) => state.vars.set(name, assigned),
        })
      : undefined
  if (value !== undefined) return String(value)
  for (const [, before, after] of written.matchAll(
    /([A-Za-z_]\w*)\s*(?:[-+*/%&|^]|<<|>>)?=(?!=)|(?:\+\+|--)\s*([A-Za-z_]\w*)/g,
  )) {
    const name = before ?? after ?? ''
    state.vars.set(name, {unknown: `$${name}`})
  }
  for (const [, name = ''] of written.matchAll(/([A-Za-z_]\w*)(?:\+\+|--)/g))
    state.vars.set(name, {unknown: `$${name}`})
  return {unknown: `$((${expression.text}))`}
}

type Parameter = Extract<WordPart, {kind: 'parameter'}>

async function expandParameter(part: Parameter, state: ShellState, substitute: Substitute): Promise<Stretch[]> {
  const split = !part.quoted
  if ((part.name === '@' || part.name === '*') && part.operator === undefined) return expandAll(part, state)
  const value = readParameter(part.name, state)
  const {operator, operand} = part
  if (operator === undefined || !operand) return [{value: value ?? '', split: split && part.name !== '?'}]
  if (operator.startsWith('#') || operator.startsWith('%')) {
    const pattern = await expandPattern(operand, state, substitute)
    if (!pattern) return [{value: {unknown: `\${${part.name}}`}, split}]
    return [{value: mapValue(value ?? '', text => removeMatch(text, operator, pattern, state.budget)), split}]
  }
  if (typeof value === 'object' && !isPresent(value)) return [{value, split}]
  const missing = value === undefined || (operator.startsWith(':') && value === '')
  const other = async (): Promise<Stretch[]> => {
    const stretches: Stretch[] = []
    for (const piece of operand.parts) {
      const pieces = await expandPart(piece, state, substitute)
      // What the operand says in plain letters is split like the value would be: ${ARGS:---one --two}.
      stretches.push(...pieces.map(one => (piece.kind === 'literal' ? {...one, split: split && !piece.quoted} : one)))
    }
    return stretches
  }
  switch (operator.at(-1)) {
    case '+':
      return missing ? [{value: '', split}] : other()
    case '=': {
      if (!missing) return [{value: value ?? '', split}]
      const assigned = joined(
        (await other()).map(stretch => stretch.value),
        state.budget,
      )
      state.vars.set(part.name, assigned)
      return [{value: assigned, split}]
    }
    case '?':
      return [{value: missing ? {unknown: `\${${part.name}}`} : (value ?? ''), split}]
    default:
      return missing ? other() : [{value: value ?? '', split}]
  }
}

/** Whether a value that is not known is certain not to be empty. */
function isPresent({oneOf, not}: Exclude<Value, string>): boolean {
  return not === '' || oneOf?.every(text => text !== '') === true
}

/** `$@` and `$*`. */
function expandAll(part: Parameter, state: ShellState): Stretch[] {
  if (!state.params) return [{value: {unknown: `"$${part.name}"`}, split: true}]
  check('words', state.params.length)
  state.budget.charge('work', PART * state.params.length)
  if (part.name === '*' && part.quoted) {
    const spaced = state.params.flatMap((value, index) => (index === 0 ? [value] : [' ', value]))
    return [{value: joined(spaced, state.budget), split: false}]
  }
  return state.params.map((value, index) => ({value, split: !part.quoted, ...(index > 0 ? {breaksBefore: true} : {})}))
}

/** Undefined where the parameter is not set. */
function readParameter(name: string, state: ShellState): Value | undefined {
  if (name === '0') return state.name
  if (/^\d+$/.test(name)) return state.params ? state.params[Number(name) - 1] : {unknown: `$${name}`}
  if (name === '#') return state.params ? String(state.params.length) : {unknown: '$#'}
  if (name === '@' || name === '*') {
    return state.params ? (state.params.length > 0 ? joined(state.params, state.budget) : undefined) : {unknown: '$@'}
  }
  if (name === '?')
    return state.last === 'success' ? '0' : {unknown: '$?', ...(state.last === 'failure' ? {not: '0'} : {})}
  if ('$!-'.includes(name)) return {unknown: `$${name}`}
  if (name === 'BASH_SOURCE') return state.name
  return readVariable(state, name)
}

function tilde(word: Word, stretches: readonly Stretch[], state: ShellState): readonly Stretch[] {
  const [first] = word.parts
  if (first?.kind !== 'literal' || first.quoted || !first.text.startsWith('~')) return stretches
  const home = readVariable(state, 'HOME') ?? {unknown: '~'}
  if (first.text !== '~' && !first.text.startsWith('~/')) return [{value: {unknown: word.text}, split: false}]
  return [{value: home, split: false}, {value: first.text.slice(1), split: false}, ...stretches.slice(1)]
}

function splitFields(stretches: readonly Stretch[], state: ShellState): Value[] {
  const ifs = state.vars.get('IFS')
  const separators = typeof ifs === 'string' ? ifs : ' \t\n'
  state.budget.charge('work', separators.length)
  const isSeparator = new Set(separators)
  const fields: Value[] = []
  let current: Value[] | undefined
  const add = (value: Value) => {
    if (current) current.push(value)
    else current = [value]
  }
  const end = () => {
    if (current) fields.push(joined(current, state.budget))
    current = undefined
    check('words', fields.length)
  }
  for (const {value, split, breaksBefore} of stretches) {
    if (breaksBefore) end()
    if (!split) {
      add(value)
      continue
    }
    if (typeof value !== 'string') {
      // One word of each alternative, or nobody knows how many.
      const isOne = value.oneOf?.every(text => text !== '' && ![...text].some(letter => isSeparator.has(letter)))
      add(isOne ? value : {unknown: value.unknown, isWords: true})
      continue
    }
    state.budget.charge('work', value.length)
    let piece = ''
    for (const character of value) {
      if (!isSeparator.has(character)) {
        piece += character
        continue
      }
      if (piece !== '') add(piece)
      // A separator that is no blank makes a field even where nothing stands before it.
      if (!' \t\n'.includes(character)) current ??= ['']
      end()
      piece = ''
    }
    if (piece !== '') add(piece)
  }
  end()
  return fields
}

function joined(values: readonly Value[], budget: Budget): Value {
  budget.chargeValue(values.reduce((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0))
  const words = values.find(value => typeof value === 'object' && value.isWords)
  return words ?? joinValues(values)
}
