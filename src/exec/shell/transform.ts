import type {Budget} from '../budget.ts'
import {mapValue, type Value} from '../world/value.ts'
import {evaluateArithmetic} from './arithmetic.ts'
import type {Dialect} from './dialect.ts'
import {matchesPattern, type PatternPiece, removeMatch} from './pattern.ts'
import type {ShellState} from './state.ts'
import {readVariable} from './variables.ts'

/**
 * The parameter expansions that bash adds to those of XCU 2.6.2, and `${#name}`, by their text: lengths, substrings,
 * substitutions, cases. Undefined for one that is not read.
 */
export function transformParameter(text: string, state: ShellState): Value | undefined {
  const inside = /^\$\{(.*)\}$/s.exec(text)?.[1]
  if (inside === undefined) return undefined
  const length = /^#([A-Za-z_]\w*|[1-9]\d*)$/.exec(inside)?.[1]
  if (length !== undefined) return mapRead(state, length, value => String([...value].length))
  const [, name = '', operator = '', rest = ''] =
    /^([A-Za-z_]\w*|[1-9]\d*)(:(?![-=+?])|\/\/|\/#|\/%|\/|\^\^|\^|,,|,)(.*)$/s.exec(inside) ?? []
  switch (operator) {
    case ':':
      return substring(state, name, rest)
    case '/':
    case '//':
    case '/#':
    case '/%':
      return substitution(state, name, operator, rest)
    case '^^':
    case ',,':
      if (rest !== '') return undefined
      return mapRead(
        state,
        name,
        value => ascii(value) && (operator === '^^' ? value.toUpperCase() : value.toLowerCase()),
      )
    case '^':
    case ',': {
      if (rest !== '') return undefined
      const change = (first: string) => (operator === '^' ? first.toUpperCase() : first.toLowerCase())
      return mapRead(state, name, value => ascii(value) && change(value.slice(0, 1)) + value.slice(1))
    }
    default:
      return undefined
  }
}

/** A parameter expansion that a shell does not have ends it: dash has those of XCU 2.6.2 only. */
export function isBadSubstitution(text: string, dialect: Dialect | undefined): boolean {
  const inside = /^\$\{(.*)\}$/s.exec(text)?.[1]
  if (inside === undefined || /^#\w+$/.test(inside)) return false
  if (dialect === 'ash') return /^!|^\w+(\[|\^|,|@)/.test(inside)
  return dialect === 'dash'
}

function ascii(value: string): string | undefined {
  return /^[\x20-\x7e]*$/.test(value) ? value : undefined
}

function mapRead(state: ShellState, name: string, change: (value: string) => string | undefined): Value | undefined {
  const value = /^\d/.test(name) ? state.params?.[Number(name) - 1] : readVariable(state, name)
  return value === undefined
    ? state.params === undefined && /^\d/.test(name)
      ? undefined
      : mapValue('', change)
    : mapValue(value, change)
}

/** `${name:offset}`, `${name:offset:length}`. */
function substring(state: ShellState, name: string, text: string): Value | undefined {
  const variables = {read: (other: string) => readVariable(state, other), set: () => {}}
  const [offset = '', length, ...rest] = text.split(':')
  if (rest.length > 0 || /[?]/.test(text)) return undefined
  const from = evaluateArithmetic(offset, variables)
  const count = length === undefined ? undefined : evaluateArithmetic(length, variables)
  if (typeof from !== 'bigint' || (length !== undefined && typeof count !== 'bigint')) return undefined
  return mapRead(state, name, value => {
    const characters = [...value]
    const start = Number(from) < 0 ? characters.length + Number(from) : Number(from)
    if (start < 0 || start > characters.length) return ''
    if (count === undefined) return characters.slice(start).join('')
    const end = Number(count) < 0 ? characters.length + Number(count) : start + Number(count)
    // bash fails where the end is before the start.
    return end < start ? undefined : characters.slice(start, end).join('')
  })
}

/** `${name/pattern/string}` with a pattern and a string in plain letters. */
function substitution(state: ShellState, name: string, operator: string, text: string): Value | undefined {
  if (/[$`"'\\&]/.test(text)) return undefined
  const slash = text.indexOf('/')
  const pattern: PatternPiece[] = [{text: slash < 0 ? text : text.slice(0, slash), literal: false}]
  const replacement = slash < 0 ? '' : text.slice(slash + 1)
  if (pattern[0]?.text === '') return undefined
  return mapRead(state, name, value => replaced(value, operator, pattern, replacement, state.budget))
}

function replaced(
  value: string,
  operator: string,
  pattern: readonly PatternPiece[],
  replacement: string,
  budget: Budget,
): string | undefined {
  if (operator === '/#' || operator === '/%') {
    const rest = removeMatch(value, operator === '/#' ? '##' : '%%', pattern, budget)
    if (rest === undefined || (rest === value && !matchesPattern(pattern, '', budget))) return rest
    return operator === '/#' ? replacement + rest : rest + replacement
  }
  // The longest match at each place, from the left.
  budget.charge('work', value.length ** 2)
  let out = ''
  for (let at = 0; at < value.length; ) {
    const rest = removeMatch(value.slice(at), '##', pattern, budget)
    if (rest === undefined) return undefined
    const matched = value.length - at - rest.length
    if (matched === 0) {
      out += value[at] ?? ''
      at++
      continue
    }
    out += replacement
    at += matched
    if (operator === '/') return out + value.slice(at)
  }
  return out
}
