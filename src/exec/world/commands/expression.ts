import {type Call, ends, type Outcome} from '../call.ts'
import {mapValue} from '../value.ts'
import {printed} from './print.ts'
import {regularExpression} from './sed-script.ts'

/** Words that GNU's expr takes for more than a text, at the beginning and behind an operator. */
const KEYWORDS: readonly string[] = ['match', 'substr', 'index', 'length', '+', '(', ')', '--']

/** A longer text is not worked on, in characters. */
const MAX_TEXT = 4096

/** `expr A OPERATOR B`, XCU expr: it prints what comes of them, and fails where that is nothing, or zero. */
export async function evaluateExpression(call: Call): Promise<Outcome> {
  const [left, operator, right, ...others] = call.words
  if (left === undefined || typeof operator !== 'string' || typeof right !== 'string' || others.length > 0) {
    return ends(call, 'unknown')
  }
  const result = mapValue(left, text => evaluate(text, operator, right))
  // GNU's expr takes each spelling of zero for it, busybox only one: coreutils src/expr.c, null().
  if (typeof result !== 'string' || /^-0+$|^00+$/.test(result)) return ends(call, 'unknown')
  const isNull = result === '' || result === '0'
  return {...printed(call, `${result}\n`), status: isNull ? 'failure' : 'success'}
}

/** Undefined where it is not known, or an error. */
function evaluate(left: string, operator: string, right: string): string | undefined {
  if (KEYWORDS.includes(left) || KEYWORDS.includes(right)) return undefined
  return operator === ':' ? match(left, right) : calculate(left, operator, right)
}

const GROUP = /^(?<before>(?:[^\\]|\\[^()])*)\\\((?<group>(?:[^\\]|\\[^()])*)\\\)(?<behind>(?:[^\\]|\\[^()])*)$/s

/** The part in `\(…\)` of what a pattern matches from the beginning on; without one, how many characters it matches. */
function match(text: string, pattern: string): string | undefined {
  // What a character is decides the locale.
  if (text.length > MAX_TEXT || !/^\p{ASCII}*$/u.test(text)) return undefined
  const {before = pattern, group, behind = ''} = GROUP.exec(pattern)?.groups ?? {}
  // Inside a pattern these are letters for some, and two stars take long enough.
  if ((group !== undefined && before.endsWith('$')) || (behind !== '' && group?.endsWith('$'))) return undefined
  if (behind.startsWith('^') || pattern.split('*').length > 3) return undefined
  const sources = [before.replace(/^\^/, ''), group ?? '', behind].map(part =>
    part === '' ? '' : regularExpression(part, false),
  )
  if (sources.includes(undefined) || sources[0]?.startsWith('^')) return undefined
  const found = new RegExp(`^${sources[0]}(${sources[1]})${sources[2]}`, 's').exec(text)
  return group === undefined ? String(found?.[0].length ?? 0) : (found?.[1] ?? '')
}

const INTEGER = /^-?\d{1,15}$/

function calculate(left: string, operator: string, right: string): string | undefined {
  const [a, b] = [Number(left), Number(right)]
  const isNumeric = INTEGER.test(left) && INTEGER.test(right)
  if (!isNumeric) return operator === '=' || operator === '!=' ? compare(left, operator, right) : undefined
  if (/^(<|<=|=|==|!=|>=|>)$/.test(operator)) return compare(a, operator, b)
  const result = {'+': a + b, '-': a - b, '*': a * b, '/': Math.trunc(a / b), '%': a % b}[operator]
  return result === undefined || !Number.isSafeInteger(result) ? undefined : String(result)
}

function compare<T>(a: T, operator: string, b: T): string {
  const holds: Readonly<Record<string, boolean>> = {
    '<': a < b,
    '<=': a <= b,
    '=': a === b,
    '==': a === b,
    '!=': a !== b,
    '>=': a >= b,
    '>': a > b,
  }
  return holds[operator] ? '1' : '0'
}
