import {isAlmquist} from './dialect.ts'
import type {ShellState} from './state.ts'

/** Locales in which strings are compared by their bytes, or by their code points, which is the same in UTF-8. */
const BY_BYTES = new Set(['', 'C', 'POSIX', 'C.UTF-8', 'C.utf8'])

/**
 * Whether sorted strings are in that order whatever the collation of the shell's locale is. dash and ash of busybox
 * compare bytes; bash asks strcoll(3). In all locales of glibc digits and the letters of one case have the order that
 * they have in ASCII.
 */
export function hasOneOrder(sorted: readonly string[], state: ShellState): boolean {
  if (isAlmquist(state.dialect) || sorted.length < 2) return true
  const values = ['LC_ALL', 'LC_COLLATE', 'LANG'].map(name => state.vars.get(name) ?? '')
  const locale = values.find(value => value !== '') ?? ''
  if (typeof locale === 'string' && BY_BYTES.has(locale)) return true
  return sorted.slice(1).every((text, index) => differsByRank(sorted[index] ?? '', text))
}

function differsByRank(one: string, other: string): boolean {
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  const pair = `${one[at] ?? ''}${other[at] ?? ''}`
  return pair.length < 2 || /^(?:\d\d|[a-z]{2})$/.test(pair)
}
