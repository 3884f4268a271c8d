import type {Budget} from '../budget.ts'
import type {VisibleNames} from '../world/list-names.ts'
import type {Status} from '../world/value.ts'
import {matchesPattern, type PatternPiece} from './pattern.ts'

/** More matches are not distinguished. */
const MAX_MATCHES = 256

/** What a name takes to be matched, in steps of work. */
const NAME = 20

/** The files that a pattern is looked for in, as a process sees them. */
export interface SeenFiles {
  readonly budget: Budget | undefined
  /** What test(1) says of a path. */
  look(operator: string, path: string): Promise<Status>
  list(directory: string): Promise<VisibleNames>
}

/** The files that a pattern matches. */
export interface Matches {
  /** In the order of the directories' names, as their bytes are. */
  readonly found: readonly string[]
  /** Only the run knows all of them. */
  readonly isOpen: boolean
}

interface Search {
  readonly files: SeenFiles
  readonly found: string[]
  isOpen: boolean
}

/** Looks for a pattern in the files, component by component: XCU 2.14.3, glob(3). */
export async function matchFiles(pieces: readonly PatternPiece[], files: SeenFiles): Promise<Matches> {
  const search: Search = {files, found: [], isOpen: false}
  await matchFrom('', componentsOf(pieces), search)
  return search
}

/** Whether pieces are looked for among the files. */
export function isPattern(pieces: readonly PatternPiece[]): boolean {
  return /[*?]|\[.+\]/s.test(pieces.map(({text, literal}) => (literal ? 'x' : text)).join(''))
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
  const {files} = search
  const behind = rest.length > 0 ? '/' : ''
  if (!isPattern(component)) {
    const path = prefix + component.map(({text}) => text).join('') + behind
    if (rest.length > 0) return matchFrom(path, rest, search)
    if (await exists(path, search)) search.found.push(path)
    return
  }
  const {names, isOpen} = await files.list(prefix === '' ? '.' : prefix)
  const isHidden = component[0]?.text.startsWith('.') === true
  // Whether `.` and `..` are matched differs from release to release.
  search.isOpen ||= isOpen || isHidden
  for (const name of names) {
    files.budget?.charge('work', NAME + name.length)
    if (name.startsWith('.') && !isHidden) continue
    const isMatch = isAscii(name) ? matchesPattern(component, name, files.budget) : undefined
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
    const status = await search.files.look(operator, path)
    if (status === 'success') return true
    if (status === 'unknown') search.isOpen = true
  }
  return false
}

async function isDirectory(path: string, search: Search): Promise<boolean> {
  const status = await search.files.look('-d', path)
  if (status === 'unknown') search.isOpen = true
  return status === 'success'
}

/** What a byte is, and what a character, is the same in all locales. */
function isAscii(name: string): boolean {
  return /^[\0-\x7f]*$/.test(name)
}
