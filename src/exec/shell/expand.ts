import {check} from '../budget.ts'
import {mapValue} from '../world/value.ts'
import {chooseAll, expandAll, PART, spread, spreadAll, trimAll} from './all-parameters.ts'
import {expandArray, isList, readArray} from './arrays.ts'
import {expandBraces} from './braces.ts'
import {calculate} from './calculate.ts'
import {chooseDefault, settled} from './defaults.ts'
import {type Dialect, isAlmquist, isBash} from './dialect.ts'
import {joined, type Piece, type Stretch, splitFields} from './fields.ts'
import {park} from './join.ts'
import {isPattern} from './match-files.ts'
import {directoryOfPattern, expandPathname} from './pathname-expansion.ts'
import {type PatternPiece, removeMatch} from './pattern.ts'
import {type ShellState, setParams, type Value} from './state.ts'
import type {List, Word, WordPart} from './syntax.ts'
import {withTildesBehindName} from './tildes.ts'
import {isBadSubstitution, transformParameter} from './transform.ts'
import {readVariable} from './variables.ts'

/** What command substitutions come to: the evaluator's, which stands above this file. */
export type Substitute = (body: List, state: ShellState) => Promise<Value>

/** The fields that a word of a command becomes, XCU 2.6; pathname expansion is left to the run. */
export async function expandWord(word: Word, state: ShellState, substitute: Substitute): Promise<Value[]> {
  const {dialect} = state
  // dash and ash have no braces; of other shells it is not known.
  const words = isAlmquist(dialect) ? [word] : expandBraces(word, state.budget)
  if (!words || (dialect === undefined && words[0] !== word)) return [{unknown: word.text, isWords: true}]
  const fields: Value[] = []
  for (const one of words) {
    fields.push(...(await expandFields(dialect === 'bash' ? withTildesBehindName(one) : one, state, substitute)))
    check('words', fields.length)
  }
  return fields
}

async function expandFields(word: Word, state: ShellState, substitute: Substitute): Promise<Value[]> {
  const stretches: Stretch[] = []
  for (const part of word.parts) {
    stretches.push(...(await expandPart(part, state, substitute)))
    check('words', stretches.length)
  }
  // A JSON array, which is what Dockerfiles often have here, matches no file.
  const isArray = word.text.startsWith('["') || word.text.startsWith("['")
  const fields: Value[] = []
  for (const pieces of splitFields(tilde(word, stretches, state), state)) {
    const whole = joined(
      pieces.map(({value}) => value),
      state.budget,
    )
    fields.push(...(state.noglob || isArray ? [whole] : await expandField(pieces, whole, word, state)))
    check('words', fields.length)
  }
  return fields
}

