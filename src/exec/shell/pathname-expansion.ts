import {directoryOf} from '../../lib/paths.ts'
import {sortByName} from '../../lib/tar-name.ts'
import {anyOr} from '../world/value.ts'
import {hasOneOrder} from './collation.ts'
import {matchesPattern, type PatternPiece} from './pattern.ts'
import {isAlmquist, type ShellState, type Value} from './state.ts'

/** More matches are not distinguished. */
const MAX_MATCHES = 256

/** What a name takes to be matched, in steps of work. */
const NAME = 20

/** One pattern that is being looked for. */
interface Search {
  readonly state: ShellState
  readonly found: string[]
  /** Whether only the run knows all matches. */
  isOpen: boolean
}

/**
 * Pathname expansion of one field, XCU 2.6.6 and 2.14.3: the files that it matches, in the order of the shell, or what
 * `none` says without any. `isWritten` of a pattern in the text of the script, not in a value. Where only the run knows
 * all matches: a value that is any number of words.
 */
export async function expandPathname(
  pieces: readonly PatternPiece[],
  state: ShellState,
  {text, none, isWritten}: {readonly text: string; readonly none: readonly string[]; readonly isWritten: boolean},
): Promise<readonly Value[]> {
  const below = directoryOfPattern(pieces)
  const open = (known: readonly string[]): Value => ({...anyOr(known, text), isWords: true, below})
  if (!knowsRules(state) || pieces.some(piece => !piece.literal && piece.text.includes('\\'))) {
    // Where nothing can match, nothing does.
    return (await state.look('-d', below, state)) === 'failure' ? none : [open([])]
  }
  const search: Search = {state, found: [], isOpen: false}
  await matchFrom('', componentsOf(pieces), search)
  const {found, isOpen} = search
  // Nobody makes a file that is called as an option is.
  if (isOpen && !(found.length === 0 && pieces[0]?.text.startsWith('-'))) return [open(found)]
  // A directory that a script goes through is there for what the run puts into it.
  if (found.length === 0) return isWritten && (await state.look('-d', below, state)) === 'success' ? [open([])] : none
  const sorted = sortByName(found, path => path)
  return hasOneOrder(sorted, state) ? sorted : [open(sorted)]
}

/** Whether pieces are looked for among the files. */
export function isPattern(pieces: readonly PatternPiece[]): boolean {
  return /[*?]|\[.+\]/s.test(pieces.map(({text, literal}) => (literal ? 'x' : text)).join(''))
}

/** The directory that all matches of a pattern are in, or below. */
export function directoryOfPattern(pieces: readonly PatternPiece[]): string {
  let known = ''
  for (const {text, literal} of pieces) {
    const at = literal ? -1 : text.search(/[*?[]/)
    known += at < 0 ? text : text.slice(0, at)
    if (at >= 0) break
  }
  return known.includes('/') ? directoryOf(known) : '.'
}

/** Of another shell, and after what may have set an option, nobody knows what matches. */
function knowsRules(state: ShellState): boolean {
  if (state.opaque || !state.knowsPatterns || state.dialect === undefined) return false
  return isAlmquist(state.dialect) || !['BASHOPTS', 'GLOBIGNORE', 'GLOBSORT'].some(name => state.vars.has(name))
}

function componentsOf(pieces: readonly PatternPiece[]): readonly (readonly PatternPiece[])[] {
  const components: PatternPiece[][] = [[]]
  for (const {text, literal} of pieces) {
    for (const [index, part] of text.split('/').entries()) {
      if (index > 0) components.push([])
      if (part !== '') components.at(-1)?.push({text: part, literal})
    }
  }
  return components
}

async function matchFrom(
  prefix: string,
  [component, ...rest]: readonly (readonly PatternPiece[])[],
  search: Search,
): Promise<void> {
  if (!component) return
  const {state} = search
  const behind = rest.length > 0 ? '/' : ''
  if (!isPattern(component)) {
    const path = prefix + component.map(({text}) => text).join('') + behind
    if (rest.length > 0) return matchFrom(path, rest, search)
    if (await exists(path, search)) search.found.push(path)
    return
  }
  const {names, isOpen} = await state.list(prefix === '' ? '.' : prefix, state)
  const isHidden = component[0]?.text.startsWith('.') === true
  // Whether `.` and `..` are matched differs from release to release.
  search.isOpen ||= isOpen || isHidden
  for (const name of names) {
    state.budget.charge('work', NAME + name.length)
    if (name.startsWith('.') && !isHidden) continue
    const isMatch = isAscii(name) ? matchesPattern(component, name, state.budget) : undefined
    if (isMatch === undefined || search.found.length >= MAX_MATCHES) {
      search.isOpen = true
      return
    }
    if (!isMatch) continue
    if (rest.length === 0) search.found.push(prefix + name)
    else if (await isDirectory(prefix + name, search)) await matchFrom(prefix + name + behind, rest, search)
  }
}

async function exists(path: string, search: Search): Promise<boolean> {
  if (path.endsWith('/')) return isDirectory(path.slice(0, -1), search)
  for (const operator of ['-e', '-L']) {
    const status = await search.state.look(operator, path, search.state)
    if (status === 'success') return true
    if (status === 'unknown') search.isOpen = true
  }
  return false
}

async function isDirectory(path: string, search: Search): Promise<boolean> {
  const status = await search.state.look('-d', path, search.state)
  if (status === 'unknown') search.isOpen = true
  return status === 'success'
}

/** What a byte is, and what a character, is the same in all locales. */
function isAscii(name: string): boolean {
  return /^[\0-\x7f]*$/.test(name)
}
