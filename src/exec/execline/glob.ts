import {sortByName} from '../../lib/tar-name.ts'
import {isPattern, matchFiles, type SeenFiles} from '../shell/match-files.ts'
import {directoryOfPattern} from '../shell/pathname-expansion.ts'
import {absolutePath} from '../world/call.ts'
import {listNames} from '../world/list-names.ts'
import {testFile} from '../world/test-file.ts'
import type {Unknown, Value} from '../world/value.ts'
import {type Chain, ChainProblem} from './chain.ts'
import {hasLetter, type Options} from './options.ts'
import type {Substitution} from './substitute.ts'

/**
 * What a pattern of `elglob` stands for, https://skarnet.org/software/execline/elglob.html: what glob(3) finds, sorted
 * with `-s`, otherwise in the order of the directory, which is not known; the pattern itself where nothing matches,
 * with `-0` no word. With `-d`, which older releases do not know, one word.
 */
export async function globbed(chain: Chain, options: Options, pattern: Value): Promise<Substitution> {
  if (typeof pattern === 'object') return hasLetter(options, 'd') ? [{unknown: pattern.unknown}] : undefined
  const pieces = [{text: pattern, literal: false}]
  const below = absolutePath({cwd: chain.process.cwd}, `${directoryOfPattern(pieces)}/`)
  const open: Unknown = {unknown: pattern, ...(below === undefined ? {} : {below})}
  if (hasLetter(options, 'd')) return [open]
  // Where a backslash stands, one C library takes it away from what matches nothing, and another does not.
  if (pattern.includes('\\') || hasLetter(options, 'n') || chain.process.unknownCwd) return undefined
  const files = filesOf(chain)
  if (hasLetter(options, 'w') && isPattern(pieces) && !(await isReadable(pattern, files)))
    throw new ChainProblem('unknown', 'ends where a directory cannot be read')
  const {found, isOpen} = await matchFiles(pieces, files)
  if (isOpen) return undefined
  const none = hasLetter(options, '0') ? [] : [pattern]
  if (found.length === 0) {
    // A directory that a script goes through is there for what the run puts into it.
    const isEmpty = isPattern(pieces) && (await files.look('-d', directoryOfPattern(pieces))) !== 'failure'
    return isEmpty ? undefined : none
  }
  const marked = hasLetter(options, 'm') ? await markDirectories(found, files) : found
  if (marked === undefined) return undefined
  if (marked.length === 1 || hasLetter(options, 's')) return sortByName([...marked], path => path)
  return marked.map(() => open)
}

/** Whether all directories are that a pattern is looked for in: one, which is there. */
async function isReadable(pattern: string, files: SeenFiles): Promise<boolean> {
  const directory = directoryOfPattern([{text: pattern, literal: false}])
  if (/[*?[].*\//s.test(pattern)) return false
  return (await files.look('-d', directory)) === 'success' && (await files.look('-r', directory)) === 'success'
}

function filesOf({process, runner: {view}}: Chain): SeenFiles {
  return {
    budget: view.world.budget,
    look: (operator, path) => testFile(view, process, operator, path),
    list: directory => listNames(view, process, directory),
  }
}

/** With a slash behind each directory; undefined where it is not known of all whether they are. */
async function markDirectories(found: readonly string[], files: SeenFiles): Promise<readonly string[] | undefined> {
  const kinds = await Promise.all(found.map(path => files.look('-d', path)))
  if (kinds.includes('unknown')) return undefined
  return found.map((path, at) => (kinds[at] === 'success' && !path.endsWith('/') ? `${path}/` : path))
}