/** The files that a field matches; itself where it is not a pattern. */
async function expandField(
  pieces: readonly Piece[],
  whole: Value,
  {text, parts}: Word,
  state: ShellState,
): Promise<readonly Value[]> {
  const known: PatternPiece[] = []
  for (const {value, quoted} of pieces) {
    if (typeof value !== 'string') break
    known.push({text: value, literal: quoted})
  }
  if (known.length < pieces.length) {
    // What is behind a value that only the run knows may be a pattern all the same.
    const isOpen = pieces.some(({value, quoted}) => !quoted && typeof value === 'string' && /[*?]/.test(value))
    if (!isOpen) return [whole]
    return [{unknown: text, isWords: true, ...(isPattern(known) ? {below: directoryOfPattern(known)} : {})}]
  }
  const pattern = isPattern(known) ? withCarets(known, state.dialect) : undefined
  if (!pattern || typeof whole !== 'string') return [whole]
  const isWritten = parts.some(part => part.kind === 'literal' && !part.quoted && /[*?[]/.test(part.text))
  return expandPathname(pattern, state, {text, none: state.nullglob ? [] : [whole], isWritten})
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
  return withCarets(pieces, state.dialect)
}

/**
 * `[^a]`: bash and busybox' ash take the caret for `!`, dash for a letter; XCU 2.14 leaves it open. Undefined where it
 * is not known which shell reads it.
 */
function withCarets(pieces: readonly PatternPiece[], dialect: Dialect | undefined): PatternPiece[] | undefined {
  const hasCarets = pieces.some(({text, literal}) => !literal && text.includes('[^'))
  if (!hasCarets || isBash(dialect) || dialect === 'ash') return [...pieces]
  if (dialect === undefined) return undefined
  return pieces.flatMap(piece => {
    if (piece.literal) return [piece]
    const [first = '', ...others] = piece.text.split('[^')
    const rest = others.flatMap(text => [
      {text: '[', literal: false},
      {text: '^', literal: true},
      {text, literal: false},
    ])
    return [{text: first, literal: false}, ...rest]
  })
}

async function expandPart(part: WordPart, state: ShellState, substitute: Substitute): Promise<Stretch[]> {
  state.budget.charge('work', PART)
  switch (part.kind) {
    case 'literal':
      // dash knows no $'…': the dollar is a letter.
      return [
        {
          value: state.dialect === 'dash' ? (part.ofDash ?? part.text) : part.text,
          split: false,
          isPlain: !part.quoted,
        },
      ]
    case 'parameter':
      return expandParameter(part, state, substitute)
    case 'command':
      return [{value: await substitute(part.body, state), split: !part.quoted}]
    case 'arithmetic':
      return [{value: await expandArithmetic(part.expression, state, substitute), split: !part.quoted}]
    case 'opaque': {
      if (isBadSubstitution(part.text, state.dialect)) state.flow = 'exit-failure'
      const list = expandArray(part.text, state)
      if (list)
        return 'words' in list
          ? spread(list.words, part.text.includes('*'), part.quoted, state)
          : [{value: list.value, split: !part.quoted}]
      return [{value: transformParameter(part.text, state) ?? unreadOpaque(part), split: !part.quoted}]
    }
  }
}

/** Whether nothing runs for it, and it sets nothing. */
function isPlainPart(part: WordPart): boolean {
  return part.kind === 'literal' || (part.kind === 'parameter' && part.operator === undefined)
}

/** `$((…))`. */
export async function expandArithmetic(expression: Word, state: ShellState, substitute: Substitute): Promise<Value> {
  return calculate(await expandToValue(expression, state, substitute), expression.text, state)
}

type Parameter = Extract<WordPart, {kind: 'parameter'}>

async function expandParameter(part: Parameter, state: ShellState, substitute: Substitute): Promise<Stretch[]> {
  const split = !part.quoted
  if (part.isIndirect) {
    if (isAlmquist(state.dialect)) state.flow = 'exit-failure'
    const {isIndirect: _, ...direct} = part
    const name = readParameter(part.name, state)
    if (typeof name === 'string' && isParameterName(name)) return expandParameter({...direct, name}, state, substitute)
    return [{value: {unknown: `\${!${part.name}}`}, split}]
  }
  const isAll = part.name === '@' || part.name === '*'
  if (isAll && part.operator === undefined) return expandAll(part, state)
  const value = readParameter(part.name, state) ?? requireParameter(part, state)
  if (typeof value === 'object' && value.mayBeUnset) requireParameter(part, state)
  const {operator, operand} = part
  if (operator === undefined || !operand) return [{value: settled(value ?? ''), split: split && part.name !== '?'}]
  if (operator.startsWith('#') || operator.startsWith('%')) {
    const pattern = await expandPattern(operand, state, substitute)
    if (!pattern) return [{value: {unknown: `\${${part.name}}`}, split}]
    const trim = (from: Value) => mapValue(from, text => removeMatch(text, operator, pattern, state.budget))
    if (isAll && state.params) return spreadAll(trimAll(state.params, operator, trim, state), part, state)
    return [{value: trim(value ?? ''), split}]
  }
  const other = async (): Promise<Stretch[]> => {
    const stretches: Stretch[] = []
    for (const piece of operand.parts) {
      const pieces = await expandPart(piece, state, substitute)
      // What the operand says in plain letters is split like the value would be: ${ARGS:---one --two}.
      stretches.push(...pieces.map(one => (piece.kind === 'literal' ? {...one, split: split && !piece.quoted} : one)))
    }
    return stretches
  }
  const operandValue = async () =>
    joined(
      (await other()).map(stretch => stretch.value),
      state.budget,
    )
  const choice = chooseAll(part, state)
  if (choice !== undefined) return choice === 'word' ? other() : spreadAll(state.params ?? [], part, state)
  if (typeof value === 'object' && !isPresent(value)) {
    const chosen = await chooseDefault(value, operator, operandValue, operand.parts.every(isPlainPart))
    if (operator.endsWith('=')) state.vars.set(part.name, chosen ?? {unknown: value.unknown})
    return [{value: chosen ?? settled(value), split}]
  }
  const missing = value === undefined || (operator.startsWith(':') && value === '')
  switch (operator.at(-1)) {
    case '+':
      return missing ? [{value: '', split}] : other()
    case '=': {
      if (!missing) return [{value: value ?? '', split}]
      const assigned = await operandValue()
      state.vars.set(part.name, assigned)
      return [{value: assigned, split}]
    }
    case '?':
      return [{value: missing ? {unknown: `\${${part.name}}`} : (value ?? ''), split}]
    default:
      return missing ? other() : [{value: value ?? '', split}]
  }
}

/** `set -u`, XCU 2.5.3: the shell ends, unless the parameter is given to the container. */
function requireParameter({name, operator}: Parameter, state: ShellState): Value | undefined {
  const isGuarded = operator !== undefined && !/^[#%]/.test(operator)
  if (!state.nounset || isGuarded || name === '@' || name === '*') return undefined
  park(state, state, 'exit-failure')
  const value = {unknown: `$${name}`}
  if (/^\d/.test(name)) setParams(state, undefined)
  else state.vars.set(name, value)
  return value
}

/** Whether a value that is not known is certain not to be empty. */
function isPresent({oneOf, not, mayBeUnset}: Exclude<Value, string>): boolean {
  return not === '' || (oneOf?.every(text => text !== '') === true && !mayBeUnset)
}

/** What is not evaluated: of a list it is not known how many words it is. */
function unreadOpaque({text}: {readonly text: string}): Value {
  return isList(text) ? {unknown: text, isWords: true} : {unknown: text}
}

function isParameterName(name: string): boolean {
  return /^(?:[A-Za-z_]\w*|\d+|[@*])$/.test(name)
}

/** Undefined where the parameter is not set. */
function readParameter(name: string, state: ShellState): Value | undefined {
  if (name === '0') return state.name
  if (/^\d+$/.test(name)) return state.params ? state.params[Number(name) - 1] : {unknown: `$${name}`}
  if (name === '#') {
    const isOpen = state.params?.some(param => typeof param === 'object' && param.isOpen) ?? true
    return state.params && !isOpen ? String(state.params.length) : {unknown: '$#'}
  }
  if (name === '@' || name === '*') {
    return state.params ? (state.params.length > 0 ? joined(state.params, state.budget) : undefined) : {unknown: '$@'}
  }
  if (name === '?')
    return state.last === 'success' ? '0' : {unknown: '$?', ...(state.last === 'failure' ? {not: '0'} : {})}
  if ('$!-'.includes(name)) return {unknown: `$${name}`}
  if (name === 'BASH_SOURCE' || name === 'FUNCNAME') return readArray(state, name)?.[0]
  return readVariable(state, name)
}

function tilde(word: Word, stretches: readonly Stretch[], state: ShellState): readonly Stretch[] {
  const [first] = word.parts
  if (first?.kind !== 'literal' || first.quoted || !first.text.startsWith('~')) return stretches
  const home = readVariable(state, 'HOME') ?? {unknown: '~'}
  if (first.text !== '~' && !first.text.startsWith('~/')) return [{value: {unknown: word.text}, split: false}]
  return [{value: home, split: false}, {value: first.text.slice(1), split: false, isPlain: true}, ...stretches.slice(1)]
}
