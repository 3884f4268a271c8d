import {fail, ok, type Result} from '../lib/result.ts'

/** More than any hand writes; what is longer could keep a regular expression busy for hours. */
const VALUE_LIMIT = 2048
const STARS_LIMIT = 4

/** The value without what the pattern matches at its start: `${X#…}`, greedy `${X##…}`. */
export function removePrefix(value: string, pattern: string, isGreedy: boolean): Result<string> {
  const expression = compile(value, pattern, isGreedy, '^')
  if (!expression.ok) return expression
  return ok(value.slice(expression.value.exec(value)?.[0].length ?? 0))
}

/**
 * The same at its end: `${X%…}`, greedy `${X%%…}`. Both are read backwards: a regular
 * expression finds the first match, not the last.
 */
export function removeSuffix(value: string, pattern: string, isGreedy: boolean): Result<string> {
  const removed = removePrefix(reverse(value), reversePattern(pattern), isGreedy)
  return removed.ok ? ok(reverse(removed.value)) : removed
}

/** The value with the first match, or all, replaced: `${X/…/…}`, `${X//…/…}`. */
export function replacePattern(value: string, pattern: string, replacement: string, all: boolean): Result<string> {
  const expression = compile(value, pattern, true, '')
  if (!expression.ok) return expression
  const {source, flags} = expression.value
  return ok(value.replace(new RegExp(source, all ? `${flags}g` : flags), () => replacement))
}

/** `?` is one character, `*` any number of them; there are no brackets. */
function compile(value: string, pattern: string, isGreedy: boolean, anchor: '^' | ''): Result<RegExp> {
  if (value.length > VALUE_LIMIT || (pattern.match(/\*/g) ?? []).length > STARS_LIMIT) {
    return fail(`the pattern (${pattern.slice(0, 80)}) is too long to be tried`)
  }
  let source: string = anchor
  const characters = Array.from(pattern)
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] ?? ''
    if (character === '*') source += isGreedy ? '.*' : '.*?'
    else if (character === '?') source += '.'
    else if (character === '\\') {
      const escaped = characters[index + 1]
      // `}` and `/` had to be escaped to stand in `${}`: the escape is not part of the pattern.
      if (escaped === '}' || escaped === '/') continue
      if (escaped !== '*' && escaped !== '?' && escaped !== '\\') {
        return fail(`invalid pattern (${pattern}) in substitution: invalid escape '\\${escaped ?? ''}'`)
      }
      source += `\\${escaped}`
      index++
    } else source += /[[\]{}.+()|^$/]/.test(character) ? `\\${character}` : character
  }
  return ok(new RegExp(source, 'u'))
}

function reverse(text: string): string {
  return Array.from(text).reverse().join('')
}

/** An escape stays before what it escapes: `a\*c` becomes `c\*a`. */
function reversePattern(pattern: string): string {
  const pieces = pattern.match(/\\[\s\S]|[\s\S]/gu) ?? []
  return pieces.reverse().join('')
}
