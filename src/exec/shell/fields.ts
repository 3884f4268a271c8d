import {type Budget, check} from '../budget.ts'
import {anyOr, joinValues, textsOf} from '../world/value.ts'
import type {ShellState, Value} from './state.ts'

/** A stretch of an expanded word: `split` says that field splitting applies to it. */
export interface Stretch {
  readonly value: Value
  readonly split: boolean
  /** Plain text of the script: its `*`, `?` and `[` are looked for among the files, as those of what is split are. */
  readonly isPlain?: boolean
  /** A field ends before this stretch: between the parameters of "$@". */
  readonly breaksBefore?: boolean
}

/** One piece of a field: `quoted` says that each of its letters stands for itself. */
export interface Piece {
  readonly value: Value
  readonly quoted: boolean
}

/** Field splitting, XCU 2.6.5: the pieces of each field. */
export function splitFields(stretches: readonly Stretch[], state: ShellState): (readonly Piece[])[] {
  const ifs = state.vars.get('IFS')
  const separators = typeof ifs === 'string' ? ifs : ' \t\n'
  state.budget.charge('work', separators.length)
  const isSeparator = new Set(separators)
  const fields: (readonly Piece[])[] = []
  let current: Piece[] | undefined
  const add = (value: Value, quoted = false) => {
    if (current) current.push({value, quoted})
    else current = [{value, quoted}]
  }
  const end = () => {
    if (current) fields.push(current)
    current = undefined
    check('words', fields.length)
  }
  for (const {value, split, isPlain, breaksBefore} of stretches) {
    if (breaksBefore) end()
    if (!split) {
      add(value, !isPlain)
      continue
    }
    if (typeof value !== 'string') {
      // One word for each alternative, or an unknown number.
      const isOne = value.oneOf?.every(text => isOneWord(text, isSeparator))
      const not = value.not === '0' ? {not: value.not} : {}
      const perhaps = (value.perhaps ?? value.oneOf)?.filter(text => isOneWord(text, isSeparator))
      add(isOne ? value : {...anyOr(perhaps ?? [], value.unknown), isWords: true, ...not})
      continue
    }
    state.budget.charge('work', value.length)
    let [start, at] = [0, 0]
    // A separator that is not a blank makes a field even where nothing stands before
    // it; blanks around it are part of it.
    let isEnded = false
    for (const character of value) {
      at += character.length
      if (!isSeparator.has(character)) continue
      const piece = value.slice(start, at - character.length)
      start = at
      if (piece !== '') add(piece)
      const isBlank = ' \t\n'.includes(character)
      if (piece !== '' || current) isEnded = false
      if (!isBlank && !isEnded) current ??= [{value: '', quoted: true}]
      isEnded = isBlank ? isEnded || current !== undefined : false
      end()
    }
    if (start < value.length) add(value.slice(start))
  }
  end()
  return fields
}

function isOneWord(text: string, isSeparator: ReadonlySet<string>): boolean {
  return text !== '' && ![...text].some(letter => isSeparator.has(letter))
}

/** Values as one; any number of words stays that. */
export function joined(values: readonly Value[], budget: Budget): Value {
  budget.chargeValue(values.reduce((sum, value) => sum + Math.max(0, ...textsOf(value).map(text => text.length)), 0))
  const words = values.find(value => typeof value === 'object' && value.isWords)
  const whole = joinValues(values)
  if (typeof words !== 'object' || values.length === 1) return whole
  const {perhaps: _, ...rest} = words
  return {...rest, ...(typeof whole === 'object' && whole.perhaps ? {perhaps: whole.perhaps} : {})}
}
