import {directoryOf} from '../../lib/paths.ts'
import {sortByName} from '../../lib/tar-name.ts'
import {anyOr} from '../world/value.ts'
import {hasOneOrder} from './collation.ts'
import {isAlmquist} from './dialect.ts'
import {matchFiles} from './match-files.ts'
import type {PatternPiece} from './pattern.ts'
import type {ShellState, Value} from './state.ts'

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
  const {found, isOpen} = await matchFiles(pieces, {
    budget: state.budget,
    look: (operator, path) => state.look(operator, path, state),
    list: directory => state.list(directory, state),
  })
  // Nobody makes a file that is called as an option is.
  if (isOpen && !(found.length === 0 && pieces[0]?.text.startsWith('-'))) return [open(found)]
  // A directory that a script goes through is there for what the run puts into it.
  if (found.length === 0) return isWritten && (await state.look('-d', below, state)) === 'success' ? [open([])] : none
  const sorted = sortByName([...found], path => path)
  return hasOneOrder(sorted, state) ? sorted : [open(sorted)]
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

/** In other shells, and after a command that may have set an option, it is not known what matches. */
function knowsRules(state: ShellState): boolean {
  if (state.opaque || !state.knowsPatterns || state.dialect === undefined) return false
  return isAlmquist(state.dialect) || !['BASHOPTS', 'GLOBIGNORE', 'GLOBSORT'].some(name => state.vars.has(name))
}
